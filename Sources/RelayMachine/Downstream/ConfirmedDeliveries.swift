import CloudMessaging

/// What devices confirmed while the store does not know it yet: a read may still find it, and it is
/// not delivered again.
struct ConfirmedDeliveries {
    private var messages: Set<MailboxKey> = []
    /// The highest `through` of the notices of a registration.
    private var notices: [Int64: Int] = [:]

    init(_ changes: [DownstreamChanges]) {
        for changes in changes {
            messages.formUnion(changes.removals)
            for notice in changes.deletionsTold {
                notices[notice.registration] = max(
                    notice.through, notices[notice.registration] ?? 0)
            }
        }
    }

    func contains(_ key: MailboxKey) -> Bool { messages.contains(key) }

    func deletions(of registration: Int64) -> Int { notices[registration] ?? 0 }
}
