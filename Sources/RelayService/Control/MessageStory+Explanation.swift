import CloudMessaging
import Journal
import Nodes

/// Where a message stands and what would have to come, in sentences.
struct Explanation {
    let record: MessageRecord
    let attempts: [MessageStory.Attempt]
    /// Whether the journal still has the message's beginning.
    let hasBeginning: Bool
    /// Those of the message's sender.
    let connections: [RelayConnection]

    var text: String {
        switch (record.state, record.direction) {
        case (.settled, .upstream):
            return record.reason.map { "settled \($0)" } ?? "its app server has ACKed it"
        case (.settled, .downstream): return "its device has acknowledged it"
        case (.expired, .upstream) where attempts.isEmpty && hasBeginning:
            return "its time to live was over before an app server took it"
        case (.expired, _): return "its time to live was over before it was acknowledged"
        case (.discarded, _): return "it was given up: \(record.reason ?? "discarded")"
        case (.held, _):
            return "an earlier message of the same device has the same message_id and is not "
                + "settled; an ACK could not tell the two apart"
        case (.queued, .downstream): return "its device is not connected, or has enough to do"
        case (.inFlight, .downstream):
            return "it was written to its device, which has not acknowledged it"
        case (.queued, .upstream): return attempted + queued
        case (.inFlight, .upstream): return inFlight
        }
    }

    private var attempted: String {
        guard let last = attempts.last else {
            return hasBeginning
                ? "it was not sent yet: " : "what was tried before is not known any more; "
        }
        let outcome = last.outcomes.last.map { " (\($0))" } ?? ""
        return "attempt \(last.number) brought no ACK\(outcome); "
    }

    private var queued: String {
        if connections.contains(where: { $0.phase == .bound }) {
            return
                "it waits for its turn: its app server has as many messages without an ACK as it "
                + "may have"
        }
        if let draining = connections.first(where: { $0.phase == .draining }) {
            return
                "connection \(draining.number) of its app server is drained and gets nothing new; "
                + "it waits for another one"
        }
        let sender = record.sender.map { " \($0)" } ?? ""
        return "no app server of sender\(sender) is connected"
    }

    private var inFlight: String {
        var sentences: [String] = []
        if let last = attempts.last, let reason = last.reason {
            sentences.append("it was sent again because: \(reason)")
        }
        if let obstacle = attempts.compactMap(\.obstacle).last {
            sentences.append("before that came \(obstacle)")
        }
        sentences += carrier
        sentences.append(
            "it waits for its ACK on \(connection): "
                + #"{"to":FROM,"message_id":ID,"message_type":"ack"} with the message's own "from""#
                + #" and "message_id""#)
        if let due = record.retryDue {
            sentences.append("without one it is sent again at \(Timestamp.rfc3339(due))")
        }
        return sentences.joined(separator: "; ")
    }

    private var connection: String {
        record.connection.map { "connection \($0)" } ?? "a connection"
    }

    /// What is wrong with the connection that carries it.
    private var carrier: [String] {
        switch connections.first(where: { $0.number == record.connection })?.phase {
        case .silent: ["\(connection) is silent on purpose: nothing is read from it"]
        case .draining: ["\(connection) is drained: only ACKs are expected on it"]
        case .bound, .connecting, nil: []
        }
    }
}
