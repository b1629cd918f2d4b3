import CloudMessaging
import DeviceMachine
import MessageStore
import Testing

/// A device driven by chance: apps that send, a relay that answers when it likes, links that
/// break, an outbox that stores late or not at all, crashes.
///
/// After every step it checks what must hold whatever happens; it knows nothing of how the
/// machine does it.
struct RandomWalk {
    private var device: TestDevice
    private var entropy: Entropy
    private let seed: UInt64
    private var batch: OutboxBatch?
    private var link = Link.none
    /// What the machine asked the relay and the relay did not yet answer.
    private var questions: [DeviceAction] = []
    /// Uploads of this link, in the order of writing, and how many of them are covered.
    private var wire: [PendingMessage] = []
    private var refusedOnWire: [UploadID] = []
    private var covered = 0
    /// For a while the relay may answer nothing, so that queue and window fill up.
    private var relayIsMute = false
    private var ledger = Ledger()

    private enum Link { case none, connecting, open, authenticating, online }

    private static let apps = (1...5).map { Sample.category("com.example.app\($0)") }
    private static let addresses = [Sample.address, Sample.otherAddress]

    init(seed: UInt64) throws {
        self.seed = seed
        entropy = Entropy(seed: seed)
        var settings = DeviceSettings()
        settings.sentBatch = 3
        device = try TestDevice(settings)
        device.storesAtOnce = false
    }

    /// Takes the steps, then lets everything come to an end; returns how many outcomes there were.
    mutating func run(steps: Int) throws -> Ledger {
        for index in 0..<steps {
            relayIsMute = index / 400 % 3 == 1
            try step()
            check()
        }
        try finish()
        return ledger
    }

    // MARK: Steps

    private mutating func step() throws {
        switch draw(100) {
        case 0..<30: send()
        case 30..<50: moveOutbox()
        case 50..<75: moveRelay()
        case 75..<88: wait(.milliseconds(draw(400)))
        case 88..<90: wait(.seconds(draw(40)))
        case 90..<91: loseLink()
        case 91..<97: device.machine.goOnline(now: device.now)
        case 97..<98 where draw(3) == 0: goOffline()
        case 98..<99 where draw(2) == 0: try draw(3) == 0 ? end() : crash()
        case 99: _ = device.machine.register(Self.apps[draw(5)], senders: [Sample.otherSender])
        default: break
        }
        carryOut()
    }

    private mutating func draw(_ bound: Int) -> Int {
        Int(entropy.next() % UInt64(bound))
    }

    private mutating func send() {
        // The first apps are the busiest, so that they meet their limit.
        let app = Self.apps[min(draw(5), draw(5))]
        let timeToLive = [0, 2, 600, 600, 600][draw(5)]
        let hadRoom = device.machine.hasRoom(for: app)
        let outcome = device.send(
            "m-\(draw(50))", to: Self.addresses[draw(2)], app: app, timeToLive: timeToLive)
        switch outcome {
        case .taken(let number): ledger.taken(number)
        case .refused(.tooManyMessages):
            #expect(!hadRoom, "seed \(seed)")
            ledger.refusedForLimit += 1
        case .refused(let error):
            #expect(error == .serviceNotAvailable && timeToLive == 0, "seed \(seed)")
        }
    }

    private mutating func moveOutbox() {
        guard let batch else {
            self.batch = device.machine.takeOutboxBatch()
            return
        }
        self.batch = nil
        switch draw(20) {
        case 0:
            device.machine.outboxFailed(StoreFailure(.unavailable, "full"), now: device.now)
        case 1:
            if draw(2) == 0 { _ = device.outbox.execute(batch) }
            device.machine.outboxFailed(StoreFailure(.unknownOutcome, "?"), now: device.now)
        default:
            _ = device.outbox.execute(batch)
            device.machine.outboxCommitted(now: device.now)
        }
    }

