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
        /// What came in its way last: an ACK that settles nothing, a fault.
        var obstacle: String?
    }

    /// - Parameters:
    ///   - journal: all of it.
    ///   - connections: those of the message's sender, as they are now.
    init(_ record: MessageRecord, journal: [JournalEvent], connections: [RelayConnection]) {
        let story = StoryEvents(of: record, in: journal)
        self.record = record
        events = story.events
        attempts = Self.attempts(story)
        explanation =
            Explanation(
                record: record, attempts: attempts, hasBeginning: story.hasBeginning,
                connections: connections
            ).text
    }

    // MARK: Attempts

    private static func attempts(_ story: StoryEvents) -> [Attempt] {
        var attempts: [Attempt] = []
        for event in story.events {
            switch event.kind {
            case .upstreamStanza, .receipt, .delivery:
                attempts.append(
                    Attempt(
                        number: event.attempt ?? attempts.count + 1,
                        connection: event.connection ?? 0, at: event.instant,
                        reason: reason(event)))
            default:
                guard !attempts.isEmpty else { continue }
                let last = attempts.count - 1
                if let obstacle = obstacle(event, story) {
                    attempts[last].outcomes.append(obstacle)
                    attempts[last].obstacle = obstacle
                } else if let outcome = outcome(event) {
                    attempts[last].outcomes.append(outcome)
                }
            }
        }
        return attempts
    }

    private static func reason(_ event: JournalEvent) -> String? {
        guard let reason = event.detail?.reason else { return nil }
        return event.delay.map { "\(reason) for \($0.rounded)" } ?? reason
    }

    private static func outcome(_ event: JournalEvent) -> String? {
        switch event.kind {
        case .upstreamAck where event.message != nil: return "ACK\(place(of: event))"
        case .timerFired: return "no ACK" + (event.delay.map { " for \($0.rounded)" } ?? "")
        case .messageState:
            guard let state = event.state else { return nil }
            return event.detail?.reason.map { "\(state.rawValue): \($0)" } ?? state.rawValue
        case .deliveryRefused: return "the app is not on the device any more"
        default: return nil
        }
    }

    /// What kept the ACK from settling the message.
    private static func obstacle(_ event: JournalEvent, _ story: StoryEvents) -> String? {
        switch event.kind {
        case .ackRejected:
            return "an ACK\(place(of: event)) that settles nothing: \(event.detail?.reason ?? "")"
        case .stanzaRefused:
            return "a stanza\(place(of: event)) that is no ACK: \(event.detail?.reason ?? "")"
        case .fault:
            let number = event.detail?.fault.map { " \($0)" } ?? ""
            let deed = [event.detail?.deed, event.detail?.error, event.delay?.rounded]
                .compactMap(\.self).joined(separator: " ")
            return story.cause(of: event) == .upstreamAck
                ? "its ACK, which met fault\(number): \(deed)"
                : "fault\(number), which the message met: \(deed)"
        default: return nil
        }
    }

    private static func place(of event: JournalEvent) -> String {
        event.connection.map { " on connection \($0)" } ?? ""
    }
}

extension Duration {
    /// As sentences have it: to the millisecond, unless it is shorter than one.
    fileprivate var rounded: String {
        let whole = Duration.milliseconds(Int64((self / .milliseconds(1)).rounded()))
        return DurationText.text(of: whole == .zero ? self : whole)
    }
}

extension RelayControl {
    /// What was tried with a message, and why it stands where it does.
    package func story(of record: MessageRecord) async throws -> MessageStory {
        let journal = try await allEvents().events
        let sender = record.sender
        let connections = try await runtime.withNode { node in
            node.connections(limit: .max).filter { $0.role == .appServer && $0.sender == sender }
        }
        return MessageStory(record, journal: journal, connections: connections)
    }
}
