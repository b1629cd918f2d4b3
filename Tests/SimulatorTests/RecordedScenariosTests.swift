import Foundation
import Journal
import Scenario
import Simulator
import Testing

/// Plays in virtual time of which only the relay's journal is known.
@Suite("Whatever a relay saw is a scenario that plays green", .serialized)
struct RecordedScenariosTests {
    /// The shipped play, what its relay saw, and a play of that.
    private func rehearsed(
        _ name: String
    ) throws -> (recording: ScenarioRecording, again: ScenarioRun) {
        let seen = ScenarioRun(playing: try ShippedScenarioTests.file(name), path: "play.yaml")
            .evidence.events.filter(\.isOfRelay)
        var recording = ScenarioRecording(seen)
        let failure = try recording.rehearse { ScenarioRun(playing: $0, path: "recorded.yaml") }
        #expect(failure == nil)
        let file = try ScenarioFile.read(recording.text(name: "recorded"), path: "recorded.yaml")
        return (recording, ScenarioRun(playing: file, path: "recorded.yaml"))
    }

    /// Those below excepted.
    private static let others = ShippedScenarioTests.names.filter { name in
        !["006", "012", "104", "108", "127", "204"].contains { name.hasPrefix($0) }
    }

    @Test("every shipped play", arguments: others)
    func shipped(name: String) throws {
        let (_, again) = try rehearsed(name)
        if !again.isGood { Issue.record("\(again.text)") }
    }

    @Test(
        "what every message came to, after as many attempts",
        arguments: [
            // A relay that is gone, and devices that come back when they came back.
            ("006-the-relay-is-down.yaml", 20),
            // Uploads that a library made again by itself.
            ("012-the-link-breaks-while-sending.yaml", 3),
            // An app server that stopped reading: some are written otherwise, as delays had jitter.
            ("104-a-listener-dead-overnight.yaml", 40),
            ("127-a-crash-before-the-ack.yaml", 1),
        ])
    func attempts(_ play: (name: String, least: Int)) throws {
        let (recording, again) = try rehearsed(play.name)
        #expect(recording.unmet == 0)
        if !again.isGood { Issue.record("\(again.text)") }
        let counted = again.file.expectations.filter { expectation in
            guard case .outcome(let outcome) = expectation.claim else { return false }
            return outcome.attempts != nil
        }
        #expect(counted.count >= play.least, "\(counted.count)")
    }

    @Test("more messages than a scenario has expectations are counted together")
    func many() throws {
        let (recording, again) = try rehearsed("108-nothing-is-left-over.yaml")
        #expect(recording.unmet == 0 && again.isGood)
        #expect(
            again.file.expectations.map(\.sentence).sorted() == [
                "an event with event=message.state and state=settled and direction=downstream, "
                    + "500 times",
                "an event with event=message.state and state=settled and direction=upstream, "
                    + "1000 times",
            ])
    }

    @Test("what a play does not show is left out, and said")
    func unmet() throws {
        // A power cut is a crash for all that a journal says.
        let (recording, again) = try rehearsed("204-client-does-not-survive-a-restart.yaml")
        #expect(recording.unmet > 0 && again.isGood)
        #expect(recording.unmetText.hasPrefix("Left out: \(recording.unmet) messages that"))
        #expect(again.verdicts.count + recording.unmet == 5)
    }
}

extension JournalEvent {
    /// Whether a relay alone would have it in its journal.
    fileprivate var isOfRelay: Bool {
        let kind = kind.rawValue
        if kind.hasPrefix("process.") { return actor == .relay }
        return !["app.", "app-server.", "device.o", "scenario.", "upstream.received"].contains {
            kind.hasPrefix($0)
        }
    }
}
