package import CloudMessaging

/// What a deposit meets in its mailbox, and what becomes of it: the rules of a mailbox, the same in
/// every store (protocol sheet §3.4).
///
/// They are such that a batch may be repeated: a message that gave way to a later one, or was
/// dropped in an overflow, does not come back.
package struct MailboxState {
    /// A message that a deposit may count, replace and drop.
    package struct Waiting {
        let sequence: Int64
        let collapseKey: String?

        package init(sequence: Int64, collapseKey: String?) {
            self.sequence = sequence
            self.collapseKey = collapseKey
        }
    }

    /// In the order of their sequences; none that is on the wire.
    package var waiting: [Waiting] = []
    package var tally: DeletionTally

    package init(tally: DeletionTally) {
        self.tally = tally
    }

    /// What becomes of a message that is put in.
    package func deposit(
        _ key: MailboxKey, collapseKey: String?
    ) -> MailboxDecision {
        if waiting.contains(where: { $0.sequence == key.sequence }) {
            return MailboxDecision(.stored(dropped: []), isAdmitted: false)
        }
        guard let collapseKey else { return depositNonCollapsible(key) }
        return depositCollapsible(Waiting(sequence: key.sequence, collapseKey: collapseKey))
    }

    private func depositNonCollapsible(_ key: MailboxKey) -> MailboxDecision {
        guard key.sequence > tally.lastOverflow else {
            let notice = tally.notice(for: key.registration)
            return MailboxDecision(.overflowed(dropped: [key.sequence], notice), isAdmitted: false)
        }
        var dropped = waiting.filter { $0.collapseKey == nil }.map(\.sequence)
        guard dropped.count >= Limits.messagesPerMailbox else {
            return MailboxDecision(.stored(dropped: []), isAdmitted: true)
        }
        dropped.append(key.sequence)
        var tally = tally
        tally.drop(dropped)
        let notice = tally.notice(for: key.registration)
        return MailboxDecision(
            .overflowed(dropped: dropped, notice), isAdmitted: false, tally: tally)
    }

    /// Keeps the newest message of the key, and the newest keys.
    private func depositCollapsible(_ message: Waiting) -> MailboxDecision {
        var kept = waiting.filter { $0.collapseKey != nil }
        kept.insert(
            message, at: kept.firstIndex { $0.sequence > message.sequence } ?? kept.endIndex)
        let newest = kept.last(where: message.hasSameKey)?.sequence
        let isReplaced = { (other: Waiting) in
            message.hasSameKey(other) && other.sequence != newest
        }
        var dropped = kept.filter(isReplaced).map(\.sequence)
        kept.removeAll(where: isReplaced)
        while Self.keyCount(kept) > Limits.collapseKeysPerMailbox {
            dropped.append(kept.removeFirst().sequence)
        }
        return MailboxDecision(
            .stored(dropped: dropped.sorted()), isAdmitted: !dropped.contains(message.sequence))
    }

    /// Different collapse keys; messages that came back from the wire may share one.
    private static func keyCount(_ messages: [Waiting]) -> Int {
        messages.indices.count { index in
            !messages[..<index].contains(where: messages[index].hasSameKey)
        }
    }
}

/// What becomes of a deposit.
package struct MailboxDecision {
    package let result: DepositResult
    /// Whether the message is to be put in.
    package let isAdmitted: Bool
    /// The mailbox's new tally; nil: unchanged.
    package let tally: DeletionTally?

    init(_ result: DepositResult, isAdmitted: Bool, tally: DeletionTally? = nil) {
        self.result = result
        self.isAdmitted = isAdmitted
        self.tally = tally
    }

    /// Sequences to take out; the message's own may be among them.
    package var dropped: [Int64] {
        switch result {
        case .stored(let dropped), .overflowed(let dropped, _): dropped
        case .unregistered: []
        }
    }
}

extension MailboxState.Waiting {
    fileprivate func hasSameKey(_ other: MailboxState.Waiting) -> Bool {
        guard let collapseKey, let otherKey = other.collapseKey else { return false }
        return collapseKey.hasSameBytes(as: otherKey)
    }
}
