import CloudMessaging
import Journal

/// Judges what a message came to.
struct OutcomeJudge {
    let evidence: Evidence
    let compiler: SightingCompiler

    /// A message as the relay numbers it, and what became of it.
    private struct Message {
        let number: Int64?
        let from: RegistrationToken?
        let direction: Direction?
        var state: MessageState?
        var attempts = 0
        /// The place of the newest event about it.
        var latest: Int
    }

    func verdict(on outcome: MessageOutcome, _ expectation: Expectation) -> Verdict {
        let messages = messages(of: outcome)
        guard !messages.isEmpty else {
            return verdict(
                expectation, isMet: false, found: "no such message",
                reason: nearestIDs(to: outcome.id), at: nil)
        }
        // Several messages may have the ID: each must come to it.
        for message in messages {
            let state = message.state?.rawValue ?? "no state"
            let found = "\(state) after \(Phrases.attempts(message.attempts))"
            let isState = outcome.state == nil || outcome.state == message.state
            guard isState, outcome.attempts?.holds(message.attempts) ?? true else {
                let whose = messages.count > 1 ? message.from.map { "that of \($0)" } : nil
                return verdict(
                    expectation, isMet: false, found: found, reason: whose, at: message.latest)
            }
        }
        let found = messages.map {
            "\($0.state?.rawValue ?? "no state") after \(Phrases.attempts($0.attempts))"
        }
        return verdict(
            expectation, isMet: true, found: found.joined(separator: ", "), reason: nil, at: nil)
    }

    private func messages(of outcome: MessageOutcome) -> [Message] {
        let tokens = compiler.tokens(of: outcome.device)
        var messages: [Message] = []
        for (index, event) in evidence.events.enumerated() {
            guard event.messageID == outcome.id, isAboutMessage(event.kind) else { continue }
            if let tokens, !(event.from.map { tokens.contains($0) } ?? false) { continue }
            let place =
                messages.firstIndex { $0.number == event.message && $0.from == event.from }
                ?? messages.endIndex
            if place == messages.endIndex {
                messages.append(
                    Message(
                        number: event.message, from: event.from, direction: event.direction,
                        latest: index))
            }
            messages[place].latest = index
            if event.kind == .messageState {
                messages[place].state = event.state
            } else {
                messages[place].attempts += 1
            }
        }
        // An ID that went both ways means the message of the device.
        let upward = messages.filter { $0.direction == .upstream }
        return upward.isEmpty ? messages : upward
    }

    private func isAboutMessage(_ kind: JournalEvent.Kind) -> Bool {
        switch kind {
        case .messageState, .upstreamStanza, .receipt, .delivery: true
        default: false
        }
    }

    private func nearestIDs(to id: MessageID) -> String? {
        var ids: [String] = []
        for event in evidence.events where event.kind == .messageState {
            guard let other = event.messageID?.text, !ids.contains(other) else { continue }
            ids.append(other)
        }
        return ids.isEmpty
            ? "the relay had no message at all" : Suggestion.sentence(for: id.text, among: ids)
    }

    private func verdict(
        _ expectation: Expectation, isMet: Bool, found: String, reason: String?, at index: Int?
    ) -> Verdict {
        let end = index ?? evidence.events.count
        return Verdict(
            expectation: expectation, isMet: isMet, found: found, reason: reason, match: nil,
            nearest: [], deciding: index.map { evidence.events[$0] },
            before: isMet
                ? [] : Array(evidence.events[..<end].suffix(ScenarioLimits.eventsBefore)))
    }
}
