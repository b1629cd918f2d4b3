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
            ("001-a-message-reaches-its-app-server", 5, 10),
            // Delays of a second: on a starved machine a faster play would be seconds late.
            ("002-third-attempt-is-acknowledged", 10, 4),
            ("124-an-ack-on-the-other-connection", 10, 10),
            ("127-a-crash-before-the-ack", 10, 10),
            ("202-client-stays-away-after-a-disconnect", 5, 10),
            ("120-sent-again-under-another-id", 5, 10),
            ("121-unanswered-and-sent-again", 5, 10),
            ("123-a-receipt-acked-without-its-prefix", 5, 10),
        ])
    func again(_ play: (name: String, quiet: Int, timeScale: Int)) async throws {
        var file = try Shipped.file(play.name)
        file.ending.quiet = .seconds(play.quiet)
        let live = try await LivePlay(timeScale: play.timeScale, trust: trust.trust)
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

    @Test(
        "a play in virtual time gives the same story: an ACK that was dropped, a message that expired",
        arguments: ["101-a-lost-ack-makes-a-duplicate", "130-expired-in-the-relay"])
    func virtual(name: String) throws {
        let seen = ScenarioRun(playing: try Shipped.file(name), path: "play.yaml")
            .evidence.events.filter(\.isOfRelay)
        let text = ScenarioRecording(seen).text(name: "recorded")
        let run = ScenarioRun(
            playing: try ScenarioFile.read(text, path: "recorded.yaml"), path: "recorded.yaml")
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
        #expect(
            text.contains("# Left out: 1 requests of app servers, to topics, groups"), "\(text)")
        let file = try ScenarioFile.read(text, path: "recorded.yaml")
        #expect(file.name == "what: \"came\"")
        let run = ScenarioRun(playing: file, path: "recorded.yaml")
        if !run.isGood { Issue.record("\(run.text)\n\(text)") }
        #expect(run.evidence.events.contains { $0.messageID?.text == "a: \"b\" #c" })
    }

    @Test("a journal that had forgotten its beginning begins with who was there")
    func forgotten() throws {
        let journal = """
            {"n":71,"ts":"2026-01-01T00:00:02.000000000Z","actor":"device 7","event":"upload","connection":4,"upload":"u","message_id":"m-1","sender_id":"4711","category":"com.example.demo","direction":"upstream"}
            {"n":72,"ts":"2026-01-01T00:00:02.100000000Z","actor":"relay","event":"message.state","state":"queued","cause":71,"message":1,"message_id":"m-1","from":"t","sender_id":"4711","category":"com.example.demo","direction":"upstream"}
            {"n":73,"ts":"2026-01-01T00:00:02.100000000Z","actor":"relay","event":"upstream.stanza","state":"in-flight","cause":72,"connection":2,"attempt":1,"message":1,"message_id":"m-1","from":"t","sender_id":"4711","category":"com.example.demo","direction":"upstream"}
            {"n":74,"ts":"2026-01-01T00:00:02.200000000Z","actor":"app-server","event":"upstream.ack","connection":2,"cause":73,"message":1,"message_id":"m-1","from":"t","sender_id":"4711","direction":"upstream"}
            {"n":75,"ts":"2026-01-01T00:00:02.200000000Z","actor":"relay","event":"message.state","state":"settled","connection":2,"cause":74,"message":1,"message_id":"m-1","from":"t","sender_id":"4711","category":"com.example.demo","direction":"upstream"}

            """
        let recording = ScenarioRecording(
            try JournalEvent.events(inLines: Array(journal.utf8)))
        #expect(recording.forgotten == 70)
        let text = recording.text(name: "the end of a day")
        #expect(text.contains("# The journal begins with event 71"), "\(text)")
        let run = ScenarioRun(
            playing: try ScenarioFile.read(text, path: "recorded.yaml"), path: "recorded.yaml")
        if !run.isGood { Issue.record("\(run.text)\n\(text)") }
    }

    @Test("each life of a relay counts its events from 1, and the journal tells them apart")
    func lives() throws {
        let life = { (id: String, device: Int, second: Int) in
            """
            {"n":1,"ts":"2026-01-01T00:00:0\(second).000000000Z","actor":"relay","event":"process.started"}
            {"n":2,"ts":"2026-01-01T00:00:0\(second).100000000Z","actor":"device \(device)","event":"connection.bound","connection":1}
            {"n":3,"ts":"2026-01-01T00:00:0\(second).200000000Z","actor":"device \(device)","event":"upload","connection":1,"upload":"u","message_id":"\(id)","sender_id":"4711","category":"com.example.demo","direction":"upstream"}
            {"n":4,"ts":"2026-01-01T00:00:0\(second).300000000Z","actor":"relay","event":"message.state","state":"queued","cause":3,"message":\(device),"message_id":"\(id)","from":"t\(device)","sender_id":"4711","category":"com.example.demo","direction":"upstream"}

            """
        }
        let recording = ScenarioRecording(
            try JournalEvent.events(
                inLines: Array((life("m-1", 7, 1) + life("m-2", 8, 3)).utf8)))
        let text = recording.text(name: "two lives")
        #expect(text.contains("    phone: {sends: {id: \"m-1\"}}"), "\(text)")
        #expect(text.contains("    phone-2: {sends: {id: \"m-2\"}}"), "\(text)")
        let run = ScenarioRun(
            playing: try ScenarioFile.read(text, path: "recorded.yaml"), path: "recorded.yaml")
        if !run.isGood { Issue.record("\(run.text)\n\(text)") }
    }

    @Test("delays are the shortest that were seen, and have a bound if they grew no further")
    func retry() throws {
        let timer = { (attempt: Int, message: Int, delay: String) in
            """
            {"n":1,"ts":"2026-01-01T00:00:01.000000000Z","actor":"relay","event":"timer.set","attempt":\(attempt),"message":\(message),"delay":"\(delay)"}

            """
        }
        var journal = timer(1, 1, "10.5s") + timer(1, 2, "10s") + timer(2, 1, "20s")
        let text = { (journal: String) in
            ScenarioRecording(try JournalEvent.events(inLines: Array(journal.utf8)))
                .text(name: "retries")
        }
        #expect(try text(journal).contains("{first: 10000ms, factor: 2.0, jitter: 0}"))
        journal += timer(3, 1, "33s") + timer(4, 1, "30s") + timer(5, 1, "30s")
        #expect(
            try text(journal)
                .contains("{first: 10000ms, factor: 2.0, longest: 30000ms, jitter: 0}"))
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

/// What became of messages up and down, in the order in which the relay took them.
private struct Story: Equatable {
    private var lines: [String] = []

    init(_ events: [JournalEvent]) {
        var messages: [(number: Int64, id: String, attempts: Int, settles: Int)] = []
        for event in events where event.kind != .delivery {
            guard let number = event.message, let id = event.messageID else { continue }
            let known = messages.firstIndex { $0.number == number }
            if known == nil { messages.append((number, id.text, 0, 0)) }
            let index = known ?? messages.count - 1
            if [.upstreamStanza, .receipt].contains(event.kind) { messages[index].attempts += 1 }
            if event.kind == .messageState, event.state == .settled { messages[index].settles += 1 }
        }
        lines = messages.map { "\($0.id): \($0.attempts) attempts, \($0.settles) settles" }
    }
}
