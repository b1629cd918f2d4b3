import Testing

/// Every rule at once: what must hold whatever happens.
struct RandomWalkTests {
    @Test(
        "Whatever happens, nothing is lost, nothing settled comes again, and all bounds hold",
        arguments: UInt64(1)...8)
    func walk(seed: UInt64) {
        let walk = RandomWalk(seed: seed)
        for step in 0..<2_000 {
            walk.step()
            guard walk.ledger.violations.isEmpty else {
                Issue.record("seed \(seed), step \(step): \(walk.ledger.violations)")
                return
            }
        }
        walk.finish()
        #expect(walk.ledger.violations.isEmpty, "seed \(seed), at the end")
    }
}
