import CloudMessaging
import MessageStore

@testable import RelayMachine

/// A relay without a network: the machine, a store in memory and a clock moved by hand.
///
/// Every event is followed by the round that a driver makes: actions out, batch to the store,
/// results back. `said()` tells what the relay did, one line a deed.
final class RelayConversation {
    /// What becomes of a batch with changes.
    enum StoreManner {
        case prompt
        /// The batch stays under way until `storeAnswers()`.
        case slow
        case refuses
        /// Every batch with changes fails for good, as on a disk that is damaged.
        case isBroken
        /// Nothing can be read, and nothing is changed.
        case cannotRead
        /// The batch is executed, and its answer gets lost.
        case losesAnswers
    }

    static let fullDisk = StoreFailure(.unavailable, "the disk is full")
    static let brokenDisk = StoreFailure(.broken, "the disk is broken")
    static let brokenConnection = StoreFailure(.unknownOutcome, "the connection broke")

    let store = InMemoryStore()
    let settings: RelaySettings
    let seed: UInt64
    private(set) var machine: RelayMachine
    /// What the store held when this life of the relay began.
    private(set) var snapshot: StoreSnapshot
    private(set) var now = Instant(nanoseconds: 1_000_000_000_000)
    var manner = StoreManner.prompt
    /// A slow store's batch.
    private(set) var underWay: StoreBatch?
    /// Whether several events make one round.
    private var isGathering = false
    private var lines: [String] = []
    /// Called with every action, before it becomes a line.
    var observer: ((RelayAction) -> Void)?
    /// Called with every batch that the store has executed, whether or not its answer arrives.
    var storeObserver: ((StoreBatch) -> Void)?
    /// Called with every batch that the store is about to execute.
    var storeForeteller: ((StoreBatch) -> Void)?
    private(set) var notes: [RelayNote] = []
    /// What the store meets in every batch.
    var damagedRows: [DamagedRow] = []
    var lastStream = 0
    var lastConnection = 0
    var lastUpload = 0

    init(seed: UInt64 = 1, _ adjust: (inout RelaySettings) -> Void = { _ in }) {
        var settings = RelaySettings()
        settings.retry.jitter = 0
        adjust(&settings)
        self.settings = settings
        self.seed = seed
        (machine, snapshot) = Self.begin(store, settings, seed: seed)
    }

    private static func begin(
        _ store: InMemoryStore, _ settings: RelaySettings, seed: UInt64
    ) -> (RelayMachine, StoreSnapshot) {
        guard let snapshot = try? store.open() else { fatalError("a store in memory opens") }
        let machine = RelayMachine(settings: settings, snapshot: snapshot, seed: seed) {
            $0.reversed()
        }
        return (machine, snapshot)
    }

    // MARK: Rounds

    /// Hands the machine an event, and makes the round that a driver makes after it.
    func event(_ handle: (inout RelayMachine) -> Void) {
        handle(&machine)
        if !isGathering { makeRound() }
    }

    /// Events that happen in one round.
    func inOneRound(_ events: () -> Void) {
        isGathering = true
        events()
        isGathering = false
        makeRound()
    }

    private func makeRound() {
        takeActions()
        while underWay == nil, let batch = machine.takeBatch(now: now) {
            guard manner != .slow || !batch.hasChanges else {
                underWay = batch
                return
            }
            machine.storeAnswered(execute(batch), now: now)
            takeActions()
        }
    }

    private func takeActions() {
        for action in machine.takeActions() {
            observer?(action)
            if case .note(let note) = action { notes.append(note) }
            lines += words(for: action)
        }
    }

    /// What the relay did since the last question.
    func said() -> [String] {
        defer { lines = [] }
        return lines
    }

    /// What it transmitted since the last question; other deeds are passed over.
    func sent() -> [String] {
        said().filter { $0.contains(" → ") }
    }

    // MARK: Time

    func advance(by duration: Duration) {
        advance(to: now + duration)
    }

    /// Lets time pass; every deadline is kept to the nanosecond.
    func advance(to end: Instant) {
        var idleRounds = 0
        while machine.nextDeadline <= end {
            idleRounds = machine.nextDeadline > now ? 0 : idleRounds + 1
            guard idleRounds < 100 else {
                fatalError("the relay asks for an instant again and again")
            }
            now = max(now, machine.nextDeadline)
            event { $0.deadlineReached(now: now) }
        }
        now = end
    }

    // MARK: The store

