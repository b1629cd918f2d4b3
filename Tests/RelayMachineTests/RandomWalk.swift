import CloudMessaging

@testable import RelayMachine

/// Devices, app servers, a store and a clock that do anything, in an order that the seed rules.
final class RandomWalk {
    private struct PhoneState {
        let phone: Phone
        var isOnline = true
        /// Uploads without an answer, in order: sent again after a reconnect.
        var pending: [String] = []
        var answered: [String] = []
    }

    let relay: RelayConversation
    private(set) var ledger: WalkLedger
    private var entropy: Entropy
    private var phones: [PhoneState] = []
    /// In the order in which they were bound.
    private var live: [ConnectionID] = []
    /// What each connection was sent, for ACKs of all kinds.
    private var seen: [ConnectionID: [MessagePair]] = [:]
    private var closing: [ConnectionID] = []
    private var tickets: [String: String] = [:]
    private var rejections = 0
    private var lastName = 0
    private var liveAtStart = 0
    private let senders: [SenderID] = [.shop, .depot, SenderID("4713")!]

    init(seed: UInt64) {
        var entropy = Entropy(seed: seed)
        let maxUnacked = 1 + Int(entropy.next() % 6)
        let modes = Redelivery.allCases
        let mode = modes[Int(seed % UInt64(modes.count))]
        let isHeldBack = seed % 3 == 0
        relay = RelayConversation(seed: seed) {
            $0.redelivery = mode
            $0.maxUnacked = maxUnacked
            $0.retry = RetrySchedule(first: .seconds(1), longest: .seconds(8))
            $0.drainGrace = .seconds(3)
            $0.reconnectHoldback = isHeldBack ? .seconds(4) : .zero
        }
        ledger = WalkLedger(maxUnacked: maxUnacked, isOrdered: !isHeldBack)
        self.entropy = entropy
        phones = (0..<5).map { _ in PhoneState(phone: relay.phone(senders: senders)) }
        relay.observer = { [unowned self] in note($0) }
        relay.storeObserver = { [unowned self] in ledger.executed($0) }
    }

    private func pick(_ count: Int) -> Int { Int(entropy.next() % UInt64(count)) }

    // MARK: What the relay does

    private func taken(_ ticket: Ticket, on stream: DeviceStreamID) {
        guard let name = tickets.removeValue(forKey: "\(stream) \(ticket)") else {
            return ledger.require(false, "ticket \(ticket) was answered twice on \(stream)")
        }
        ledger.answered(name)
        for index in phones.indices {
            guard let place = phones[index].pending.firstIndex(of: name) else { continue }
            phones[index].pending.remove(at: place)
            if ledger.entries[name]?.timeToLive != 0 { phones[index].answered.append(name) }
        }
    }

    private func note(_ action: RelayAction) {
        switch action {
        case .transmit(let message, let connection, _, _):
            ledger.transmitted(message, on: connection, now: relay.now)
            seen[connection, default: []].append(message.pair)
        case .taken(let first, let count, let stream):
            for index in 0..<count { taken(first &+ Ticket(index), on: stream) }
        case .rejectAcknowledgement:
            rejections += 1
        case .announceDraining(let connection):
            ledger.connections[connection]?.isDraining = true
        case .closeConnection(let connection, _):
            closing.append(connection)
        case .refuse(_, let id, let error, _):
            ledger.require(false, "\(id?.text ?? "") was refused: \(error)")
        case .closeStream(let stream, let reason) where reason != .replaced:
            ledger.require(false, "\(stream) was closed: \(reason)")
        case .note(.discarded(let message, _)):
            ledger.discarded(message)
        default:
            break
        }
    }

    // MARK: Steps

    func step() {
        switch pick(1_000) {
        case ..<300: upload()
        case ..<340: repeatUpload()
        case ..<640: acknowledge()
        case ..<740: relay.advance(by: .milliseconds(pick(1_500)))
        case ..<750: relay.advance(by: .seconds(pick(15)))
        case ..<790: connect()
        case ..<810: disconnect()
        case ..<815: drain()
        case ..<850: changeTransport()
        case ..<890: reconnect(pick(phones.count))
        case ..<920: changeStore()
        case ..<995: relay.storeAnswersOnce()
        case ..<998: crash(executingBatch: false)
        default: crash(executingBatch: true)
        }
        for connection in closing where live.contains(connection) { close(connection) }
        closing = []
        checkCounters()
        _ = relay.said()
    }

