import CloudMessaging
import Testing

@testable import RelayMachine

/// Design decision 13: time to live.
struct TimeToLiveTests {
    @Test(
        "A time to live above the cap is cut, a missing one is the cap, a negative one refused",
        arguments: [
            (nil, 86_400), (86_400, 86_400), (86_401, 86_400), (2_419_200, 86_400), (7, 7),
            (-1, nil),
        ] as [(Int?, Int?)])
    func cap(asked: Int?, told: Int?) {
        let relay = RelayConversation()
        let phone = relay.phone()
        relay.connect()
        var messages: [UpstreamMessage] = []
        relay.observer = { action in
            if case .transmit(let message, _, _, _) = action { messages.append(message) }
        }
        phone.sends("a", ttl: asked)
        #expect(messages.first?.timeToLive == told)
        #expect(messages.first?.expiry == told.map { relay.now + .seconds($0) })
        if told == nil { #expect(relay.said() == ["refused 1: invalidParameters"]) }
    }

    @Test("TTL 0 is delivered now and never stored")
    func zero() {
        let relay = RelayConversation()
        let phone = relay.phone()
        let shop = relay.connect()
        relay.manner = .slow
        phone.sends("a", ttl: 0)
        #expect(relay.said() == ["a → #1", "taken 1"])
        #expect(relay.counters.live == 1)
        relay.manner = .prompt
        relay.storeAnswers()
        #expect(relay.storedMessages == 0)
        relay.advance(by: .seconds(100))
        #expect(relay.said() == [], "it is not retried")
        relay.acknowledge(phone.pair("a"), on: shop)
        #expect(relay.counters.settled == 1)
        #expect(relay.counters.live == 0)
    }

    @Test("TTL 0 without a free slot is dropped, answered and counted")
    func zeroDropped() {
        let relay = RelayConversation { $0.maxUnacked = 1 }
        let phone = relay.phone()
        phone.sends("a", ttl: 0)
        relay.connect()
        phone.sends("b")
        phone.sends("c", ttl: 0)
        #expect(relay.said() == ["taken 1", "taken 2", "b → #1", "taken 3"])
        #expect(relay.counters.expired == 2)
        #expect(relay.counters.accepted == 3)
        #expect(relay.storedMessages == 1)
    }

    @Test("TTL 0 whose connection is lost is gone")
    func zeroLost() {
        let relay = RelayConversation()
        let phone = relay.phone()
        let first = relay.connect()
        phone.sends("a", ttl: 0)
        relay.connect()
        relay.disconnect(first)
        #expect(relay.sent() == ["a → #1"])
        #expect(relay.counters.expired == 1)
        #expect(relay.counters.live == 0)
        #expect(relay.queue().pairs.isEmpty)
    }

    @Test("TTL 0 whose pair is in flight is dropped")
    func zeroSamePair() {
        let relay = RelayConversation()
        let phone = relay.phone()
        relay.connect()
        phone.sends("a")
        phone.sends("a", ttl: 0)
        #expect(relay.sent() == ["a → #1"])
        #expect(relay.counters.expired == 1)
    }

    @Test("A message that expires in the queue is gone in silence, counted once")
    func inQueue() {
        let relay = RelayConversation()
        let phone = relay.phone()
        phone.sends("a", ttl: 5)
        phone.sends("b", ttl: 60)
        _ = relay.said()
        relay.advance(by: .seconds(5))
        #expect(relay.said() == [])
        #expect(relay.counters.expired == 1)
        #expect(relay.storedMessages == 1)
        relay.connect()
        #expect(relay.sent() == ["b → #1"])
        #expect(relay.counters.live == 1)
    }

    @Test("A message that expires while it waits to be sent again is counted once")
    func waitingForRetry() {
        let relay = RelayConversation()
        let phone = relay.phone()
        let first = relay.connect()
        phone.sends("a", ttl: 5)
        relay.disconnect(first)
        relay.advance(by: .seconds(6))
        relay.connect()
        #expect(relay.sent() == ["a → #1"])
        #expect(relay.counters.expired == 1)
        #expect(relay.counters.live == 0)
        #expect(relay.queue().pairs.isEmpty)
    }

    @Test("A message that expires in flight keeps its slot until the connection closes")
    func inFlight() {
        let relay = RelayConversation()
        let phone = relay.phone()
        let shop = relay.connect()
        phone.sends("a", ttl: 15)
        relay.advance(by: .seconds(60))
        #expect(relay.sent() == ["a → #1", "a → #1, attempt 2"])
        #expect(relay.counters.expired == 1)
        #expect(relay.counters.inFlight == 0)
        #expect(relay.window(of: shop) == 1)
        relay.disconnect(shop)
        relay.connect()
        #expect(relay.sent() == [])
        #expect(relay.queue().pairs.isEmpty)
    }

    @Test("A message that expires in flight ends also when its app has a newer token meanwhile")
    func inFlightUnderEarlierToken() {
        let relay = RelayConversation()
        let phone = relay.phone()
        let shop = relay.connect()
        let pair = phone.pair("a")
        phone.sends("a", ttl: 5)
        phone.sends("a", ttl: 60)
        phone.asksFor(.refreshToken)
        _ = relay.said()
        relay.advance(by: .seconds(6))
        #expect(relay.sent() == ["a → #1"], "the one that was held back goes")
        #expect(relay.counters.expired == 1)
        relay.acknowledge(pair, on: shop)
        #expect(relay.counters.settled == 0, "an ACK of the first message")
        relay.acknowledge(pair, on: shop)
        #expect(relay.counters.settled == 1)
        #expect(relay.counters.live == 0 && relay.counters.inFlight == 0)
        #expect(relay.queue().pairs.isEmpty)
    }

    @Test("A message that is held back expires also when its app has a newer token meanwhile")
    func heldUnderEarlierToken() {
        let relay = RelayConversation()
        let phone = relay.phone()
        let shop = relay.connect()
        let pair = phone.pair("a")
        phone.sends("a", ttl: 60)
        phone.sends("a", ttl: 5)
        phone.asksFor(.refreshToken)
        phone.asksFor(.refreshToken)
        relay.advance(by: .seconds(6))
        #expect(relay.queue().lanes.allSatisfy { $0.heldCount == 0 })
        relay.acknowledge(pair, on: shop)
        #expect(relay.counters.live == 0 && relay.counters.expired == 1)
        #expect(relay.queue().pairs.isEmpty)
    }

    @Test("A message that expires while the store holds it up is answered and not forwarded")
    func inStore() {
        let relay = RelayConversation()
        let phone = relay.phone()
        relay.connect()
        relay.manner = .slow
        phone.sends("a", ttl: 5)
        relay.advance(by: .seconds(6))
        relay.storeAnswers()
        relay.advance(by: .seconds(1))
        #expect(relay.said() == ["taken 1"])
        #expect(relay.counters.expired == 1)
        #expect(relay.counters.live == 0)
    }

    @Test("A message that is ACKed while the sweep for expired ones is under way counts once")
    func acknowledgedDuringSweep() {
        let relay = RelayConversation()
        let phone = relay.phone()
        let shop = relay.connect()
        phone.sends("a", ttl: 5)
        relay.manner = .slow
        relay.advance(by: .seconds(5))
        relay.acknowledge(phone.pair("a"), on: shop)
        relay.storeAnswers()
        #expect(relay.counters.settled == 1)
        #expect(relay.counters.expired == 0)
        #expect(relay.counters.live == 0)
    }

    @Test("What expires in a sweep whose answer is lost is counted all the same")
    func sweepWithoutAnswer() {
        let relay = RelayConversation()
        let phone = relay.phone()
        relay.connect()
        phone.sends("a", ttl: 5)
        phone.sends("a", ttl: 60)
        _ = relay.said()
        relay.manner = .losesAnswers
        relay.advance(by: .seconds(5))
        relay.manner = .prompt
        relay.advance(by: .seconds(1))
        #expect(relay.sent() == ["a → #1"])
        #expect(relay.counters.expired == 1)
        #expect(relay.counters.live == 1)
    }

    @Test("A backlog that expires at once is removed in sweeps of 1,000")
    func manyAtOnce() {
        let relay = RelayConversation()
        let phone = relay.phone()
        for number in 0..<2_500 { phone.sends("\(number)", ttl: 5) }
        relay.advance(by: .seconds(6))
        #expect(relay.counters.expired == 2_500)
        #expect(relay.storedMessages == 0)
        #expect(relay.counters.live == 0)
    }

    @Test("What expires while the relay is down is gone at its next start")
    func restart() {
        let relay = RelayConversation()
        let phone = relay.phone()
        phone.sends("a", ttl: 5)
        phone.sends("b", ttl: 60)
        relay.crash()
        #expect(relay.counters.live == 2)
        relay.advance(by: .seconds(10))
        #expect(relay.counters.live == 1)
        relay.connect()
        #expect(relay.sent() == ["b → #1"])
    }
}
