/// An app on a device, registered with one or more senders.
package final class Registration: Hashable, Sendable {
    /// The store's number for it; the relay counts them up.
    package let number: Int64
    package let device: DeviceID
    package let category: Category
    package let token: RegistrationToken
    /// In the order of registration, at most 100.
    package let senders: [SenderID]
    /// False once the app unregistered or was uninstalled.
    package let isActive: Bool

    package init(
        number: Int64, device: DeviceID, category: Category, token: RegistrationToken,
        senders: [SenderID], isActive: Bool = true
    ) {
        self.number = number
        self.device = device
        self.category = category
        self.token = token
        self.senders = senders
        self.isActive = isActive
    }

    package static func == (left: Registration, right: Registration) -> Bool {
        left === right
            || left.number == right.number && left.device == right.device
                && left.category == right.category && left.token == right.token
                && left.senders == right.senders && left.isActive == right.isActive
    }

    package func hash(into hasher: inout Hasher) {
        number.hash(into: &hasher)
        isActive.hash(into: &hasher)
    }
}

/// A device as the registry keeps it.
package struct DeviceRecord: Hashable, Sendable {
    package let id: DeviceID
    /// SHA-256 of the security token that the check-in returned.
    package let secretHash: [UInt8]
    /// IDs of the last stored uploads, oldest first, at most 64 (design decision 8).
    package var recentUploads: [UploadID]
    /// The active ones in the order of registration, one for each app.
    package var registrations: [Registration]

    package init(
        id: DeviceID, secretHash: [UInt8], recentUploads: [UploadID] = [],
        registrations: [Registration] = []
    ) {
        self.id = id
        self.secretHash = secretHash
        self.recentUploads = recentUploads
        self.registrations = registrations
    }
}
