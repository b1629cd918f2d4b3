import CloudMessaging
import Journal

/// What the journal says of one device's messages to its apps.
struct DeviceLedger {
    private struct Name: Hashable {
        let category: Category
        let id: MessageID
    }

    /// What the app was told in this life of the device.
    private var told: [Name: JournalEvent.Kind] = [:]
    /// What the library took and has given no final outcome for, in any life, oldest first.
    private var waiting: [Name] = []

    /// - Parameter isTaken: whether the relay ever took a message of this name.
    mutating func observe(
        _ event: JournalEvent, isTaken: (MessageID, Category) -> Bool
    ) throws(Violation) {
        guard let id = event.messageID, let category = event.category else { return }
        let name = Name(category: category, id: id)
        switch event.kind {
        case .appWillSend:
            waiting.append(name)
        case .appSent, .appError:
            // What the library never took has no outcome to wait for.
            if event.detail?.deed == "refused" { return }
            // An ID may be used again; then it waits for an outcome of its own.
            let index = waiting.firstIndex(of: name)
            if index == nil, let earlier = told[name] {
                throw Violation(
                    invariant: .oneOutcome,
                    finding: "\(event.actor) is told \(event.kind.rawValue) of \(id) after "
                        + "\(earlier.rawValue)",
                    event: event.number)
            }
            if event.kind == .appSent, !isTaken(id, category) {
                throw Violation(
                    invariant: .sentMeansStored,
                    finding: "\(event.actor) is told that \(id) was sent, and the relay never "
                        + "took it",
                    event: event.number)
            }
            told[name] = event.kind
            if let index { waiting.remove(at: index) }
        default: break
        }
    }

    /// A new life: what was told may be told again.
    ///
    /// - Parameter isGone: whether a message was never durable (time to live 0), and is gone without
    ///   an outcome.
    mutating func died(isGone: (MessageID) -> Bool) {
        told = [:]
        waiting.removeAll { isGone($0.id) }
    }

    /// The IDs that have no outcome.
    var withoutOutcome: [MessageID] { waiting.map(\.id) }
}
