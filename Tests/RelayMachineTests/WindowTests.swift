import CloudMessaging
import Testing

@testable import RelayMachine

/// Design decision 7 and 12: 100 un-ACKed messages on a connection.
struct WindowTests {
    @Test("The 101st message waits and goes out at the next ACK")
    func limit() {
        let relay = RelayConversation()
        let phone = relay.phone()
        let shop = relay.connect()
        for number in 1...102 { phone.sends("m-\(number)") }
        #expect(relay.sent().count == 100)
        #expect(relay.counters.queued == 2)
        relay.acknowledge(phone.pair("m-7"), on: shop)
        #expect(relay.sent() == ["m-101 → #1"])
        relay.acknowledge(phone.pair("m-101"), on: shop)
        #expect(relay.sent() == ["m-102 → #1"])
    }

    @Test("The limit can be set")
    func setting() {
        let relay = RelayConversation { $0.maxUnacked = 3 }
        let phone = relay.phone()
        relay.connect()
        for number in 1...5 { phone.sends("m-\(number)") }
        #expect(relay.sent() == ["m-1 → #1", "m-2 → #1", "m-3 → #1"])
    }

    @Test("A message takes a slot on each connection that carried it until its ACK")
    func twoSlots() {
        let relay = RelayConversation { $0.maxUnacked = 1 }
        let phones = relay.phonesInDifferentLanes(3)
        let first = relay.connect()
        phones[0].sends("a")
        let second = relay.connect()
        relay.advance(by: .seconds(10))
        phones[1].sends("b")
        phones[2].sends("c")
        #expect(relay.sent() == ["a → #1", "a → #2, attempt 2"])
        #expect(relay.window(of: first) == 1)
        #expect(relay.window(of: second) == 1)
        relay.acknowledge(phones[0].pair("a"), on: second)
        #expect(relay.sent().count == 2, "both slots are free at once")
    }

    @Test("An attempt repeated on its own connection needs no second slot")
    func sameSlot() {
        let relay = RelayConversation { $0.maxUnacked = 1 }
        let phone = relay.phone()
        relay.connect()
        phone.sends("a")
        relay.advance(by: .seconds(10))
        #expect(relay.sent() == ["a → #1", "a → #1, attempt 2"])
    }

    @Test("A connection whose transport takes no bytes gets none")
    func notWritable() {
        let relay = RelayConversation()
        let phone = relay.phone()
        let shop = relay.connect()
        relay.event { $0.connectionBecameWritable(false, shop, now: relay.now) }
        phone.sends("a")
        #expect(relay.sent() == [])
        relay.event { $0.connectionBecameWritable(true, shop, now: relay.now) }
        #expect(relay.sent() == ["a → #1"])
    }

    @Test("When a waiting message expires, a later one of its lane still gets the next slot")
    func waitingMessageExpires() {
        let relay = RelayConversation {
            $0.maxUnacked = 1
            $0.redelivery = .onReconnect
        }
        let phones = relay.phonesInDifferentLanes(2)
        let shop = relay.connect()
        phones[0].sends("a")
        phones[1].sends("b", ttl: 5)
        relay.advance(by: .seconds(6))
        relay.acknowledge(phones[0].pair("a"), on: shop)
        phones[1].sends("c")
        #expect(relay.sent() == ["a → #1", "c → #1"])
    }
}
