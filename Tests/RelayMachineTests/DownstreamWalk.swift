import CloudMessaging
import MessageStore

@testable import RelayMachine

/// App servers that send down, devices that come, go and confirm, and a store that does anything,
/// in an order that the seed rules.
final class DownstreamWalk {
    private struct PhoneState {
        let phone: Phone
        var isOnline = true
        /// What its stream carries without a confirmation, oldest first; nil: a notice.
        var onWire: [DownstreamMessage?] = []
    }

    private struct Receipt {
        let pair: MessagePair
        let connection: ConnectionID
    }

    let relay: RelayConversation
    private(set) var ledger: DownstreamLedger
    /// Every deed of the relay: the same for the same seed.
    private(set) var journal: [String] = []
    private var entropy: Entropy
    private var phones: [PhoneState] = []
    private var live: [ConnectionID] = []
    private var closing: [ConnectionID] = []
    private var held: [ConnectionID] = []
    private var receipts: [Receipt] = []
    private var lastName = 0
    /// The mailboxes before the batch that the store executes.
    private var stored: [Set<MailboxKey>] = []
    /// Messages that left a mailbox without a confirmation.
    private(set) var dropped = 0
    private let limit = 4

    /// Phones confirm once where they could so many times.
    private let reluctance: Int

    init(seed: UInt64, reluctance: Int = 1) {
        self.reluctance = reluctance
        let limit = limit
        relay = RelayConversation(seed: seed) {
            $0.maxUnansweredRequests = limit
            $0.drainGrace = .seconds(3)
        }
        ledger = DownstreamLedger()
        entropy = Entropy(seed: seed)
        phones = (0..<3).map { _ in PhoneState(phone: relay.phone(senders: [.shop])) }
        for state in phones {
            state.phone.takesDeliveries()
            relay.event {
                $0.appRequested(
                    .subscribe(TopicName("news")!), of: state.phone.category, request: "topic",
                    on: state.phone.stream)
            }
        }
        relay.observer = { [unowned self] in note($0) }
        relay.storeForeteller = { [unowned self] _ in stored = mailboxes() }
        relay.storeObserver = { [unowned self] in executed($0) }
    }

    private func pick(_ count: Int) -> Int { Int(entropy.next() % UInt64(count)) }

    // MARK: What the relay does

    private func note(_ action: RelayAction) {
        switch action {
        case .answer(.ack, _, let id, let connection):
            ledger.answered(id.text, on: connection, isTaken: true)
        case .answer(.nack, _, let id, let connection):
            ledger.answered(id.text, on: connection, isTaken: false)
        case .transmit(let receipt, let connection, _, _):
            receipts.append(Receipt(pair: receipt.pair, connection: connection))
        case .resumeRequests(let connection):
            held.removeAll { $0 == connection }
        case .deliver(let delivery, let stream):
            delivered(delivery, on: stream)
        case .closeConnection(let connection, _):
            closing.append(connection)
        default:
            break
        }
    }

    private func delivered(_ delivery: Delivery, on stream: DeviceStreamID) {
        guard let index = phones.firstIndex(where: { $0.phone.stream == stream }) else { return }
        ledger.require(phones[index].isOnline, "\(stream) is gone and gets a delivery")
        switch delivery {
        case .message(let message, _):
            ledger.delivered(message, to: index, now: relay.now)
            phones[index].onWire.append(message)
        case .deletion:
            ledger.overflowed(index)
            phones[index].onWire.append(nil)
        }
        ledger.require(
            phones[index].onWire.count <= Limits.unacknowledgedDeliveries,
            "\(phones[index].onWire.count) deliveries are on the wire")
    }

    // MARK: The store

    /// The keys in the mailboxes of each phone.
    private func mailboxes() -> [Set<MailboxKey>] {
        var batch = StoreBatch()
        // Registrations count from 1, and each phone has one.
        batch.mailboxReads = phones.indices.map {
            MailboxRead(registration: Int64($0 + 1), after: 0, limit: 100_000)
        }
        return relay.store.execute(batch).mailboxes.map { Set($0.messages.map(\.key)) }
    }

    /// What left the mailboxes without a confirmation was displaced or dropped, or its time was
    /// over: the wire has none of it.
    private func executed(_ batch: StoreBatch) {
        ledger.executed(batch)
        guard batch.downstream.hasDeposits else { return }
        for (index, after) in mailboxes().enumerated() {
            let gone = stored[index].subtracting(after).subtracting(batch.downstream.removals)
            dropped += gone.count
            for message in phones[index].onWire.lazy.compactMap(\.self)
            where message.expiry > relay.now {
                ledger.require(
                    !gone.contains(message.key), "\(message.id) is dropped while on the wire")
            }
        }
    }

    // MARK: Steps

    func step() {
        switch pick(1_000) {
        case ..<350: request()
        case ..<600: confirm()
        case ..<680: relay.advance(by: .milliseconds(pick(1_500)))
        case ..<690: relay.advance(by: .seconds(pick(15)))
        case ..<720: acknowledge()
        case ..<730: connect()
        case ..<750: disconnect()
        case ..<760: drain()
        case ..<830: comeOrGo(pick(phones.count))
        case ..<860: changeStore()
        case ..<990: relay.storeAnswersOnce()
        case ..<995: crash(executingBatch: false)
        default: crash(executingBatch: true)
        }
        for connection in closing where live.contains(connection) { close(connection) }
        closing = []
        check()
    }

