internal import CloudMessaging
internal import OrderedCollections

/// What the machine knows of one app of the device.
struct App {
    let category: Category
    /// Messages taken with a time to live and not yet answered.
    var pendingCount = 0

    // MARK: Registration

    private(set) var registration: AppRegistration?
    /// The senders that the token is good for.
    private var registered: OrderedSet<SenderID> = []
    /// Those, and the senders that the token should be good for.
    private(set) var wanted: OrderedSet<SenderID> = []
    /// The senders that the relay was asked for and did not yet answer.
    var asked: [SenderID]?
    /// Whether the relay is asked to void the token; until it has answered no other is asked for.
    private(set) var isUnregistering = false
    /// Whether the app is gone from the device, and did not come back.
    private(set) var isUninstalled = false
    /// The token that the app was told last.
    private var toldToken: RegistrationToken?
    /// Durable messages that wait for the token while the device is online.
    var blocked = NumberQueue()

    /// Downstream messages whose repeats are not told.
    var recent = RecentDeliveries()

    // MARK: Messages that the relay took and the app was not yet told

    var untold: [MessageReference] = []
    /// Those of them, and of those that failed, that the outbox holds.
    var untoldStored: [Int64] = []
    /// Messages that failed and are told with them, if errors are told in batches.
    var untoldErrors: [(reference: MessageReference, error: UpstreamError)] = []
    var hasUntold: Bool { !untold.isEmpty || !untoldErrors.isEmpty }
    /// When the app is told at the latest; without meaning while there are none.
    var tellDue = Instant.never

    init(category: Category) {
        self.category = category
    }

    /// Whether the token is good for all senders that the app wants.
    var isRegistered: Bool {
        registration != nil && registered.count == wanted.count
    }

    /// Whether it has a token, or waits for the answer that brings one.
    var mayBeRegistered: Bool {
        registration != nil || !wanted.isEmpty
    }

    /// Adds senders to the wanted ones; false, and none added, when they become too many.
    mutating func want(_ senders: some Sequence<SenderID>) -> Bool {
        let union = wanted.union(senders)
        guard union.count <= Limits.sendersPerRegistration else { return false }
        wanted = union
        isUninstalled = false
        return true
    }

    /// Whether the sender is wanted or can be.
    func canWant(_ sender: SenderID) -> Bool {
        wanted.count < Limits.sendersPerRegistration || wanted.contains(sender)
    }

    /// True when the token takes the place of another.
    mutating func adopt(_ registration: AppRegistration) -> Bool {
        let isNew = toldToken.map { $0 != registration.token } ?? false
        toldToken = registration.token
        self.registration = registration
        registered = OrderedSet(registration.senders)
        wanted.formUnion(registered)
        return isNew
    }

    /// Gives up the senders among the asked ones that the token is not good for.
    mutating func dropMissing(of asked: [SenderID]) -> OrderedSet<SenderID> {
        let missing = OrderedSet(asked).subtracting(registered)
        wanted.subtract(missing)
        return missing
    }

    /// The token is void from now on, and nothing asks for it but what the app does later.
    mutating func beginUnregistration() {
        isUnregistering = true
        asked = nil
        wanted = []
        voidRegistration()
    }

    /// - Parameter registration: what the relay did not void; nil: it did.
    mutating func endUnregistration(keeping registration: AppRegistration?) {
        isUnregistering = false
        if let registration {
            _ = adopt(registration)
        } else {
            toldToken = nil
        }
    }

    /// The app is gone, and what it knew of tokens with it.
    mutating func uninstall() {
        isUninstalled = true
        isUnregistering = false
        asked = nil
        wanted = []
        toldToken = nil
        voidRegistration()
    }

    /// The relay forgot the device: the token is void, the wish for it is not.
    mutating func voidRegistration() {
        registration = nil
        registered = []
    }
}
