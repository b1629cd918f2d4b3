import Foundation
import Journal
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

    @Test("faults that chance chose find something to bite")
    func faults() {
        var bites = 0
        for seed in UInt64(1)...60 where bites < 10 {
            let play = RandomPlay(seed: seed)
            guard play.text.contains("fault: {") else { continue }
            let events = Sweep.record(of: play).journal.events().events
            bites += events.count { $0.kind == .fault }
        }
        #expect(bites >= 10)
    }

    private static let folder = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Fixtures/seeds")

    static let names: [String] =
        ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).sorted()

    @Test("something is kept")
    func some() {
        #expect(!Self.names.isEmpty)
    }

    @Test("what once went wrong holds", .serialized, arguments: names)
    func kept(name: String) throws {
        let path = Self.folder.appending(path: name).path
        let file = try ScenarioFile.load(path: path)
        let seed = try #require(
            name.firstMatch(of: /^(\d+)-[a-z0-9-]+\.yaml$/)?.output.1, "\(name)")
        #expect(UInt64(seed) == file.seed && file.isByChance, "\(name)")
        #expect(file.about?.contains("made by chance") == false, "\(name): why is it kept?")
        let run = ScenarioRun(playing: file, path: name)
        if !run.isGood { Issue.record("\(run.text)") }
    }

    /// A few, one after the other: the tests beside them want the processors, too. `make sweep`
    /// plays two thousand.
    @Test("the first seeds hold", .serialized, arguments: UInt64(1)...30)
    func holds(seed: UInt64) {
        guard case .violated(let play, let violation) = Sweep.outcome(ofSeed: seed) else { return }
        let small = Sweep.shrink(play, violation, limit: 150)
        Issue.record("seed \(seed): \(small.violation)\n\(small.play.text)")
    }
}