    private func execute(_ batch: StoreBatch) -> StoreResults {
        switch manner {
        case .prompt, .slow:
            return executed(batch)
        case .refuses, .isBroken:
            store.failure = manner == .refuses ? Self.fullDisk : Self.brokenDisk
            defer { store.failure = nil }
            return store.execute(batch)
        case .cannotRead:
            var results = StoreResults()
            results.failure = Self.brokenDisk
            return results
        case .losesAnswers:
            var results = executed(batch)
            if batch.hasChanges { results.failure = Self.brokenConnection }
            return results
        }
    }

    private func executed(_ batch: StoreBatch) -> StoreResults {
        storeForeteller?(batch)
        defer { storeObserver?(batch) }
        var results = store.execute(batch)
        results.damagedRows = damagedRows
        return results
    }

    /// A slow store has done the batch under way; later ones find it prompt.
    func storeAnswers() {
        manner = .prompt
        storeAnswersOnce()
    }

    /// A slow store has done the batch under way; what gathered meanwhile becomes the next one.
    func storeAnswersOnce() {
        guard let batch = underWay else { return }
        underWay = nil
        let results = executed(batch)
        event { $0.storeAnswered(results, now: now) }
    }

    /// A slow store has failed with the batch under way.
    func storeFails() {
        guard let batch = underWay else { return }
        underWay = nil
        let results = execute(batch)
        event { $0.storeAnswered(results, now: now) }
    }

    /// The relay's process ends without a word, and begins anew with what the store has kept.
    func crash(executingBatch: Bool = false) {
        if executingBatch, let batch = underWay { _ = executed(batch) }
        underWay = nil
        (machine, snapshot) = Self.begin(store, settings, seed: seed)
        lines = []
    }

    /// Messages that the store holds.
    var storedMessages: Int {
        machine.senders.reduce(0) { count, sender in
            var batch = StoreBatch()
            batch.laneReads = sender.lanes.map {
                LaneRead(lane: $0.id, after: $0.id.start, through: nil, limit: .max)
            }
            return count + store.execute(batch).lanes.reduce(0) { $0 + $1.count }
        }
    }

    // MARK: Words

    private func words(for action: RelayAction) -> [String] {
        if case .taken(let first, let count, _) = action {
            return (0..<count).map { "taken \(first &+ Ticket($0))" }
        }
        return line(for: action).map { [$0] } ?? []
    }

    private func line(for action: RelayAction) -> String? {
        switch action {
        case .transmit(let message, let connection, let attempt, _):
            "\(message.id) → \(connection)" + (attempt > 1 ? ", attempt \(attempt)" : "")
        case .rejectAcknowledgement(let pair, let connection): "406 for \(pair.id) on \(connection)"
        case .announceDraining(let connection): "draining \(connection)"
        case .answer(.ack(nil), _, let id, let connection): "ack \(id) on \(connection)"
        case .answer(.ack(let canonical?), _, let id, let connection):
            "ack \(id) on \(connection), now \(canonical)"
        case .answer(.nack(let error, _), _, let id, let connection):
            "\(error.rawValue) \(id) on \(connection)"
        case .answer(.group(let reached, let failed), _, let id, let connection):
            "\(id) reaches \(reached), not \(failed.count) on \(connection)"
        case .resumeRequests(let connection): "\(connection) may go on"
        case .deliver(.message(let message, let sender), _):
            "deliver \(message.id) of \(message.topic?.address ?? sender.text)"
        case .deliver(.deletion(let notice, _), _): "\(notice.total) deleted"
        case .closeConnection(let connection, let reason): "close \(connection): \(reason)"
        case .refuse(let ticket, _, let error, _): "refused \(ticket): \(error)"
        case .checkedIn: "checked in"
        case .authenticated: "authenticated"
        case .authenticationRefused: "authentication refused"
        case .registered: "registered"
        case .registrationRefused(let error, _, _, _): "registration refused: \(error)"
        case .appRequestAnswered(.done, _, _): "done"
        case .appRequestAnswered(.refreshed, _, _): "refreshed"
        case .appRequestAnswered(.joined, _, _): "joined"
        case .appRequestAnswered(.refused(let error, _), _, _): "refused: \(error)"
        case .closeStream(let stream, let reason): "close \(stream): \(reason)"
        case .pauseUploads: "pause uploads"
        case .resumeUploads: "resume uploads"
        case .taken, .note, .tell: nil
        }
    }
}
