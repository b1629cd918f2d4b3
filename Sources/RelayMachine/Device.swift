import CloudMessaging
import DequeModule

/// A device that the relay has in memory: online, or with uploads on their way to the store.
struct Device: Hashable {
    static let rememberedRoutes = 32

    let id: DeviceID
    let secretHash: [UInt8]
    var registrations: [Registration]
    var uploads: UploadMemory
    /// The stream that is bound; nil: offline.
    var stream: DeviceStreamID?
    /// Streams that are logged in and not yet bound.
    var logins = 0
    /// Registrations on their way to the store.
    var pendingRegistrations = 0
    /// Where each registration sends, as far as it has sent: bounded, as an address has spellings.
    var routes: [Route] = []

    /// Whether nobody would miss the device in memory.
    var isIdle: Bool {
        stream == nil && logins == 0 && !uploads.hasPending && pendingRegistrations == 0
    }

    /// Whether the stream that is bound acknowledges deliveries.
    var takesDeliveries = false
    /// One for each registration while the device takes deliveries.
    var mailboxes: [Mailbox] = []
    /// Deliveries that are not acknowledged, oldest first.
    var onWire: Deque<Delivery> = []

    /// Whether the device has to acknowledge deliveries before it gets more.
    var isWireFull: Bool { onWire.count >= Limits.unacknowledgedDeliveries }

    /// The mailbox whose turn it was last.
    private var lastTurn = 0

    /// The next mailbox that has something for the wire, each in turn; nil: none has.
    mutating func takeTurn() -> Int? {
        for step in 1...max(1, mailboxes.count) {
            let index = (lastTurn + step) % max(1, mailboxes.count)
            guard index < mailboxes.count, mailboxes[index].hasNext else { continue }
            lastTurn = index
            return index
        }
        return nil
    }

    func isOnWire(_ key: MailboxKey) -> Bool {
        onWire.contains { delivery in
            guard case .message(let message, _) = delivery else { return false }
            return message.key == key
        }
    }

    func indexOfMailbox(_ registration: Int64) -> Int? {
        mailboxes.firstIndex { $0.registration.number == registration }
    }

    init(_ record: DeviceRecord) {
        id = record.id
        secretHash = record.secretHash
        registrations = record.registrations
        uploads = UploadMemory(stored: record.recentUploads)
    }
}

/// A registration and an address that it has sent to: spares parsing and hashing the next time.
struct Route: Hashable {
    let registration: Registration
    let to: String
    let lane: LaneID
}

/// A stream of a device, from its first byte to its last.
struct DeviceStream: Hashable {
    enum State: Hashable {
        /// Before login, or replaced by a newer one.
        case connected
        case authenticated(DeviceSlot)
        case bound(DeviceSlot)
    }

    var state = State.connected
    /// Uploads on their way to the store.
    var unanswered = 0
    /// Told to close: what still comes is passed over.
    var isClosing = false
}
