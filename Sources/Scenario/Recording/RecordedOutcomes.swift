import CloudMessaging
import Journal

/// What the messages of a recording came to, as expectations.
struct RecordedOutcomes {
    private struct Outcome {
        let message: Int64
        let id: MessageID
        let device: String
        let direction: Direction
        var state: MessageState?
        var attempts = 0
    }

    /// In the order in which the relay took them.
    private var outcomes: [Outcome] = []
    private var indices: [Int64: Int] = [:]

    /// - Parameter device: that the message is from or for; nil: it is not in the file.
    mutating func see(_ event: JournalEvent, of device: String?) {
        guard let device, let message = event.message, let id = event.messageID,
            let direction = event.direction
        else { return }
        switch event.kind {
        case .messageState, .upstreamStanza, .receipt: break
        default: return
        }
        let index = indices[message] ?? outcomes.count
        if indices[message] == nil {
            indices[message] = index
            outcomes.append(
                Outcome(message: message, id: id, device: device, direction: direction))
        }
        if let state = event.state { outcomes[index].state = state }
        outcomes[index].attempts = max(outcomes[index].attempts, event.attempt ?? 0)
    }

    /// The part `expect` of the file. An expectation is about all messages that share device and ID:
    /// there is one where they came to the same.
    var lines: [String] {
        var told: Set<[String]> = []
        let lines = outcomes.compactMap { outcome -> String? in
            let name = [outcome.device, outcome.id.text]
            guard told.insert(name).inserted else { return nil }
            let claims = Set(
                outcomes.filter { [$0.device, $0.id.text] == name }.map(Self.claim))
            return claims.count == 1 ? claims.first ?? nil : nil
        }
        return lines.isEmpty ? [] : ["expect:"] + lines
    }

    private static func claim(_ outcome: Outcome) -> String? {
        guard let state = outcome.state else { return nil }
        let id = quoted(outcome.id.text)
        switch outcome.direction {
        case .upstream:
            return "  - relay: {message: \(id), from: \(outcome.device), "
                + "state: \(state.rawValue), attempts: \(outcome.attempts)}"
        case .downstream:
            // Whether one is displaced or expires hangs on what no journal tells.
            return state == .settled
                ? "  - relay: {message: \(id), to: \(outcome.device), state: settled}" : nil
        }
    }
}
