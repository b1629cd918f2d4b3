internal import CloudMessaging

/// The members of a group as a newcomer meets them: who may join, the same in every store.
package struct GroupMembers {
    package var active: [Int64] = []
    /// Registered no more; they stay, as app servers want to know of them, until their place is
    /// needed.
    package var gone: [Int64] = []

    package init() {}

    /// Who makes room for a newcomer, mostly nobody; nil: the group is full.
    package func replaced(by registration: Int64) -> [Int64]? {
        if active.contains(registration) { return [] }
        if active.count + gone.count < Limits.groupMembers { return [] }
        return active.count < Limits.groupMembers ? gone : nil
    }
}
