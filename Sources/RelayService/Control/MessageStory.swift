package import CloudMessaging
package import Journal
import NetworkRuntime
import Nodes

/// What was tried with a message and what came of it: why it is retried, or why it waits.
package struct MessageStory: Sendable {
    package let record: MessageRecord
    package let attempts: [Attempt]
    /// One sentence, or several: where the message stands, and what would have to come.
    package let explanation: String
    /// Events about it, in order.
    package let events: [JournalEvent]

    package struct Attempt: Sendable {
        package let number: Int
        package let connection: Int
        package let at: Instant
        /// Why it was sent again; nil: it was the first.
        package internal(set) var reason: String?
        /// What came of it, in the order in which it came; nothing yet, if empty.
        package internal(set) var outcomes: [String] = []
    }

    /// - Parameters:
    ///   - events: the whole journal.
    ///   - connections: bound connections of the message's sender.
    init(_ record: MessageRecord, journal events: [JournalEvent], connections: Int) {
        self.record = record
        self.events = events.filter { Self.concerns($0, record) }
        attempts = Self.attempts(self.events)
        explanation = Self.explanation(record, attempts, connections: connections)
    }

    private static func concerns(_ event: JournalEvent, _ record: MessageRecord) -> Bool {
        if let number = event.message { return number == record.number }
        // ACKs that settle nothing, and faults, name the pair only.
        guard let id = event.messageID, id == record.messageID, let from = event.from else {
            return false
        }
        guard record.firstSeen.map({ event.instant >= $0 }) ?? true else { return false }
        return from == record.from || (record.isReceipt && from == .receipts)
    }

    // MARK: Attempts

    private static func attempts(_ events: [JournalEvent]) -> [Attempt] {
        var attempts: [Attempt] = []
        for event in events {
            switch event.kind {
            case .upstreamStanza, .receipt, .delivery:
                attempts.append(
                    Attempt(
                        number: event.attempt ?? attempts.count + 1,
                        connection: event.connection ?? 0, at: event.instant,
                        reason: reason(event)))
            default:
                guard let outcome = outcome(event), !attempts.isEmpty else { continue }
                attempts[attempts.count - 1].outcomes.append(outcome)
            }
        }
        return attempts
    }

    private static func reason(_ event: JournalEvent) -> String? {
        guard let reason = event.detail?.reason else { return nil }
        return event.delay.map { "\(reason) for \(DurationText.text(of: $0))" } ?? reason
    }

    private static func outcome(_ event: JournalEvent) -> String? {
        let connection = event.connection.map { " on connection \($0)" } ?? ""
        switch event.kind {
        case .upstreamAck where event.message != nil: return "ACK\(connection)"
        case .upstreamAck: return nil
        case .ackRejected:
            return "an ACK\(connection) that settles nothing: \(event.detail?.reason ?? "")"
        case .timerFired:
            let delay = event.delay.map { " for \(DurationText.text(of: $0))" } ?? ""
            return "no ACK\(delay)"
        case .fault:
            let number = event.detail?.fault.map { " \($0)" } ?? ""
            return "fault\(number): \(event.detail?.deed ?? "")"
        case .messageState:
            guard let state = event.state else { return nil }
            return event.detail?.reason.map { "\(state.rawValue): \($0)" } ?? state.rawValue
        case .deliveryRefused: return "the app is not on the device any more"
        default: return nil
        }
    }

    // MARK: Explanation

    private static func explanation(
        _ record: MessageRecord, _ attempts: [Attempt], connections: Int
    ) -> String {
        let sender = record.sender.map { " \($0)" } ?? ""
        switch (record.state, record.direction) {
        case (.settled, .upstream): return settled(record)
        case (.settled, .downstream): return "its device has acknowledged it"
        case (.expired, _): return "its time to live was over before it was acknowledged"
        case (.discarded, _): return "it was given up: \(record.reason ?? "discarded")"
        case (.held, _):
            return "an earlier message of the same device has the same message_id and is not "
                + "settled; an ACK could not tell the two apart"
        case (.queued, .downstream): return "its device is not connected, or has enough to do"
        case (.inFlight, .downstream):
            return "it was written to its device, which has not acknowledged it"
        case (.queued, .upstream) where connections == 0:
            return attempted(attempts) + "no app server of sender\(sender) is connected"
        case (.queued, .upstream):
            return attempted(attempts)
                + "it waits for its turn: its app server has as many messages without an ACK as "
                + "it may have, or is drained"
        case (.inFlight, .upstream): return inFlight(record, attempts)
        }
    }

    private static func settled(_ record: MessageRecord) -> String {
        record.reason.map { "settled \($0)" } ?? "its app server has ACKed it"
    }

    private static func attempted(_ attempts: [Attempt]) -> String {
        guard let last = attempts.last else { return "it was not sent yet: " }
        let outcome = last.outcomes.last.map { " (\($0))" } ?? ""
        return "attempt \(last.number) brought no ACK\(outcome); "
    }

    private static func inFlight(_ record: MessageRecord, _ attempts: [Attempt]) -> String {
        let connection = record.connection.map { "connection \($0)" } ?? "a connection"
        var sentences: [String] = []
        if let last = attempts.last, let reason = last.reason {
            sentences.append("it was sent again because: \(reason)")
        }
        let fault = attempts.flatMap(\.outcomes).last {
            $0.hasPrefix("an ACK") || $0.hasPrefix("fault")
        }
        if let fault { sentences.append("before that came \(fault)") }
        sentences.append(
            "it waits for its ACK on \(connection): "
                + #"{"to":FROM,"message_id":ID,"message_type":"ack"} with the message's own "from""#
                + #" and "message_id""#)
        if let due = record.retryDue {
            sentences.append("without one it is sent again at \(Timestamp.rfc3339(due))")
        }
        return sentences.joined(separator: "; ")
    }
}

extension RelayControl {
    /// What was tried with a message, and why it stands where it does.
    package func story(of record: MessageRecord) async throws -> MessageStory {
        let journal = try await allEvents().events
        let sender = record.sender
        let connections = try await runtime.withNode { node in
            node.connections(limit: .max).count { $0.sender == sender && $0.phase == .bound }
        }
        return MessageStory(record, journal: journal, connections: connections)
    }
}