    private func request() {
        guard let connection = live.randomElement(using: &entropy) else { return }
        let takes = relay.machine.takesRequests(on: connection)
        ledger.require(
            takes != held.contains(connection), "\(connection) is held, or goes on: not so")
        guard takes else { return }
        for _ in 0...pick(3) where relay.machine.takesRequests(on: connection) {
            request(on: connection)
        }
    }

    private func request(on connection: ConnectionID) {
        lastName += 1
        let name = "d\(lastName)"
        let index = pick(phones.count)
        let isTopic = pick(6) == 0
        let isCollapsible = pick(5) == 0
        let timeToLive = [0, 3, 20_000, 20_000, 20_000][pick(5)]
        let devices = isTopic ? Array(phones.indices) : [index]
        let addressee = isTopic ? "/topics/news" : phones[index].phone.token.text
        ledger.requested(
            name, on: connection, isToTopic: isTopic, isCollapsible: isCollapsible,
            timeToLive: isTopic ? max(1, timeToLive) : timeToLive, to: devices, now: relay.now)
        relay.request(
            name, to: addressee, on: connection, ttl: timeToLive,
            collapseKey: isCollapsible ? "key\(pick(3))" : nil, receipt: pick(3) == 0)
        if !relay.machine.takesRequests(on: connection), !held.contains(connection) {
            held.append(connection)
        }
    }

    private func confirm() {
        let index = pick(phones.count)
        guard phones[index].isOnline, !phones[index].onWire.isEmpty, pick(reluctance) == 0
        else { return }
        confirm(1 + pick(phones[index].onWire.count), by: index)
    }

    private func confirm(_ count: Int, by index: Int) {
        for message in phones[index].onWire.prefix(count) {
            if let message { ledger.confirmed(message, by: index) }
        }
        phones[index].onWire.removeFirst(count)
        phones[index].phone.confirms(count)
    }

    private func acknowledge() {
        guard !receipts.isEmpty else { return }
        let receipt = receipts.remove(at: pick(receipts.count))
        relay.acknowledge(receipt.pair, on: receipt.connection)
    }

    private func acknowledgeAll() {
        // The others may be draining.
        live.append(relay.connect())
        relay.advance(by: .seconds(200))
        while let receipt = receipts.popLast() {
            relay.acknowledge(receipt.pair, on: receipt.connection)
            relay.advance(by: .milliseconds(1))
        }
        relay.advance(by: .seconds(1))
        ledger.require(relay.counters.live == 0, "receipts are left: \(relay.counters)")
        ledger.require(relay.storedMessages == 0, "the store keeps receipts")
    }

    private func connect() {
        guard live.count < 4 else { return }
        live.append(relay.connect())
    }

    private func disconnect() {
        guard let connection = live.randomElement(using: &entropy) else { return }
        close(connection)
    }

    private func close(_ connection: ConnectionID) {
        live.removeAll { $0 == connection }
        held.removeAll { $0 == connection }
        ledger.closed(connection)
        relay.disconnect(connection)
    }

    private func drain() {
        guard let connection = live.randomElement(using: &entropy) else { return }
        relay.drain(connection)
    }

    private func comeOrGo(_ index: Int) {
        let phone = phones[index].phone
        let earlier = phone.stream
        guard phones[index].isOnline, pick(4) > 0 else { return come(index) }
        // Gone, or replaced by a newer login first.
        if pick(2) == 0 {
            phones[index].isOnline = false
            phones[index].onWire = []
            phone.disconnects()
            ledger.broken(index)
        } else {
            come(index)
            relay.event { $0.streamClosed(earlier) }
        }
    }

    private func come(_ index: Int) {
        phones[index].onWire = []
        ledger.broken(index)
        phones[index].isOnline = phones[index].phone.reconnects()
        if phones[index].isOnline { phones[index].phone.takesDeliveries() }
    }

    private func changeStore() {
        relay.storeAnswersOnce()
        relay.manner = [.prompt, .prompt, .slow, .slow, .refuses, .losesAnswers][pick(6)]
    }

    private func crash(executingBatch: Bool) {
        keepJournal()
        relay.crash(executingBatch: executingBatch)
        relay.manner = .prompt
        ledger.crashed()
        live = []
        held = []
        closing = []
        for index in phones.indices { come(index) }
    }

    // MARK: Checks

    private func check() {
        keepJournal()
        ledger.require(relay.counters.live >= 0, "negative: \(relay.counters)")
        for queue in relay.machine.senders {
            for connection in queue.connections {
                let open = ledger.open(on: connection.id)
                ledger.require(
                    connection.unansweredRequests == open && open <= limit,
                    "\(connection.id) waits for \(connection.unansweredRequests), not \(open)")
            }
            for lane in queue.lanes {
                ledger.require(lane.heldCount >= 0 && lane.inFlight >= 0, "a lane lost count")
            }
        }
    }

    private func keepJournal() {
        journal += relay.said()
    }

    // MARK: The end

    /// Everybody behaves well from now on: everything that was taken arrives.
    func finish() {
        relay.manner = .prompt
        relay.storeAnswersOnce()
        relay.advance(by: .seconds(6))
        ledger.require(ledger.isAnswered(live), "a request has no answer")
        for index in phones.indices { come(index) }
        while let index = phones.firstIndex(where: { !$0.onWire.isEmpty }) {
            confirm(phones[index].onWire.count, by: index)
        }
        acknowledgeAll()
        let lost = ledger.lost(now: relay.now)
        ledger.require(lost.isEmpty, "lost: \(lost)")
        for index in phones.indices { come(index) }
        ledger.require(phones.allSatisfy(\.onWire.isEmpty), "a mailbox is not empty")
        check()
    }
}
