internal import CloudMessaging

/// The device groups of a store in memory.
struct InMemoryGroups: Hashable {
    private struct Name: Hashable {
        let sender: SenderNumber
        let text: GroupName
    }

    private struct Group: Hashable {
        let name: Name
        var members: Set<Int64> = []
    }

    private var keys: [Name: RegistrationToken] = [:]
    private var groups: [RegistrationToken: Group] = [:]

    subscript(key: RegistrationToken) -> DeviceGroup? {
        groups[key].map { DeviceGroup(sender: $0.name.sender, members: $0.members.sorted()) }
    }

    mutating func change(_ change: GroupChange, isActive: (Int64) -> Bool) -> GroupChangeResult {
        let name = Name(sender: change.sender, text: change.name)
        switch change.kind {
        case .join(let newKey):
            guard isActive(change.registration) else { return .unregistered }
            let key = keys[name] ?? newKey
            return join(change.registration, groups[key] ?? Group(name: name), key, isActive)
        case .leave:
            if let key = keys[name] { leave(change.registration, key) }
            return .left
        }
    }

    private mutating func join(
        _ registration: Int64, _ group: Group, _ key: RegistrationToken,
        _ isActive: (Int64) -> Bool
    ) -> GroupChangeResult {
        var members = GroupMembers()
        members.active = group.members.filter(isActive)
        members.gone = group.members.filter { !isActive($0) }
        guard let replaced = members.replaced(by: registration) else { return .full }
        keys[group.name] = key
        groups[key] = group
        groups[key]?.members.subtract(replaced)
        groups[key]?.members.insert(registration)
        return .joined(key: key)
    }

    private mutating func leave(_ registration: Int64, _ key: RegistrationToken) {
        groups[key]?.members.remove(registration)
        guard let group = groups[key], group.members.isEmpty else { return }
        groups[key] = nil
        keys[group.name] = nil
    }
}
