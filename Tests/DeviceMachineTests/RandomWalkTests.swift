import Testing

@Suite struct RandomWalkTests {
    @Test("whatever happens, every message has exactly one outcome in a life", arguments: 1...12)
    func randomWalk(seed: UInt64) throws {
        var walk = try RandomWalk(seed: seed)
        let ledger = try walk.run(steps: 4_000)
        // Otherwise the walk has proved little.
        #expect(ledger.outcomes > 300, "seed \(seed)")
        #expect(ledger.lives > 5, "seed \(seed)")
        #expect(ledger.refusedForLimit > 0, "seed \(seed)")
        #expect(ledger.widestWindow > 20, "seed \(seed)")
    }
}
