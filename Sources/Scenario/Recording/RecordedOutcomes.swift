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
    /// How often messages came to an end, for a file that has no room for each of them.
    private var endings: [Ending] = []

    private struct Ending: Equatable {
        let direction: Direction
        let state: MessageState
        var count = 0
    }

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
        if event.kind == .messageState, let state = event.state {
            outcomes[index].state = state
            count(state, direction)
        } else {
            // A relay that starts again counts from 1 again, and they are counted together.
            outcomes[index].state = event.state ?? outcomes[index].state
            outcomes[index].attempts += 1
        }
    }

    private mutating func count(_ state: MessageState, _ direction: Direction) {
        guard [.settled, .expired, .discarded].contains(state) else { return }
        let place = endings.firstIndex { $0.direction == direction && $0.state == state }
        if place == nil { endings.append(Ending(direction: direction, state: state)) }
        endings[place ?? endings.count - 1].count += 1
    }

    /// What is expected, a line of the file each, and what is when that does not come: less of it. An
    /// expectation is about all messages that share device and ID: there is one where they came to
    /// the same.
    var claims: [(line: String, rest: String?)] {
        var told: Set<[String]> = []
        let namesakes = Dictionary(grouping: outcomes) { [$0.device, $0.id.text] }
        let claims = outcomes.compactMap { outcome -> (line: String, rest: String?)? in
            let name = [outcome.device, outcome.id.text]
            guard told.insert(name).inserted else { return nil }
            let lines = Set((namesakes[name] ?? []).map { Self.line(of: $0) })
            guard lines.count == 1, let line = Self.line(of: outcome) else { return nil }
            return (line, outcome.attempts > 0 ? Self.line(of: outcome, hasAttempts: false) : nil)
        }
        return claims.count <= ScenarioLimits.expectations ? claims : summary
    }

    private var summary: [(line: String, rest: String?)] {
        endings.map { ending in
            let match =
                "event=message.state and state=\(ending.state.rawValue) "
                + "and direction=\(ending.direction.rawValue)"
            return ("  - {match: \(quoted(match)), times: \(ending.count)}", nil)
        }
    }

    private static func line(of outcome: Outcome, hasAttempts: Bool = true) -> String? {
        guard let state = outcome.state else { return nil }
        let id = quoted(outcome.id.text)
        switch outcome.direction {
        case .upstream:
            let attempts = hasAttempts ? ", attempts: \(outcome.attempts)" : ""
            return "  - relay: {message: \(id), from: \(outcome.device), "
                + "state: \(state.rawValue)\(attempts)}"
        case .downstream:
            // Whether one is displaced or expires hangs on what no journal tells.
            return state == .settled
                ? "  - relay: {message: \(id), to: \(outcome.device), state: settled}" : nil
        }
    }
}