    private mutating func moveRelay() {
        switch link {
        case .none: break
        case .connecting:
            link = .open
            device.machine.linkOpened()
        case .open:
            guard questions.contains(.checkIn) else { return }
            questions = []
            let id = DeviceID(Int64(1 + draw(1_000_000)))
            device.machine.checkedIn(DeviceIdentity(id: id, securityToken: "s"))
        case .authenticating:
            if draw(20) == 0 {
                device.machine.identityUnknown(now: device.now)
            } else {
                link = .online
                device.machine.linkReady(now: device.now)
            }
        case .online: answer()
        }
    }

    private mutating func answer() {
        if !questions.isEmpty, draw(2) == 0 {
            guard case .register(let category, let senders) = questions.removeFirst() else {
                return
            }
            switch draw(6) {
            case 0:
                device.machine.registrationRefused(category, .serviceNotAvailable, now: device.now)
            case 1:
                device.machine.registrationRefused(category, .invalidParameters, now: device.now)
            default:
                device.machine.registered(
                    Sample.registration(category, senders), now: device.now)
            }
        } else if relayIsMute {
            return
        } else if covered < wire.count, draw(6) == 0 {
            let upload = wire[covered + draw(wire.count - covered)]
            guard !refusedOnWire.contains(upload.uploadID) else { return }
            refusedOnWire.append(upload.uploadID)
            device.machine.refused(upload.uploadID, .invalidParameters, now: device.now)
        } else if covered < wire.count {
            covered += 1 + draw(wire.count - covered)
            device.machine.taken(count: covered, now: device.now)
        }
    }

    private mutating func wait(_ duration: Duration) {
        let end = device.now + duration
        while let deadline = device.machine.nextDeadline, deadline <= end {
            device.now = max(device.now, deadline)
            device.machine.deadlineReached(now: device.now)
            carryOut()
            // A deadline that stays behind would be called for ever.
            if let next = device.machine.nextDeadline {
                #expect(next > device.now, "seed \(seed): a deadline was not met")
                guard next > device.now else { return }
            }
        }
        device.now = end
    }

    private mutating func loseLink() {
        guard link != .none else { return }
        closeLink()
        device.machine.linkLost(draw(5) == 0 ? .replaced : .dropped, now: device.now)
    }

    private mutating func goOffline() {
        closeLink()
        device.machine.goOffline(now: device.now)
    }

    private mutating func closeLink() {
        link = .none
        questions = []
        wire = []
        refusedOnWire = []
        covered = 0
    }

    private mutating func crash() throws {
        // The batch under way may or may not have reached the disk.
        if let batch, draw(2) == 0 { _ = device.outbox.execute(batch) }
        batch = nil
        closeLink()
        try restart()
    }

    private mutating func end() throws {
        device.machine.shutDown(now: device.now)
        carryOut()
        while let next = batch ?? device.machine.takeOutboxBatch() {
            batch = nil
            _ = device.outbox.execute(next)
            device.machine.outboxCommitted(now: device.now)
            carryOut()
        }
        let stored = try device.stored
        #expect(Set(stored.map(\.number)) == ledger.open, "seed \(seed)")
        #expect(stored.allSatisfy { $0.state == .pending }, "seed \(seed)")
        try restart()
    }

    private mutating func restart() throws {
        try device.restart(after: .seconds(draw(3)))
        device.storesAtOnce = false
        ledger.beginLife(try device.stored)
    }

    // MARK: What the driver does

    private mutating func carryOut() {
        while let action = device.machine.nextAction() {
            switch action {
            case .connect:
                #expect(link == .none, "seed \(seed)")
                link = .connecting
            case .disconnect: closeLink()
            case .checkIn, .register: questions.append(action)
            case .authenticate: link = .authenticating
            case .upload(let message, let timeToLive): upload(message, timeToLive)
            case .sent(let batch):
                #expect(batch.count <= 3, "seed \(seed)")
                for message in batch { ledger.outcome(message.number, seed: seed) }
            case .sendError(let message, _): ledger.outcome(message.number, seed: seed)
            case .accepted(let message): ledger.accepted(message.number, seed: seed)
            case .online, .offline, .registered, .registrationRefused: break
            case .tokenRefreshed, .joinedGroup: break
            case .received, .messagesDeleted, .deliveryDropped, .request, .answered:
                Issue.record("seed \(seed): nothing was delivered or asked")
            }
        }
    }

