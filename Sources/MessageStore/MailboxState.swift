package import CloudMessaging

/// What a deposit meets in its mailbox, and what becomes of it: the rules of a mailbox, the same in
/// every store (protocol sheet §3.4).
///
/// They are such that a batch may be repeated. A deposit looks at earlier messages only: where it
/// meets later ones, it is a repeated one, and those had not come yet. A collapsible message that is
/// there already displaces others again, as they may have been put in again. A message that an
/// overflow dropped is known by its sequence, and stays out.
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
    package func deposit(_ key: MailboxKey, collapseKey: String?) -> MailboxDecision {
        let earlier = waiting.prefix { $0.sequence < key.sequence }
        let isThere = waiting.dropFirst(earlier.count).first?.sequence == key.sequence
        if let collapseKey {
            let message = Waiting(sequence: key.sequence, collapseKey: collapseKey)
            return MailboxDecision(
                .stored(dropped: message.displaced(from: earlier)), isAdmitted: !isThere)
        }
        guard isThere || key.sequence > tally.lastOverflow else {
            let notice = tally.notice(for: key.registration)
            return MailboxDecision(.overflowed(dropped: [key.sequence], notice), isAdmitted: false)
        }
        let counted = earlier.filter { $0.collapseKey == nil }.map(\.sequence)
        guard !isThere, counted.count >= Limits.messagesPerMailbox else {
            return MailboxDecision(.stored(dropped: []), isAdmitted: !isThere)
        }
        return overflow(key, dropping: counted + [key.sequence])
    }

    private func overflow(_ key: MailboxKey, dropping dropped: [Int64]) -> MailboxDecision {
        var tally = tally
        tally.drop(dropped)
        let notice = tally.notice(for: key.registration)
        return MailboxDecision(
            .overflowed(dropped: dropped, notice), isAdmitted: false, tally: tally)
    }
}

extension MailboxState.Waiting {
    /// The messages that go for a collapsible one: those of its key, and the oldest while there
    /// are too many keys; sequences in order.
    fileprivate func displaced(from earlier: ArraySlice<Self>) -> [Int64] {
        var dropped = earlier.filter(hasSameKey).map(\.sequence)
        var kept = earlier.filter { $0.collapseKey != nil && !hasSameKey($0) }[...]
        while Self.keyCount(kept) >= Limits.collapseKeysPerMailbox {
            dropped.append(kept.removeFirst().sequence)
        }
        return dropped.sorted()
    }

    /// Different collapse keys; messages that came back from the wire may share one.
    private static func keyCount(_ messages: ArraySlice<Self>) -> Int {
        messages.indices.count { index in
            !messages[..<index].contains(where: messages[index].hasSameKey)
        }
    }

    private func hasSameKey(_ other: Self) -> Bool {
        guard let collapseKey, let otherKey = other.collapseKey else { return false }
        return collapseKey.hasSameBytes(as: otherKey)
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
}
