import CloudMessaging

@testable import RelayMachine

/// What a random walk downstream knows must hold, kept apart from the machine: every request, its
/// answer, and what became of it on each device.
struct DownstreamLedger {
    private struct Entry {
        let connection: ConnectionID
        let order: Int
        let isToTopic: Bool
        let isCollapsible: Bool
        let expiry: Instant
        /// The devices that have yet to confirm it.
        var missing: [Int]
        var isAnswered = false
        var isTaken = false
    }

    private struct Confirmation: Hashable {
        let name: String
        let device: Int
    }

    private(set) var violations: [String] = []
    private var entries: [String: Entry] = [:]
    /// In the order of the requests.
    private var names: [String] = []
    private var openRequests: [ConnectionID: Int] = [:]
    /// What was confirmed, and where it lay.
    private var confirmed: [Confirmation: MailboxKey] = [:]
    /// What the store was told to remove.
    private var removed: Set<MailboxKey> = []
    /// The last message that a device's stream carried, and the last one that was not to a topic,
    /// by the order of the requests.
    private var lastOnStream: [Int: Int64] = [:]
    private var lastRequest: [Int: Int] = [:]

    mutating func require(_ condition: Bool, _ violation: @autoclosure () -> String) {
        if !condition { violations.append(violation()) }
    }

    // MARK: Requests

    mutating func requested(
        _ name: String, on connection: ConnectionID, isToTopic: Bool, isCollapsible: Bool,
        timeToLive: Int, to devices: [Int], now: Instant
    ) {
        entries[name] = Entry(
            connection: connection, order: names.count, isToTopic: isToTopic,
            isCollapsible: isCollapsible, expiry: now + .seconds(timeToLive), missing: devices)
        names.append(name)
        openRequests[connection, default: 0] += 1
    }

    mutating func answered(_ name: String, on connection: ConnectionID, isTaken: Bool) {
        guard let entry = entries[name] else { return require(false, "\(name) is unknown") }
        require(!entry.isAnswered, "\(name) was answered twice")
        require(entry.connection == connection, "\(name) was answered on \(connection)")
        entries[name]?.isAnswered = true
        entries[name]?.isTaken = isTaken
        openRequests[connection, default: 0] -= 1
    }

    func open(on connection: ConnectionID) -> Int { openRequests[connection] ?? 0 }

    mutating func closed(_ connection: ConnectionID) { openRequests[connection] = nil }

    func isAnswered(_ connections: [ConnectionID]) -> Bool {
        connections.allSatisfy { open(on: $0) == 0 }
    }

    // MARK: Deliveries

    mutating func delivered(_ message: DownstreamMessage, to device: Int, now: Instant) {
        let name = message.id.text
        guard let entry = entries[name] else { return require(false, "\(name) is unknown") }
        require(
            confirmed[Confirmation(name: name, device: device)] == nil,
            "\(name) comes again to device \(device), which confirmed it")
        // A message that is never stored overtakes those that wait.
        guard message.timeToLive > 0 else { return }
        require(message.expiry > now, "\(name) had expired")
        require(
            lastOnStream[device] ?? 0 < message.key.sequence,
            "\(name) is out of order on device \(device)")
        lastOnStream[device] = message.key.sequence
        guard !entry.isToTopic else { return }
        require(
            lastRequest[device] ?? -1 < entry.order,
            "\(name) comes after a later request on device \(device)")
        lastRequest[device] = entry.order
    }

    mutating func confirmed(_ message: DownstreamMessage, by device: Int) {
        let name = message.id.text
        entries[name]?.missing.removeAll { $0 == device }
        confirmed[Confirmation(name: name, device: device)] = message.key
    }

    /// A mailbox has overflowed: the device is told to ask for everything.
    mutating func overflowed(_ device: Int) {
        for name in names { entries[name]?.missing.removeAll { $0 == device } }
    }

    /// A device's stream is gone.
    mutating func broken(_ device: Int) {
        lastOnStream[device] = nil
        lastRequest[device] = nil
    }

    // MARK: The store and crashes

    mutating func executed(_ batch: StoreBatch) {
        removed.formUnion(batch.downstream.removals)
    }

    /// A confirmation whose removal had not reached the store may be forgotten.
    mutating func crashed() {
        confirmed = confirmed.filter { removed.contains($0.value) }
        openRequests = [:]
        lastOnStream = [:]
        lastRequest = [:]
    }

    // MARK: The end

    /// Taken messages that are on no device: collapsible and expired ones excepted.
    func lost(now: Instant) -> [String] {
        names.filter { name in
            guard let entry = entries[name], entry.isTaken, !entry.isCollapsible else {
                return false
            }
            return entry.expiry > now && !entry.missing.isEmpty
        }
    }
}
