import Scenario
import Simulator
import Testing

@Suite("Plays by chance keep what must hold")
struct SweepTests {
    @Test("the same seed is the same play, and every play can be read")
    func plays() throws {
        for seed in UInt64(1)...200 {
            let play = RandomPlay(seed: seed)
            #expect(play.text == RandomPlay(seed: seed).text)
            _ = try ScenarioFile.read(play.text, path: "seed \(seed)")
        }
    }

    @Test("the first seeds hold", arguments: UInt64(1)...200)
    func holds(seed: UInt64) {
        guard case .violated(let play, let violation) = Sweep.outcome(ofSeed: seed) else { return }
        let small = Sweep.shrink(play, violation, limit: 150)
        Issue.record("seed \(seed): \(small.violation)\n\(small.play.text)")
    }
}
