import CloudMessaging
import Journal
import Scenario

/// An app server under test that a play waits for: it connects by itself, or it does not.
struct AwaitedGuest {
    let name: Participant
    let plan: ExternalPlan
    let since: Instant
    /// What others did meanwhile.
    private var strangers: [String] = []
    /// Of those whose login was refused, the connections.
    private var refused: [Int] = []

    /// What is told of strangers in the end.
    private static let most = 3

    init(name: Participant, plan: ExternalPlan, since: Instant) {
        self.name = name
        self.plan = plan
        self.since = since
    }

    func hasCome(_ event: JournalEvent) -> Bool {
        event.kind == .connectionBound && event.actor == name
    }

    /// What somebody does who is nobody of the cast, as a sentence; nil: it is no such event, or was
    /// told already.
    mutating func stranger(_ event: JournalEvent) -> String? {
        guard event.actor == .appServer, let sentence = sentence(on: event),
            !strangers.contains(sentence)
        else { return nil }
        strangers.append(sentence)
        return sentence
    }

    private mutating func sentence(on event: JournalEvent) -> String? {
        let reason = event.detail?.reason ?? "no reason is known"
        switch event.kind {
        case .loginAccepted where event.sender == plan.sender:
            return "somebody logged in as \(plan.sender), and not with the password \(plan.apiKey)"
        case .loginAccepted:
            return "somebody logged in as \(event.sender?.text ?? "nobody"), not as \(plan.sender)"
        case .loginRefused:
            if let connection = event.connection { refused.append(connection) }
            let sender = event.sender.map { " as \($0)" } ?? ""
            return "a login\(sender) was refused: \(reason)"
        case .connectionClosed where event.sender == nil:
            guard let connection = event.connection, !refused.contains(connection)
            else { return nil }
            return "somebody connected and did not log in: "
                + (event.detail?.reason ?? "it ended with \(event.detail?.deed ?? "nothing")")
        default: return nil
        }
    }

    /// Why the play could not go on, as a sentence.
    ///
    /// - Parameter entrance: where it should have connected.
    func absence(at entrance: String?, now: Instant) -> String {
        let seconds = Int((since.duration(to: now) / .seconds(1)).rounded())
        let place = entrance.map { " at \($0)" } ?? ""
        let others = strangers.suffix(Self.most).map { "; \($0)" }.joined()
        return "\(name) did not come: it was waited for \(seconds) s\(place), to log in as "
            + "\(plan.sender) with the password \(plan.apiKey)\(others)"
    }
}
