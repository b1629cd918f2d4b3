/// Changes of a device's outbox; repeated after a failure they do no harm.
package struct OutboxBatch: Sendable {
    /// A check-in gave the device a new identity; its registrations are void then.
    package var newIdentity: DeviceIdentity?
    /// Tokens, and apps that wait for one, one for each app; a later one replaces the earlier.
    package var registrations: [AppRegistration] = []
    /// Apps whose tokens are void; none of them has a new one among `registrations`.
    package var unregistered: [Category] = []
    /// Messages that the library took.
    package var added: [PendingMessage] = []
    /// Messages that the relay took and the app was not yet told about, by number.
    package var sent: [Int64] = []
    /// Messages with a final outcome that the app was told, by number; unknown ones are no error.
    package var removed: [Int64] = []
    /// Downstream messages that apps were told, in that order; the outbox keeps the last
    /// `Limits.rememberedDeliveries` of each app.
    package var received: [DeliveryReference] = []
    /// The last automatic message ID, for callers that leave the ID to the library.
    package var messageCounter: Int64?

    package init() {}

    package var isEmpty: Bool {
        newIdentity == nil && registrations.isEmpty && unregistered.isEmpty && added.isEmpty
            && sent.isEmpty
            && removed.isEmpty && received.isEmpty && messageCounter == nil
    }
}

/// What an outbox held when it was opened.
package struct OutboxSnapshot: Sendable {
    /// How often this outbox was opened, counted from 1: seeds the upload IDs of this life.
    package var life: Int64
    package var identity: DeviceIdentity?
    package var registrations: [AppRegistration]
    /// In the order in which the library took them.
    package var messages: [PendingMessage]
    /// The last downstream messages of each app, in the order in which it was told.
    package var received: [DeliveryReference]
    package var messageCounter: Int64

    package init(
        life: Int64 = 1, identity: DeviceIdentity? = nil, registrations: [AppRegistration] = [],
        messages: [PendingMessage] = [], received: [DeliveryReference] = [],
        messageCounter: Int64 = 0
    ) {
        self.life = life
        self.identity = identity
        self.registrations = registrations
        self.messages = messages
        self.received = received
        self.messageCounter = messageCounter
    }
}
