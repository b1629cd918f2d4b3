import CloudMessaging
import Testing

@testable import RelayMachine

/// Design decision 8: the same (token, message ID) under another upload ID is a new message.
struct SamePairTests {
    @Test("It is held back until the first is settled; those behind it pass")
    func settled() {
        let relay = RelayConversation()
        let phone = relay.phone()
        let shop = relay.connect()
        for id in ["a", "a", "b"] { phone.sends(id) }
        #expect(relay.sent() == ["a → #1", "b → #1"])
        relay.acknowledge(phone.pair("a"), on: shop)
        #expect(relay.sent() == ["a → #1"])
        relay.acknowledge(phone.pair("a"), on: shop)
        #expect(relay.counters.settled == 2)
        #expect(relay.counters.rejectedAcknowledgements == 0)
    }

    @Test("It is sent when the first expires")
    func expired() {
        let relay = RelayConversation { $0.redelivery = .onReconnect }
        let phone = relay.phone()
        relay.connect()
        phone.sends("a", ttl: 5)
        phone.sends("a", ttl: 60)
        relay.advance(by: .seconds(6))
        #expect(relay.sent() == ["a → #1", "a → #1"])
        #expect(relay.counters.expired == 1)
    }

    @Test("It is sent when the first is discarded")
    func discarded() {
        let relay = RelayConversation { $0.redelivery = .never }
        let phone = relay.phone()
        let first = relay.connect()
        phone.sends("a")
        phone.sends("a")
        relay.connect()
        relay.disconnect(first)
        #expect(relay.sent() == ["a → #1", "a → #2"])
        #expect(relay.counters.discarded == 1)
    }

    @Test("Composed and decomposed IDs are different pairs")
    func bytes() {
        let relay = RelayConversation()
        let phone = relay.phone()
        relay.connect()
        phone.sends("caf\u{E9}")
        phone.sends("cafe\u{301}")
        #expect(relay.sent().count == 2)
    }

    @Test("Several are sent one after the other")
    func several() {
        let relay = RelayConversation()
        let phone = relay.phone()
        let shop = relay.connect()
        var keys: [MessageKey] = []
        relay.observer = { action in
            if case .transmit(let message, _, _, _) = action { keys.append(message.key) }
        }
        for _ in 1...4 { phone.sends("a") }
        for settled in 0..<4 {
            #expect(keys.count == settled + 1)
            relay.acknowledge(phone.pair("a"), on: shop)
        }
        #expect(keys == keys.sorted())
        #expect(relay.queue().pairs.isEmpty)
    }

    @Test("When the next of them expires while it waits for the transport, the one after it goes")
    func nextExpiresWaiting() {
        let relay = RelayConversation { $0.redelivery = .onReconnect }
        let phone = relay.phone()
        let shop = relay.connect()
        phone.sends("a")
        phone.sends("a", ttl: 5)
        phone.sends("a")
        #expect(relay.sent() == ["a → #1"])
        relay.event { $0.connectionBecameWritable(false, shop, now: relay.now) }
        relay.acknowledge(phone.pair("a"), on: shop)
        relay.advance(by: .seconds(6))
        relay.event { $0.connectionBecameWritable(true, shop, now: relay.now) }
        #expect(relay.sent() == ["a → #1"])
        #expect(relay.queue().lanes[phone.lane].heldCount == 0)
    }

    @Test("A lane holds at most 64 and goes on when there are fewer")
    func limit() {
        let relay = RelayConversation()
        let phone = relay.phone()
        let shop = relay.connect()
        for _ in 0...64 { phone.sends("a") }
        #expect(relay.queue().lanes[phone.lane].heldCount == 64)
        phone.sends("b")
        #expect(relay.sent() == ["a → #1"])
        relay.acknowledge(phone.pair("a"), on: shop)
        #expect(relay.sent() == ["a → #1", "b → #1"])
    }

    @Test("A full lane reads on in the store when a held message expires")
    func readsOn() {
        let relay = RelayConversation { $0.redelivery = .onReconnect }
        let phone = relay.phone()
        phone.sends("a")
        phone.sends("a", ttl: 5)
        for _ in 0..<63 { phone.sends("a") }
        for number in 0..<300 { phone.sends("b-\(number)") }
        relay.connect()
        #expect(relay.queue().lanes[phone.lane].heldCount == 64)
        relay.advance(by: .seconds(6))
        #expect(relay.counters.inFlight == 100)
    }

    @Test("Held messages survive the loss of every connection and a restart")
    func restart() {
        let relay = RelayConversation()
        let phone = relay.phone()
        let first = relay.connect()
        for id in ["a", "a", "b"] { phone.sends(id) }
        relay.disconnect(first)
        relay.crash()
        let second = relay.connect()
        #expect(relay.sent() == ["a → #2", "b → #2"])
        relay.acknowledge(phone.pair("a"), on: second)
        #expect(relay.sent() == ["a → #2"])
    }
}
