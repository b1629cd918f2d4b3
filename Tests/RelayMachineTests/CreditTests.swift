import CloudMessaging
import Testing

@testable import RelayMachine

/// Design decision 7: which ACK settles.
struct CreditTests {
    @Test("An ACK on a connection that did not carry the message settles nothing and gets 406")
    func elsewhere() {
        let relay = RelayConversation()
        let phone = relay.phone()
        let first = relay.connect()
        phone.sends("a")
        let second = relay.connect()
        relay.acknowledge(phone.pair("a"), on: second)
        relay.acknowledge(phone.pair("never sent"), on: first)
        #expect(
            relay.said() == ["taken 1", "a → #1", "406 for a on #2", "406 for never sent on #1"])
        #expect(relay.counters.settled == 0)
        relay.acknowledge(phone.pair("a"), on: first)
        #expect(relay.counters.settled == 1)
    }

    @Test("ACKs settle in whatever order they come; what is left comes again")
    func anyOrder() {
        let relay = RelayConversation()
        let phones = relay.phonesInDifferentLanes(2)
        let shop = relay.connect()
        for number in 1...5 {
            for phone in phones { phone.sends("\(number)") }
        }
        _ = relay.said()
        for number in [4, 1, 5, 2] {
            for phone in phones.reversed() {
                relay.acknowledge(phone.pair("\(number)"), on: shop)
            }
        }
        #expect(relay.counters.settled == 8)
        #expect(relay.said() == [], "no ACK is rejected")
        relay.advance(by: .seconds(10))
        #expect(relay.sent() == ["3 → #1, attempt 2", "3 → #1, attempt 2"])
    }

    @Test("Two attempts on one connection: a second ACK is silent, a third is rejected")
    func duplicateAcknowledgement() {
        let relay = RelayConversation()
        let phone = relay.phone()
        let shop = relay.connect()
        phone.sends("a")
        relay.advance(by: .seconds(10))
        #expect(relay.sent() == ["a → #1", "a → #1, attempt 2"])
        relay.acknowledge(phone.pair("a"), on: shop)
        #expect(relay.counters.settled == 1)
        relay.acknowledge(phone.pair("a"), on: shop)
        #expect(relay.said() == [])
        relay.acknowledge(phone.pair("a"), on: shop)
        #expect(relay.said() == ["406 for a on #1"])
        #expect(relay.queue().pairs.isEmpty)
    }

    @Test("A credit left by the first message of a pair takes the first ACK, the second settles")
    func oldestFirst() {
        let relay = RelayConversation()
        let phone = relay.phone()
        let shop = relay.connect()
        phone.sends("a")
        relay.advance(by: .seconds(10))
        relay.acknowledge(phone.pair("a"), on: shop)
        phone.sends("a")
        #expect(relay.counters.inFlight == 1)
        relay.acknowledge(phone.pair("a"), on: shop)
        #expect(relay.counters.inFlight == 1)
        relay.acknowledge(phone.pair("a"), on: shop)
        #expect(relay.counters.settled == 2)
        #expect(relay.counters.live == 0)
    }

    @Test("Credits of two connections are told apart")
    func twoConnections() {
        let relay = RelayConversation()
        let phone = relay.phone()
        let first = relay.connect()
        phone.sends("a")
        let second = relay.connect()
        relay.advance(by: .seconds(10))
        #expect(relay.sent() == ["a → #1", "a → #2, attempt 2"])
        relay.acknowledge(phone.pair("a"), on: second)
        relay.acknowledge(phone.pair("a"), on: second)
        relay.acknowledge(phone.pair("a"), on: first)
        relay.acknowledge(phone.pair("a"), on: first)
        #expect(relay.said() == ["406 for a on #2", "406 for a on #1"])
        #expect(relay.counters.settled == 1)
    }

    @Test("The newest 1,000 left-over credits of a connection are kept")
    func limit() {
        let relay = RelayConversation { $0.retry.first = .seconds(1) }
        let phone = relay.phone()
        let shop = relay.connect()
        for number in 0...1_000 {
            phone.sends("a-\(number)")
            relay.advance(by: .seconds(1))
            relay.acknowledge(phone.pair("a-\(number)"), on: shop)
        }
        #expect(relay.counters.redeliveries == 1_001)
        #expect(relay.queue().connections[0].leftoverCount == 1_000)
        _ = relay.said()
        relay.acknowledge(phone.pair("a-0"), on: shop)
        #expect(relay.said() == ["406 for a-0 on #1"])
        for number in 1...1_000 { relay.acknowledge(phone.pair("a-\(number)"), on: shop) }
        #expect(relay.said() == [])
        #expect(relay.queue().pairs.isEmpty)
        #expect(relay.queue().connections[0].leftoverCount == 0)
    }

    @Test("After its expiry a message's ACK is silent and frees the slot, another gets 406")
    func afterExpiry() {
        let relay = RelayConversation()
        let phone = relay.phone()
        let shop = relay.connect()
        phone.sends("a", ttl: 5)
        relay.advance(by: .seconds(20))
        #expect(relay.counters.expired == 1)
        #expect(relay.sent() == ["a → #1"])
        #expect(relay.window(of: shop) == 1)
        relay.acknowledge(phone.pair("a"), on: shop)
        #expect(relay.said() == [])
        #expect(relay.window(of: shop) == 0)
        relay.acknowledge(phone.pair("a"), on: shop)
        #expect(relay.said() == ["406 for a on #1"])
        #expect(relay.counters.settled == 0)
        #expect(relay.queue().pairs.isEmpty)
    }

    @Test("Credits of an expired message that was sent twice are counted and forgotten with it")
    func afterExpiryTwice() {
        let relay = RelayConversation()
        let phone = relay.phone()
        let shop = relay.connect()
        phone.sends("a", ttl: 25)
        relay.advance(by: .seconds(26))
        relay.acknowledge(phone.pair("a"), on: shop)
        #expect(relay.queue().connections[0].leftoverCount == 1)
        relay.disconnect(shop)
        #expect(relay.queue().pairs.isEmpty)
    }

    @Test("A message that waits for another attempt is settled by the ACK of an earlier one")
    func late() {
        let relay = RelayConversation()
        let phone = relay.phone()
        let first = relay.connect()
        phone.sends("a")
        relay.drain(first)
        relay.advance(by: .seconds(10))
        #expect(relay.counters.inFlight == 0)
        relay.acknowledge(phone.pair("a"), on: first)
        #expect(relay.counters.settled == 1)
        relay.connect()
        #expect(relay.said() == ["taken 1", "a → #1", "draining #1", "close #1: drained"])
    }

    @Test("An ACK of a connection that is gone is nobody's")
    func closedConnection() {
        let relay = RelayConversation()
        let phone = relay.phone()
        let first = relay.connect()
        phone.sends("a")
        relay.disconnect(first)
        relay.acknowledge(phone.pair("a"), on: first)
        #expect(relay.counters.settled == 0)
    }
}