    private mutating func upload(_ message: PendingMessage, _ timeToLive: Int) {
        #expect(link == .online, "seed \(seed)")
        #expect((timeToLive == 0) == (message.timeToLive == 0), "seed \(seed)")
        #expect(message.timeToLive == 0 || message.expiry > device.now, "seed \(seed)")
        ledger.uploaded(message, seed: seed)
        if message.timeToLive > 0 {
            // In the order of taking, among the messages of one app on one link.
            let earlier = wire.last { $0.category == message.category && $0.timeToLive > 0 }
            #expect(earlier.map { $0.number < message.number } ?? true, "seed \(seed)")
            #expect(stores(message), "seed \(seed): \(message.number) was not durable")
        }
        wire.append(message)
        #expect(wire.count - covered <= 64, "seed \(seed)")
        ledger.widestWindow = max(ledger.widestWindow, wire.count - covered)
    }

    private func stores(_ message: PendingMessage) -> Bool {
        (try? device.stored)?.contains { $0.number == message.number } ?? false
    }

    // MARK: What must hold

    private func check() {
        for app in Self.apps {
            #expect((0...20).contains(device.machine.pendingCount(of: app)), "seed \(seed)")
        }
    }

    /// A fair relay and a fair outbox to the end: every message taken has its outcome.
    private mutating func finish() throws {
        relayIsMute = false
        device.machine.goOnline(now: device.now)
        var rounds = 0
        while rounds < 2_000, !(ledger.isSettled && batch == nil) || rounds < 10 {
            rounds += 1
            carryOut()
            if let batch {
                self.batch = nil
                _ = device.outbox.execute(batch)
                device.machine.outboxCommitted(now: device.now)
            } else {
                batch = device.machine.takeOutboxBatch()
            }
            carryOut()
            moveRelay()
            carryOut()
            wait(.milliseconds(100))
        }
        #expect(ledger.isSettled, "seed \(seed): \(ledger.open.sorted()) had no outcome")
        for app in Self.apps {
            #expect(device.machine.pendingCount(of: app) == 0, "seed \(seed)")
        }
        wait(.seconds(2))
        while let batch = device.machine.takeOutboxBatch() {
            _ = device.outbox.execute(batch)
            device.machine.outboxCommitted(now: device.now)
        }
        #expect(try device.stored == [], "seed \(seed)")
    }
}

/// What became of each message, kept apart from the machine.
struct Ledger {
    /// Taken or restored in this life, without an outcome.
    private(set) var open: Set<Int64> = []
    private(set) var outcomes = 0
    private(set) var lives = 1
    var refusedForLimit = 0
    var widestWindow = 0
    private var uploadIDs: [Int64: UploadID] = [:]

    var isSettled: Bool { open.isEmpty }

    mutating func taken(_ number: Int64) {
        open.insert(number)
    }

    mutating func accepted(_ number: Int64, seed: UInt64) {
        #expect(open.contains(number), "seed \(seed)")
    }

    mutating func uploaded(_ message: PendingMessage, seed: UInt64) {
        #expect(open.contains(message.number), "seed \(seed)")
        let known = uploadIDs.updateValue(message.uploadID, forKey: message.number)
        #expect(known == nil || known == message.uploadID, "seed \(seed)")
    }

    /// Exactly one for each message and life.
    mutating func outcome(_ number: Int64, seed: UInt64) {
        #expect(open.remove(number) != nil, "seed \(seed): \(number) had two outcomes, or none due")
        outcomes += 1
    }

    /// What was stored must have its outcome in the new life; what was not is gone.
    mutating func beginLife(_ stored: [PendingMessage]) {
        lives += 1
        open = Set(stored.map(\.number))
        uploadIDs = [:]
        for message in stored { uploadIDs[message.number] = message.uploadID }
    }
}
