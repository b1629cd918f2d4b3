import CloudMessaging
import Testing

@testable import RelayMachine

/// Protocol sheet §2.4: held messages came three minutes after a reconnect, new ones at once.
struct ReconnectHoldbackTests {
    private func relay() -> RelayConversation {
        RelayConversation { $0.reconnectHoldback = .seconds(180) }
    }

    @Test("New messages go first, the held ones after the hold-back, in order")
    func heldBack() {
        let relay = relay()
        let phone = relay.phone()
        phone.sends("a")
        phone.sends("b")
        relay.connect()
        phone.sends("c")
        #expect(relay.sent() == ["c → #1"])
        relay.acknowledge(phone.pair("c"), on: ConnectionID(1))
        relay.advance(by: .seconds(180) - .nanoseconds(1))
        #expect(relay.sent() == [])
        relay.advance(by: .nanoseconds(1))
        #expect(relay.sent() == ["a → #1", "b → #1"])
    }

    @Test("What was in flight when the connection was lost is held back too")
    func inFlight() {
        let relay = relay()
        let phone = relay.phone()
        let first = relay.connect()
        phone.sends("a")
        relay.disconnect(first)
        relay.connect()
        phone.sends("b")
        #expect(relay.sent() == ["a → #1", "b → #2"])
        relay.acknowledge(phone.pair("b"), on: ConnectionID(2))
        relay.advance(by: .seconds(180))
        #expect(relay.sent() == ["a → #2, attempt 2"])
    }

    @Test("A second connection of a connected sender ends no hold-back and begins none")
    func secondConnection() {
        let relay = relay()
        let phone = relay.phone()
        relay.connect()
        phone.sends("a")
        relay.connect()
        phone.sends("b")
        #expect(relay.sent().count == 2)
    }

    @Test("A long backlog is complete after the hold-back", arguments: [10, 2_000])
    func backlog(count: Int) {
        let relay = relay()
        let phone = relay.phone()
        for number in 0..<count { phone.sends("\(number)") }
        var arrived: [String] = []
        var waiting: [MessagePair] = []
        relay.observer = { action in
            guard case .transmit(let message, _, let attempt, _) = action else { return }
            #expect(attempt == 1)
            arrived.append(message.id.text)
            waiting.append(message.pair)
        }
        let shop = relay.connect()
        func acknowledgeAll() {
            while let pair = waiting.popLast() { relay.acknowledge(pair, on: shop) }
        }
        for number in 0..<2_000 { phone.sends("new \(number)") }
        acknowledgeAll()
        #expect(arrived.count == 2_000)
        relay.advance(by: .seconds(180))
        for number in 0..<10 { phone.sends("newest \(number)") }
        acknowledgeAll()
        #expect(arrived.count == count + 2_010)
        #expect(arrived.filter { !$0.hasPrefix("new") } == (0..<count).map(String.init))
        #expect(relay.counters.live == 0)
    }

    @Test("A sender that leaves during the hold-back finds everything at its next bind")
    func leaves() {
        let relay = relay()
        let phone = relay.phone()
        phone.sends("a")
        let first = relay.connect()
        phone.sends("b")
        relay.disconnect(first)
        relay.connect()
        relay.advance(by: .seconds(180))
        #expect(Set(relay.sent()) == ["b → #1", "a → #2", "b → #2, attempt 2"])
    }

    /// ACKs what arrives, at once; returns the IDs in order of arrival.
    private func acknowledgeAll(_ relay: RelayConversation, while work: () -> Void) -> [String] {
        var arrived: [String] = []
        var waiting: [(MessagePair, ConnectionID)] = []
        relay.observer = { action in
            guard case .transmit(let message, let connection, _, _) = action else { return }
            arrived.append(message.id.text)
            waiting.append((message.pair, connection))
        }
        work()
        while let (pair, connection) = waiting.popLast() { relay.acknowledge(pair, on: connection) }
        relay.observer = nil
        return arrived
    }

    @Test("Who comes and goes without reading has no more places in the store remembered")
    func noProgress() {
        let relay = relay()
        let phone = relay.phone()
        var sent: [String] = []
        func send() {
            sent.append("\(sent.count)")
            phone.sends(sent[sent.count - 1])
        }
        for _ in 0..<300 { send() }
        for _ in 0..<50 {
            let shop = relay.connect(isWritable: false)
            send()
            relay.disconnect(shop)
            send()
            #expect(relay.queue().lanes[phone.lane].stored.count == 1)
        }
        let arrived = acknowledgeAll(relay) {
            relay.connect()
            relay.advance(by: .seconds(180))
        }
        #expect(arrived == sent)
        #expect(relay.counters.live == 0)
    }

    @Test("A lane with too many places to read from is not held back once more")
    func placesBound() {
        let relay = relay()
        let phone = relay.phone()
        var sent: Set<String> = []
        func send(_ id: String) {
            sent.insert(id)
            phone.sends(id)
        }
        send("first")
        var arrived: [String] = []
        var mostPlaces = 0
        for number in 0..<200 {
            arrived += acknowledgeAll(relay) {
                relay.connect()
                send("taken \(number)")
            }
            let shop = ConnectionID(number + 1)
            relay.event { $0.connectionBecameWritable(false, shop, now: relay.now) }
            send("left \(number)")
            relay.disconnect(shop)
            mostPlaces = max(mostPlaces, relay.queue().lanes[phone.lane].stored.count)
            #expect(relay.machine.memoryExcess == nil)
        }
        #expect(mostPlaces == Limits.placesPerLane)
        arrived += acknowledgeAll(relay) {
            relay.connect()
            relay.advance(by: .seconds(180))
        }
        #expect(arrived.count == sent.count && Set(arrived) == sent)
        #expect(relay.counters.live == 0)
    }

    @Test("A lane holds at most 64 of a pair after the hold-back too")
    func samePair() {
        let relay = relay()
        let phone = relay.phone()
        for _ in 0..<80 { phone.sends("a") }
        let shop = relay.connect()
        phone.sends("b")
        relay.advance(by: .seconds(180))
        #expect(relay.queue().lanes[phone.lane].heldCount == 64)
        for _ in 0..<80 { relay.acknowledge(phone.pair("a"), on: shop) }
        #expect(relay.counters.settled == 80)
    }

    @Test("What expires during the hold-back is not sent")
    func expires() {
        let relay = relay()
        let phone = relay.phone()
        phone.sends("a", ttl: 60)
        relay.connect()
        relay.advance(by: .seconds(200))
        #expect(relay.sent() == [])
        #expect(relay.counters.expired == 1)
    }
}
