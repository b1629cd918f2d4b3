import Testing

/// Every rule of the way down at once: what must hold whatever happens.
struct DownstreamWalkTests {
    @Test(
        "Whatever happens, each request has one answer, and what was taken arrives, once confirmed",
        arguments: UInt64(1)...8, [1, 1_000])
    func walk(seed: UInt64, reluctance: Int) {
        let walk = DownstreamWalk(seed: seed, reluctance: reluctance)
        for step in 0..<(reluctance > 1 ? 8_000 : 2_000) {
            walk.step()
            guard walk.ledger.violations.isEmpty else {
                Issue.record("seed \(seed), step \(step): \(walk.ledger.violations)")
                return
            }
        }
        walk.finish()
        #expect(walk.ledger.violations.isEmpty, "seed \(seed), at the end")
        if reluctance > 1 {
            #expect(walk.dropped > 100, "a walk without full mailboxes proves little")
        }
    }

    @Test("A walk repeats to the word for its seed")
    func repeats() {
        let walks = [DownstreamWalk(seed: 9), DownstreamWalk(seed: 9)]
        for walk in walks { for _ in 0..<500 { walk.step() } }
        #expect(walks[0].journal.count > 100)
        #expect(walks[0].journal == walks[1].journal)
    }
}