    private func upload() {
        let index = pick(phones.count)
        guard phones[index].isOnline, phones[index].pending.count < 20 else { return }
        lastName += 1
        let name = "u\(lastName)"
        let phone = phones[index].phone
        let id = "m\(pick(12))"
        let timeToLive = [0, 3, 20, 20_000, 20_000, 20_000, 20_000, 20_000][pick(8)]
        ledger.entries[name] = WalkLedger.Entry(
            pair: phone.pair(id), sender: senders[pick(10) == 0 ? 2 : pick(2)],
            timeToLive: timeToLive)
        phones[index].pending.append(name)
        send(name, from: phone)
    }

    private func send(_ name: String, from phone: Phone) {
        guard let entry = ledger.entries[name] else { return }
        tickets["\(phone.stream) \(phone.lastTicket + 1)"] = name
        phone.sends(
            entry.pair.id.text, ttl: entry.timeToLive, upload: name, to: entry.sender,
            data: DataPayload([("u", name)]))
    }

    private func repeatUpload() {
        let state = phones[pick(phones.count)]
        let known = state.pending.isEmpty ? state.answered.suffix(20) : state.pending.suffix(20)
        guard state.isOnline, let name = known.randomElement(using: &entropy) else { return }
        send(name, from: state.phone)
    }

    private func acknowledge() {
        guard let from = live.randomElement(using: &entropy) else { return }
        let on = pick(20) == 0 ? live[pick(live.count)] : from
        guard let pairs = seen[from], !pairs.isEmpty else { return }
        // Mostly a recent one, sometimes an old one.
        let recent = pairs.suffix(pick(10) == 0 ? pairs.count : 6)
        acknowledge(recent[recent.startIndex + pick(recent.count)], on: on)
    }

    private func acknowledge(_ pair: MessagePair, on connection: ConnectionID) {
        let settled = relay.counters.settled
        let rejected = rejections
        // The ledger has to know of the end before the relay uses the slot, so the machine is asked
        // first and its deeds are taken afterwards.
        relay.event { machine in
            machine.acknowledged(pair, on: connection, now: relay.now)
            let rejections = machine.counters.rejectedAcknowledgements
            ledger.acknowledged(
                pair, on: connection, rejected: rejections > self.rejectedBefore,
                settled: machine.counters.settled > settled, now: relay.now)
            rejectedBefore = rejections
        }
        ledger.require(rejections - rejected <= 1, "one ACK was rejected twice")
    }

    private var rejectedBefore = 0

    private func connect() {
        guard live.count < 8 else { return }
        connect(senders[pick(senders.count)])
    }

    private func connect(_ sender: SenderID) {
        let connection = ConnectionID(relay.lastConnection + 1)
        ledger.connections[connection] = WalkLedger.Carried(sender: sender)
        live.append(connection)
        relay.connect(sender)
    }

    private func disconnect() {
        guard let connection = live.randomElement(using: &entropy) else { return }
        guard pick(3) == 0, let sender = ledger.connections[connection]?.sender else {
            return close(connection)
        }
        // The sender goes away with all its connections.
        for connection in live where ledger.connections[connection]?.sender == sender {
            close(connection)
        }
    }

    private func close(_ connection: ConnectionID) {
        live.removeAll { $0 == connection }
        ledger.connections[connection] = nil
        seen[connection] = nil
        relay.disconnect(connection)
    }

    private func drain() {
        guard let connection = live.randomElement(using: &entropy) else { return }
        relay.drain(connection)
    }

    private func changeTransport() {
        guard let connection = live.randomElement(using: &entropy) else { return }
        let takesBytes = pick(3) > 0
        if pick(2) == 0 {
            relay.event {
                $0.connectionBecameWritable(takesBytes, connection, now: relay.now)
            }
        } else {
            relay.event { $0.connectionReading(takesBytes, connection, now: relay.now) }
        }
    }

    private func reconnect(_ index: Int) {
        let phone = phones[index].phone
        let earlier = phone.stream
        let isReplaced = pick(4) == 0
        if !isReplaced { phone.disconnects() }
        phones[index].isOnline = phone.reconnects()
        if isReplaced { relay.event { $0.streamClosed(earlier) } }
        guard phones[index].isOnline else { return }
        for name in phones[index].pending { send(name, from: phone) }
    }

