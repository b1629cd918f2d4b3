import CloudMessaging
import DeviceMachine
import MessageStore

/// A device under test with its outbox and a clock moved by hand.
///
/// The outbox stores at once, unless `storesAtOnce` is off; then `store()` does it.
struct TestDevice {
    var machine: DeviceMachine
    let outbox: InMemoryOutbox
    let settings: DeviceSettings
    var now: Instant
    var storesAtOnce = true

    init(
        _ settings: DeviceSettings = TestDevice.plainSettings,
        outbox: InMemoryOutbox = InMemoryOutbox(), now: Instant = TestDevice.start
    ) throws {
        self.settings = settings
        self.outbox = outbox
        self.now = now
        let snapshot = try outbox.open()
        let entropy = Entropy(seed: 1, life: UInt64(snapshot.life))
        machine = DeviceMachine(
            settings: settings, snapshot: snapshot, entropy: entropy, now: now)
    }

    /// Back-off without jitter, so that tests can name its times.
    static var plainSettings: DeviceSettings {
        var settings = DeviceSettings()
        settings.reconnect.jitter = 0
        return settings
    }

    static let start = Instant(nanoseconds: 1_523_318_400_000_000_000)

    /// The next life: what was not stored is gone.
    mutating func restart(after pause: Duration = .zero) throws {
        self = try TestDevice(settings, outbox: outbox, now: now + pause)
    }

    // MARK: What the driver does

    /// Everything there is to do now, with the outbox served in between.
    mutating func actions() -> [DeviceAction] {
        var actions: [DeviceAction] = []
        repeat {
            while let action = machine.nextAction() { actions.append(action) }
        } while storesAtOnce && store()
        return actions
    }

    /// Serves one batch; false when there is none.
    @discardableResult
    mutating func store() -> Bool {
        guard let batch = machine.takeOutboxBatch() else { return false }
        if let failure = outbox.execute(batch) {
            machine.outboxFailed(failure, now: now)
        } else {
            machine.outboxCommitted(now: now)
        }
        return true
    }

    /// Lets time pass, keeping every deadline on the way.
    mutating func pass(_ duration: Duration) -> [DeviceAction] {
        let end = now + duration
        var done = actions()
        while let deadline = machine.nextDeadline, deadline <= end {
            now = max(now, deadline)
            machine.deadlineReached(now: now)
            done += actions()
        }
        now = end
        return done
    }

    /// What the next life would find if the device crashed now.
    var snapshot: OutboxSnapshot {
        get throws { try outbox.open() }
    }

    /// The messages that the next life would find.
    var stored: [PendingMessage] {
        get throws { try snapshot.messages }
    }

    // MARK: Short forms of events

    @discardableResult
    mutating func send(
        _ id: String, to: String? = Sample.address, app: CloudMessaging.Category = Sample.courier,
        timeToLive: Int? = nil, data: DataPayload = .empty
    ) -> SendOutcome {
        let request = SendRequest(
            category: app, to: to, id: id, data: data, timeToLive: timeToLive)
        return machine.send(request, now: now)
    }

    /// Goes online with an identity and a token for every app that is known.
    @discardableResult
    mutating func comeOnline() -> [DeviceAction] {
        machine.goOnline(now: now)
        return settle()
    }

    /// A device whose app has its token and nothing to do.
    static func online(_ settings: DeviceSettings = TestDevice.plainSettings) throws -> TestDevice {
        var device = try TestDevice(settings)
        _ = device.machine.register(Sample.courier, senders: [Sample.sender])
        device.comeOnline()
        return device
    }

    /// Plays a relay that grants everything except uploads, which stay unanswered.
    @discardableResult
    mutating func settle() -> [DeviceAction] {
        var done: [DeviceAction] = []
        var next = actions()
        while !next.isEmpty {
            done += next
            for action in next { grant(action) }
            next = actions()
        }
        return done
    }

    private mutating func grant(_ action: DeviceAction) {
        switch action {
        case .connect: machine.linkOpened()
        case .checkIn: machine.checkedIn(Sample.identity)
        case .authenticate: machine.linkReady(now: now)
        case .register(let category, let senders):
            machine.registered(Sample.registration(category, senders), now: now)
        default: break
        }
    }

    mutating func take(_ count: Int) -> [DeviceAction] {
        machine.taken(count: count, now: now)
        return actions()
    }

    mutating func lose(_ loss: LinkLoss = .dropped) -> [DeviceAction] {
        machine.linkLost(loss, now: now)
        return actions()
    }
}

enum Sample {
    static let courier = category("com.example.courier")
    static let depot = category("com.example.depot")
    static let sender = senderID("555000111222")
    static let otherSender = senderID("4711")
    static let address = "555000111222@gcm.googleapis.com"
    static let otherAddress = "4711@gcm.googleapis.com"
    static let identity = DeviceIdentity(id: DeviceID(17), securityToken: "secret")

    static func category(_ text: String) -> CloudMessaging.Category {
        guard let category = CloudMessaging.Category(text) else { fatalError(text) }
        return category
    }

    static func senderID(_ text: String) -> SenderID {
        guard let sender = SenderID(text) else { fatalError(text) }
        return sender
    }

    static func registration(
        _ category: CloudMessaging.Category, _ senders: [SenderID]
    ) -> AppRegistration {
        AppRegistration(
            category: category, token: RegistrationToken("token:" + category.text),
            senders: senders)
    }
}

extension [DeviceAction] {
    var uploads: [PendingMessage] {
        compactMap { if case .upload(let message, _) = $0 { message } else { nil } }
    }

    var uploadedIDs: [String] { uploads.map(\.id.text) }

    /// The IDs in each batch of sent callbacks.
    var sentBatches: [[String]] {
        compactMap { if case .sent(let batch) = $0 { batch.map(\.id.text) } else { nil } }
    }

    var errors: [String] {
        compactMap {
            if case .sendError(let message, let error) = $0 {
                "\(message.id) \(error.androidName)"
            } else {
                nil
            }
        }
    }

    var acceptedIDs: [String] {
        compactMap { if case .accepted(let message) = $0 { message.id.text } else { nil } }
    }
}
