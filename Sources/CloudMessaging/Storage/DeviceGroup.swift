/// Several devices of one user, to which an app server sends under one notification key (protocol
/// sheet §3.7).
package struct DeviceGroup: Hashable, Sendable {
    package let sender: SenderNumber
    /// `Registration.number` of each, in order; some may be registered no more.
    package let members: [Int64]

    package init(sender: SenderNumber, members: [Int64]) {
        self.sender = sender
        self.members = members
    }
}

/// Change who is in a group; a repeated change does no harm.
package struct GroupChange: Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        /// The group is made with this key if there is none of the name.
        case join(newKey: RegistrationToken)
        /// Without its last member the group is gone.
        case leave
    }

    package let sender: SenderNumber
    package let name: GroupName
    /// `Registration.number`
    package let registration: Int64
    package let kind: Kind

    package init(sender: SenderNumber, name: GroupName, registration: Int64, _ kind: Kind) {
        self.sender = sender
        self.name = name
        self.registration = registration
        self.kind = kind
    }
}

/// What became of a change of a group.
package enum GroupChangeResult: Hashable, Sendable {
    case joined(key: RegistrationToken)
    /// Also when it was no member.
    case left
    /// There are `Limits.groupMembers` already, all of them registered.
    case full
    /// Who wants to join is unknown or not active.
    case unregistered
}
