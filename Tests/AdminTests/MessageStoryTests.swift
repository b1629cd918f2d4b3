import CloudMessaging
import Journal
import Testing

@testable import Nodes
@testable import RelayService

@Suite("Why a message is retried is said in sentences")
struct MessageStoryTests {
    private let sender = SenderID("4711")
    private let token = RegistrationToken("tok:1")
    private let message: UpstreamMessage
    private var journal = Journal()

    init() throws {
        let registration = Registration(
            number: 1, device: DeviceID(7), category: try #require(Category("com.example")),
            token: token, senders: [])
        message = UpstreamMessage(
            key: MessageKey(
                lane: LaneID(sender: SenderNumber(rawValue: 1), index: 0), sequence: 12),
            origin: registration, id: try #require(MessageID("m-17")), data: .empty,
            timeToLive: 60, expiry: .never)
    }

    // MARK: What happened

    @discardableResult
    private mutating func note(
        _ kind: JournalEvent.Kind, _ subject: JournalEvent.Subject = .nothing, attempt: Int? = nil,
        state: MessageState? = nil, cause: UInt64? = nil, delay: Duration? = nil,
        detail: JournalEvent.Detail? = nil
    ) -> UInt64 {
        journal.record(
            JournalEvent(
                kind, at: Instant(nanoseconds: Int64(journal.lastNumber + 1)), by: .relay,
                about: subject, sender: sender, connection: 3, attempt: attempt, state: state,
                cause: cause, delay: delay, detail: detail))
    }

    private mutating func queued() { note(.messageState, .upstream(message), state: .queued) }

    private mutating func sent(attempt: Int = 1) {
        note(.upstreamStanza, .upstream(message), attempt: attempt, state: .inFlight)
    }

    private func explanation(_ phases: [RelayConnection.Phase] = [.bound]) throws -> String {
        try story(phases).explanation
    }

    private func story(_ phases: [RelayConnection.Phase]) throws -> MessageStory {
        var book = MessageBook(limit: 10)
        book.read(journal.events())
        let connections = phases.enumerated().map { index, phase in
            RelayConnection(
                number: 3 + index, role: .appServer, phase: phase,
                openedAt: Instant(nanoseconds: 0), sender: sender, device: nil, unacknowledged: 0,
                unanswered: 0)
        }
        let record = try #require(book[12])
        return MessageStory(record, journal: journal.events().events, connections: connections)
    }

    // MARK: What is said

    @Test(
        "An ACK with half of the pair right is told, with the rule that it broke",
        arguments: [("m-17", "tok:other"), ("m-71", "tok:1")])
    mutating func halfRight(id: String, from: String) throws {
        queued()
        sent()
        let names = JournalEvent.Names(
            messageID: MessageID(id), from: RegistrationToken(from))
        note(.ackRejected, .named(names), detail: .init(reason: "the rule"))
        let explanation = try explanation()
        #expect(
            explanation.contains(
                "before that came an ACK on connection 3 that settles nothing: the rule"),
            "\(explanation)")
    }

    @Test("A second ACK of another message has nothing to do with it")
    mutating func ofAnother() throws {
        queued()
        sent()
        let other = JournalEvent.Names(messageID: MessageID("m-16"), from: token, message: 11)
        note(.messageState, .named(other), state: .settled)
        let names = JournalEvent.Names(messageID: MessageID("m-16"), from: token)
        note(.ackRejected, .named(names), detail: .init(reason: "ACKed before"))
        #expect(try !explanation().contains("ACKed before"))
    }

    @Test("A frame that is no ACK, on the connection that carries it, is told")
    mutating func noACK() throws {
        queued()
        sent()
        note(.stanzaRefused, detail: .init(error: "BAD_ACK", reason: "message_id is missing"))
        let explanation = try explanation()
        #expect(
            explanation.contains("a stanza on connection 3 that is no ACK: message_id is missing"),
            "\(explanation)")
    }

    @Test("A fault is told with what it bit")
    mutating func faults() throws {
        queued()
        sent()
        let names = JournalEvent.Names(messageID: message.id, from: token)
        let ack = note(.upstreamAck, .named(names))
        note(.fault, .named(names), cause: ack, detail: .init(deed: "drop", fault: 19))
        #expect(try explanation().contains("before that came its ACK, which met fault 19: drop"))
        note(
            .fault, .named(names), delay: .milliseconds(2), detail: .init(deed: "delay", fault: 4))
        #expect(try explanation().contains("fault 4, which the message met: delay 2ms"))
    }

    @Test("A connection that is silent or drained is named")
    mutating func carrier() throws {
        queued()
        #expect(
            try explanation([]) == "it was not sent yet: no app server of sender 4711 is connected")
        #expect(try explanation([.draining]).contains("connection 3 of its app server is drained"))
        sent()
        #expect(try explanation([.silent]).contains("connection 3 is silent on purpose"))
    }

    @Test("What the journal forgot is not said not to have been")
    mutating func forgotten() throws {
        let steady = UpstreamMessage(
            key: message.key, origin: message.origin, id: message.id, data: .empty, timeToLive: 60,
            expiry: .never)
        note(.messageState, .upstream(steady), state: .held)
        note(.timerFired, .upstream(steady), attempt: 7, delay: .nanoseconds(254_821_643))
        note(.messageState, .upstream(steady), state: .queued)
        journal.removeAll { $0.number == 1 }
        #expect(try explanation([]).hasPrefix("what was tried before is not known any more"))
    }

    @Test("Waiting times are told to the millisecond")
    mutating func durations() throws {
        queued()
        sent()
        note(.timerFired, .upstream(message), attempt: 1, delay: .nanoseconds(254_821_643))
        note(.messageState, .upstream(message), state: .inFlight)
        #expect(
            try story([.bound]).attempts.map(\.outcomes) == [["no ACK for 255ms", "in-flight"]])
    }
}
