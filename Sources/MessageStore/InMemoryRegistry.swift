internal import CloudMessaging

/// Senders, devices and registrations of a store in memory.
struct InMemoryRegistry: Hashable {
    private(set) var senders: [StoredSender] = []
    private var devices: [DeviceID: DeviceRecord] = [:]
    /// By number, for messages whose registration was replaced; those not active too.
    private var registrations: [Int64: Registration] = [:]
    /// The numbers of registrations, by the tokens that they have.
    private var tokens: [RegistrationToken: Int64] = [:]
    private var supersededTokens: [RegistrationToken: Int64] = [:]
    private(set) var lastRegistration: Int64 = 0

    subscript(number: Int64) -> Registration? { registrations[number] }

    func device(_ id: DeviceID) -> DeviceRecord? { devices[id] }

    func isActive(_ number: Int64) -> Bool { registrations[number]?.isActive ?? false }

    func record(of token: RegistrationToken) -> TokenRecord? {
        (tokens[token] ?? supersededTokens[token]).flatMap { registrations[$0] }
            .map(TokenRecord.registration)
    }

    /// Active ones with higher numbers, by number.
    func active(after number: Int64, limit: Int) -> [Registration] {
        let numbers = registrations.keys.filter { $0 > number && isActive($0) }.sorted()
        return numbers.prefix(limit).compactMap { registrations[$0] }
    }

    // MARK: Registrations of a sender

    /// Whether a message of a sender may reach a registration.
    func isActive(_ number: Int64, for sender: SenderID) -> Bool {
        registrations[number].map { $0.isActive && $0.senders.contains(sender) } ?? false
    }

    func everyone(of sender: SenderID) -> Set<Int64> {
        Set(registrations.keys.filter { isActive($0, for: sender) })
    }

    // MARK: Changes

    mutating func insert(_ senders: [StoredSender]) {
        self.senders += senders.filter { new in !self.senders.contains { $0.id == new.id } }
    }

    /// A device that is known keeps what it has.
    mutating func insert(_ device: DeviceRecord) {
        guard devices[device.id] == nil else { return }
        devices[device.id] = device
        devices[device.id]?.registrations = []
    }

    mutating func update(_ recent: RecentUploads) {
        devices[recent.device]?.recentUploads = recent.uploads
    }

    mutating func register(_ registration: Registration) {
        let number = registration.number
        lastRegistration = max(lastRegistration, number)
        if let earlier = registrations.updateValue(registration, forKey: number) {
            tokens[earlier.token] = nil
        }
        tokens[registration.token] = number
        var list = devices[registration.device]?.registrations ?? []
        list.removeAll { $0.number == number }
        if registration.isActive {
            list.insert(registration, at: list.firstIndex { $0.number > number } ?? list.endIndex)
        }
        devices[registration.device]?.registrations = list
    }

    mutating func supersede(_ superseded: SupersededToken) {
        supersededTokens[superseded.token] = superseded.registration
    }
}
