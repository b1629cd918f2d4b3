import CloudMessaging
package import Invariants
import MessageStore

extension SmallWorld {
    /// Lets everything work from now on: then every message has its end, and nothing is left in the
    /// store.
    ///
    /// - Returns: the moves that led there.
    package mutating func finish() throws(Violation) -> Int {
        for step in 0..<200 {
            guard let move = nextGoodMove else { return step }
            try make(move)
        }
        let waiting = ledger.messages.indices.filter { ledger.messages[$0].end == nil }
        throw Violation(
            invariant: .everythingArrives,
            finding: "everything works, and the store still has \(storedMessages) messages; of "
                + "\(uploads) these wait: \(waiting.map { $0 + 1 })",
            event: 0)
    }

    /// What brings the world nearer to its end; nil: it is there.
    private var nextGoodMove: SmallWorldMove? {
        guard relay != nil else { return .restart }
        if let transaction = moves.first(where: { $0 == .commit || $0 == .answer }) {
            return transaction
        }
        if moves.contains(.connect(0)) { return .connect(0) }
        if let (message, slot) = ledger.unacknowledged {
            return .acknowledge(message: message, on: slot)
        }
        let isOver = ledger.messages[..<uploads].allSatisfy { $0.end != nil }
        return isOver && storedMessages == 0 ? nil : .timer
    }

    /// Messages that the store holds.
    private var storedMessages: Int {
        var tables = tables
        return (try? tables.open())?.messageCount ?? 0
    }
}
