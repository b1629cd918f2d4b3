import CloudMessaging
import Testing

@testable import RelayMachine

/// Design decisions 10 and 12: a backlog sits in the store, not in memory.
struct BacklogTests {
    /// ACKs everything that arrives until nothing more comes; returns the IDs in order of arrival.
    private func deliverAll(_ relay: RelayConversation) -> [String] {
        var arrived: [String] = []
        var waiting: [(MessagePair, ConnectionID)] = []
        relay.observer = { action in
            guard case .transmit(let message, let connection, _, _) = action else { return }
            arrived.append(message.id.text)
            waiting.append((message.pair, connection))
        }
        relay.connect()
        var next = 0
        while next < waiting.count {
            relay.acknowledge(waiting[next].0, on: waiting[next].1)
            next += 1
        }
        relay.observer = nil
        return arrived
    }

    @Test("While the sender is absent its queue is in the store only, and goes out in order")
    func absent() {
        let relay = RelayConversation()
        let phone = relay.phone()
        for number in 0..<3_000 { phone.sends("\(number)") }
        #expect(relay.resident() == 0)
        #expect(relay.storedMessages == 3_000)
        #expect(deliverAll(relay) == (0..<3_000).map(String.init))
        #expect(relay.counters.live == 0)
    }

    @Test("A lane reads its backlog in pages")
    func pages() {
        let relay = RelayConversation()
        let phone = relay.phone()
        for number in 0..<3_000 { phone.sends("\(number)") }
        relay.connect()
        #expect(relay.resident() <= Limits.laneReadBatch + 64)
        #expect(relay.counters.inFlight == 100)
    }

    @Test("A lane that is read and forgotten again and again remembers no more places to read from")
    func forgottenAgain() {
        let relay = RelayConversation()
        let phone = relay.phone()
        for number in 0..<3_000 { phone.sends("\(number)") }
        for _ in 0..<5 {
            let shop = relay.connect(isWritable: false)
            #expect(relay.resident() == Limits.laneReadBatch)
            relay.disconnect(shop)
            #expect(relay.queue(of: .shop).lanes.allSatisfy { $0.stored.count <= 2 })
        }
        #expect(deliverAll(relay) == (0..<3_000).map(String.init))
    }

    @Test("When the last connection closes, what was never sent leaves the memory")
    func leaves() {
        let relay = RelayConversation()
        let phone = relay.phone()
        let shop = relay.connect()
        for number in 0..<500 { phone.sends("\(number)") }
        #expect(relay.resident() == 400)
        relay.disconnect(shop)
        #expect(relay.resident() == 100, "those that were in flight")
        #expect(deliverAll(relay) == (0..<500).map(String.init))
    }

    @Test(
        "Beyond 1,024 messages a lane goes through the store, without loss, repeats or disorder",
        arguments: [1_023, 1_024, 1_025, 1_200, 3_000])
    func overflow(count: Int) {
        let relay = RelayConversation { $0.redelivery = .onReconnect }
        let phone = relay.phone()
        let shop = relay.connect()
        var arrived: [String] = []
        relay.observer = { action in
            if case .transmit(let message, _, _, _) = action { arrived.append(message.id.text) }
        }
        for number in 0..<count { phone.sends("\(number)") }
        #expect(relay.resident() <= Limits.residentPerLane)
        var next = 0
        while next < arrived.count {
            relay.acknowledge(phone.pair(arrived[next]), on: shop)
            next += 1
            // New messages join behind while the lane reads.
            if next % 50 == 0, next < 500 { phone.sends("late \(next)") }
        }
        let late = stride(from: 50, to: 500, by: 50).map { "late \($0)" }
        #expect(arrived == (0..<count).map(String.init) + late)
        #expect(relay.counters.live == 0)
    }

    @Test("Closing and binding in the middle of a backlog loses and repeats nothing but flights")
    func interrupted() {
        let relay = RelayConversation()
        let phone = relay.phone()
        var shop = relay.connect()
        var arrived: [String] = []
        relay.observer = { action in
            if case .transmit(let message, _, _, _) = action { arrived.append(message.id.text) }
        }
        for number in 0..<2_500 { phone.sends("\(number)") }
        var next = 0
        var seen: Set<String> = []
        var firsts: [String] = []
        while next < arrived.count {
            if seen.insert(arrived[next]).inserted { firsts.append(arrived[next]) }
            relay.acknowledge(phone.pair(arrived[next]), on: shop)
            next += 1
            if next % 400 == 0, next < 2_400 {
                // The ACKs of what is in flight are lost with the connection.
                arrived.removeSubrange(next...)
                relay.disconnect(shop)
                #expect(relay.resident() == 100)
                shop = relay.connect()
            }
        }
        #expect(firsts == (0..<2_500).map(String.init))
        #expect(relay.counters.live == 0)
        #expect(relay.queue().pairs.isEmpty)
    }

    @Test("A read of a lane that comes after its connection closed is not used")
    func staleRead() {
        let relay = RelayConversation()
        let phone = relay.phone()
        for number in 0..<10 { phone.sends("\(number)") }
        relay.inOneRound {
            let shop = relay.connect()
            relay.disconnect(shop)
        }
        #expect(relay.resident() == 0)
        #expect(deliverAll(relay) == (0..<10).map(String.init))
    }

    @Test("The answer to a read of an earlier connection is not taken for that of a later one")
    func rereads() {
        let relay = RelayConversation()
        let phone = relay.phone()
        for number in 0..<600 { phone.sends("\(number)") }
        var arrived: [String] = []
        relay.observer = { action in
            if case .transmit(let message, _, _, _) = action { arrived.append(message.id.text) }
        }
        var shop = ConnectionID(0)
        relay.inOneRound {
            relay.disconnect(relay.connect())
            shop = relay.connect()
        }
        var next = 0
        while next < arrived.count {
            relay.acknowledge(phone.pair(arrived[next]), on: shop)
            next += 1
        }
        #expect(arrived == (0..<600).map(String.init))
    }

    @Test("A message that is stored between a lane's question and its answer is not missed")
    func storedMeanwhile() {
        let relay = RelayConversation()
        let phone = relay.phone()
        phone.sends("a")
        relay.manner = .slow
        phone.sends("b")
        relay.connect()
        relay.storeAnswers()
        #expect(relay.sent() == ["a → #1", "b → #1"])
    }

    @Test("A restart forwards the backlog of every sender in order")
    func restart() {
        let relay = RelayConversation()
        let phone = relay.phone()
        for number in 0..<300 { phone.sends("\(number)") }
        relay.crash()
        phone.reconnects()
        phone.sends("after")
        #expect(relay.counters.live == 301)
        #expect(deliverAll(relay) == (0..<300).map(String.init) + ["after"])
        #expect(relay.counters.live == 0)
    }

    @Test("After an unknown outcome a read finds nothing that is not known to be stored")
    func readAfterUnknownOutcome() {
        let relay = RelayConversation()
        let phone = relay.phone()
        phone.sends("a")
        relay.manner = .losesAnswers
        phone.sends("b")
        relay.connect()
        relay.advance(by: .milliseconds(150))
        #expect(relay.said() == ["taken 1", "a → #1"])
        relay.manner = .prompt
        relay.advance(by: .seconds(5))
        #expect(relay.said() == ["taken 2", "b → #1"])
        #expect(relay.counters.inFlight == 2)
    }
}
