package import CloudMessaging
internal import DequeModule

/// The protocol of one device with its apps, as a value: what happens comes in, with its time;
/// what is to be done comes out.
///
/// It knows no stream, clock, file or thread, and no XMPP: whatever can carry an upload and its
/// answer may be the link. A driver handles one event at a time and then
///
/// 1. carries out the actions: `while let action = machine.nextAction()`;
/// 2. gives `takeOutboxBatch()` to the outbox, whose result is an event: `outboxCommitted` or
///    `outboxFailed`;
/// 3. calls `deadlineReached` at `nextDeadline`.
///
/// Times never go back. Events of a link end with its loss, or with the action `disconnect`.
///
/// A message is *pending* from `send` until the relay answers it, it expires, or its link breaks
/// after it expired. Every message that was taken has exactly one final outcome in a life of the
/// process (`sent` or `sendError`), unless that life ends before; then the next life goes on with
/// what the outbox holds. Memory is bounded by the limits of apps and messages, except for the
/// queue of a device without `pendingLimit`, which its times to live bound.
package struct DeviceMachine: Sendable {
    let settings: DeviceSettings
    var entropy: Entropy
    var actions: Deque<DeviceAction> = []
    var isShutDown = false

    // MARK: Link

    var link = LinkState.offline
    var wantsLink = false
    /// Failed attempts since the last good link.
    var failures = 0
    var onlineSince = Instant(nanoseconds: .min)
    /// Good links in a row that broke soon and had carried no answer.
    var uselessLinks = 0
    /// Nil until the relay has checked the device in.
    package internal(set) var identity: DeviceIdentity?
    var identityIsDurable: Bool

    // MARK: Apps

    var apps = AppTable()
    /// When registrations are asked for again that the relay could not store.
    var registrationRetry: Instant?
    var registrationFailures = 0
    /// In the order of asking.
    var openRequests: [OpenRequest] = []
    var lastRequest: Int64 = 0
    /// Apps that wait to be told what was sent, the first to be told in front.
    var tellQueue: Deque<Int> = []

    // MARK: Messages

    var outbox = OutboxWriter()
    var counter: MessageCounter
    var lastNumber: Int64 = 0
    /// Unanswered messages by number; never iterated.
    var tracked: [Int64: TrackedMessage] = [:]
    /// Durable messages that are not on the wire.
    var waiting = NumberQueue()
    var window = UploadWindow()
    var expiries = ExpiryQueue()
    /// Messages that the relay took and the outbox does not yet know as sent, in its order: those
    /// of the batch under way come first.
    var answered: Deque<TrackedMessage> = []

    /// Begins a life of the device; what its last life left untold is told first.
    ///
    /// - Parameters:
    ///   - snapshot: What the outbox held, its life counted.
    ///   - entropy: Seeded with that life, so that no upload ID of an earlier one is drawn again.
    package init(
        settings: DeviceSettings = DeviceSettings(), snapshot: OutboxSnapshot, entropy: Entropy,
        now: Instant
    ) {
        self.settings = settings
        self.entropy = entropy
        counter = MessageCounter(last: snapshot.messageCounter)
        identity = snapshot.identity
        identityIsDurable = snapshot.identity != nil
        for registration in snapshot.registrations {
            let app = apps.restore(registration.category)
            if registration.isAwaited {
                _ = apps[app].want(registration.senders)
            } else {
                _ = apps[app].adopt(registration)
            }
        }
        for delivery in snapshot.received {
            let app = apps.restore(delivery.category)
            _ = apps[app].recent.note(delivery)
        }
        for message in snapshot.messages {
            restore(message, now: now)
        }
        tellAll(now: now)
    }

    /// The next thing to do; nil when all is done.
    package mutating func nextAction() -> DeviceAction? {
        actions.popFirst()
    }

    // MARK: What the machine knows

    package var isOnline: Bool { link == .online }

    /// Messages of the app that were taken and not yet answered; TTL 0 does not count.
    package func pendingCount(of category: Category) -> Int {
        apps.index(of: category).map { apps[$0].pendingCount } ?? 0
    }

    /// Whether `send` would take another message of the app.
    package func hasRoom(for category: Category) -> Bool {
        settings.pendingLimit.map { pendingCount(of: category) < $0 } ?? true
    }

    package func registration(of category: Category) -> AppRegistration? {
        apps.index(of: category).flatMap { apps[$0].registration }
    }
}
