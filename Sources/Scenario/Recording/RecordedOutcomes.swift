import CloudMessaging
import Journal

/// What the messages of a recording came to, as expectations.
struct RecordedOutcomes {
    private struct Outcome {
        let message: Int64
        let id: MessageID
        let device: String
        var state: MessageState?
        var attempts = 0
    }

    /// In the order in which the relay took them.
    private var outcomes: [Outcome] = []
    private var indices: [Int64: Int] = [:]

    mutating func see(_ event: JournalEvent, sentBy device: String?) {
        guard let device, let message = event.message, let id = event.messageID,
            event.kind == .messageState || event.kind == .upstreamStanza
        else { return }
        let index = indices[message] ?? outcomes.count
        if indices[message] == nil {
            indices[message] = index
            outcomes.append(Outcome(message: message, id: id, device: device))
        }
        if let state = event.state { outcomes[index].state = state }
        outcomes[index].attempts = max(outcomes[index].attempts, event.attempt ?? 0)
    }

    /// The part `expect` of the file; of messages that share sender and ID nothing is expected.
    var lines: [String] {
        var count: [[String]: Int] = [:]
        for outcome in outcomes { count[[outcome.device, outcome.id.text], default: 0] += 1 }
        let lines = outcomes.compactMap { outcome -> String? in
            guard let state = outcome.state,
                count[[outcome.device, outcome.id.text]] == 1
            else { return nil }
            return "  - relay: {message: \(quoted(outcome.id.text)), from: \(outcome.device), "
                + "state: \(state.rawValue), attempts: \(outcome.attempts)}"
        }
        return lines.isEmpty ? [] : ["expect:"] + lines
    }
}
