import CloudMessaging
import Foundation
import Journal
import LiveDriver
import Scenario
import Simulator
import Testing

@Suite("What a live relay saw plays again in virtual time", .serialized)
struct RecordingTests {
    private let trust: TemporaryTrust

    init() throws {
        trust = try TemporaryTrust()
    }

    @Test(
        "the same story: attempts, and what every message came to",
        arguments: [
            ("001-a-message-reaches-its-app-server", 5),
            ("002-third-attempt-is-acknowledged", 10),
            ("124-an-ack-on-the-other-connection", 10),
            ("127-a-crash-before-the-ack", 10),
            ("202-client-stays-away-after-a-disconnect", 5),
        ])
    func again(name: String, quiet: Int) async throws {
        var file = try Shipped.file(name)
        file.ending.quiet = .seconds(quiet)
        let live = try await LivePlay(timeScale: 10, trust: trust.trust)
            .run(file, path: "play.yaml")
        #expect(live.isGood)
        let seen = live.evidence.events.filter(\.isOfRelay)
        let recording = ScenarioRecording(seen)
        let text = recording.text(name: "recorded")
        let again = try ScenarioFile.read(text, path: "recorded.yaml")
        #expect(!again.expectations.isEmpty)
        let run = ScenarioRun(playing: again, path: "recorded.yaml")
        if !run.isGood { Issue.record("\(run.text)\n\(text)") }
        #expect(Story(run.evidence.events) == Story(seen), "\(text)")
    }

    @Test("texts of peers are quoted, and what is not recorded is said")
    func quoted() throws {
        let journal = """
            {"n":1,"ts":"2026-01-01T00:00:00.000000000Z","actor":"relay","event":"process.started"}
            {"n":2,"ts":"2026-01-01T00:00:01.000000000Z","actor":"device 7","event":"connection.bound","connection":1}
            {"n":3,"ts":"2026-01-01T00:00:02.000000000Z","actor":"device 7","event":"upload","connection":1,"upload":"u","message_id":"a: \\"b\\" #c","sender_id":"4711","category":"com.example.demo","direction":"upstream","data":{"k: [":"v}"}}
            {"n":4,"ts":"2026-01-01T00:00:02.100000000Z","actor":"relay","event":"message.state","state":"queued","cause":3,"message":1,"message_id":"a: \\"b\\" #c","from":"t","sender_id":"4711","category":"com.example.demo","direction":"upstream"}
            {"n":5,"ts":"2026-01-01T00:00:03.000000000Z","actor":"app-server","event":"downstream.stanza","connection":2,"message_id":"d-1","direction":"downstream"}

            """
        let recording = ScenarioRecording(
            try JournalEvent.events(inLines: Array(journal.utf8)))
        #expect(recording.leftOut == 1)
        let text = recording.text(name: "what: \"came\"")
        #expect(text.contains("# Left out: 1 stanzas of the downstream road and receipts."))
        let file = try ScenarioFile.read(text, path: "recorded.yaml")
        #expect(file.name == "what: \"came\"")
        let run = ScenarioRun(playing: file, path: "recorded.yaml")
        if !run.isGood { Issue.record("\(run.text)\n\(text)") }
        #expect(run.evidence.events.contains { $0.messageID?.text == "a: \"b\" #c" })
    }

    @Test("of nothing nothing is made")
    func nothing() {
        #expect(ScenarioRecording([]).isEmpty)
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

/// What became of the messages of the upstream road, in the order in which the relay took them.
private struct Story: Equatable {
    private var lines: [String] = []

    init(_ events: [JournalEvent]) {
        var messages: [(number: Int64, id: String, attempts: Int, settles: Int)] = []
        for event in events where event.direction == .upstream {
            guard let number = event.message, let id = event.messageID else { continue }
            let known = messages.firstIndex { $0.number == number }
            if known == nil { messages.append((number, id.text, 0, 0)) }
            let index = known ?? messages.count - 1
            if event.kind == .upstreamStanza { messages[index].attempts += 1 }
            if event.kind == .messageState, event.state == .settled { messages[index].settles += 1 }
        }
        lines = messages.map { "\($0.id): \($0.attempts) attempts, \($0.settles) settles" }
    }
}