    private func changeStore() {
        relay.storeAnswersOnce()
        relay.manner = [.prompt, .prompt, .slow, .slow, .refuses, .losesAnswers][pick(6)]
    }

    private func crash(executingBatch: Bool) {
        relay.crash(executingBatch: executingBatch)
        relay.manner = .prompt
        ledger.crashed()
        live = []
        seen = [:]
        closing = []
        tickets = [:]
        rejections = 0
        rejectedBefore = 0
        liveAtStart = relay.snapshot.messageCount
        for index in phones.indices { reconnect(index) }
    }

    // MARK: Checks

    private func checkCounters() {
        let counters = relay.counters
        let ended = counters.settled + counters.expired + counters.discarded
        ledger.require(
            liveAtStart + counters.accepted == ended + counters.live,
            "the counters do not add up: \(counters)")
        ledger.require(counters.inFlight >= 0 && counters.queued >= 0, "negative: \(counters)")
        var onWire = 0
        for queue in relay.machine.senders {
            onWire += queue.lanes.reduce(0) { $0 + $1.inFlight }
            for connection in queue.connections {
                let slots = ledger.connections[connection.id]?.slots.count ?? 0
                ledger.require(
                    connection.window.count == slots,
                    "\(connection.id) has \(connection.window.count) slots taken, not \(slots)")
                ledger.require(connection.leftoverCount >= 0, "a credit was used twice")
                ledger.require(
                    connection.blockedLanes == 0 || !connection.takesMessages,
                    "lanes wait for \(connection.id), which has room")
            }
            checkLanes(queue)
        }
        ledger.require(onWire == counters.inFlight, "\(onWire) on the wire, not \(counters)")
        let excess = relay.machine.memoryExcess
        ledger.require(excess == nil, "in memory: \(excess?.description ?? "")")
    }

    private func checkLanes(_ queue: SenderQueue) {
        var held = Array(repeating: 0, count: Limits.lanesPerSender)
        for (pair, record) in queue.pairs {
            if let lane = record.held.first?.key.lane.index { held[lane] += record.held.count }
            ledger.require(!record.isEmpty, "an empty record of \(pair.id) was left behind")
        }
        for lane in queue.lanes {
            ledger.require(
                lane.heldCount == held[lane.id.index] && lane.heldCount <= Limits.heldPerLane,
                "lane \(lane.id.index) holds \(held[lane.id.index]), not \(lane.heldCount)")
            let bit: UInt16 = 1 << lane.id.index
            for connection in queue.connections {
                let waits = lane.blockedSince != nil && lane.connection == connection.id
                ledger.require(
                    (connection.blockedLanes & bit != 0) == waits,
                    "lane \(lane.id.index) waits at \(connection.id), or does not: not so")
            }
            ledger.require(
                lane.blockedSince != nil || queue.roamingLanes & bit == 0,
                "lane \(lane.id.index) roams and does not wait")
        }
    }

    // MARK: The end

    /// Everybody behaves well from now on: everything that was answered arrives.
    func finish() {
        relay.manner = .prompt
        relay.storeAnswersOnce()
        relay.advance(by: .seconds(6))
        live.forEach { close($0) }
        for index in phones.indices { reconnect(index) }
        ledger.require(phones.allSatisfy(\.isOnline), "a device was not let in")
        ledger.require(phones.allSatisfy(\.pending.isEmpty), "an upload has no answer")
        senders.forEach { connect($0) }
        for _ in 0..<20 {
            acknowledgeAll()
            relay.advance(by: .seconds(3))
        }
        checkCounters()
        let lost = ledger.lost(now: relay.now)
        ledger.require(lost.isEmpty, "lost: \(lost.sorted())")
        ledger.require(relay.counters.live == 0, "still live: \(relay.counters)")
        ledger.require(relay.storedMessages == 0, "the store still holds \(relay.storedMessages)")
        for queue in relay.machine.senders {
            ledger.require(
                queue.connections.allSatisfy { $0.window.count == 0 && $0.leftoverCount == 0 },
                "slots or credits are left")
            ledger.require(queue.pairs.isEmpty, "records of pairs are left: \(queue.pairs)")
            ledger.require(queue.lanes.allSatisfy { !$0.hasWork }, "a lane has work left")
        }
    }

    private func acknowledgeAll() {
        while let connection = live.first(where: { seen[$0]?.isEmpty == false }) {
            guard let pair = seen[connection]?.removeFirst() else { return }
            acknowledge(pair, on: connection)
        }
    }
}
