import CloudMessaging
import Testing

@testable import RelayMachine

/// Design decision 6: sent means on disk, settled means ACKed.
struct ForwardingTests {
    @Test("A message is answered and forwarded once it is on disk, in this order")
    func durableFirst() {
        let relay = RelayConversation()
        let phone = relay.phone()
        let shop = relay.connect()
        relay.manner = .slow
        phone.sends("m-1")
        #expect(relay.said() == [])
        relay.storeAnswers()
        #expect(relay.said() == ["taken 1", "m-1 → #1"])
        relay.acknowledge(phone.pair("m-1"), on: shop)
        #expect(relay.said() == [])
        #expect(relay.counters.settled == 1)
        #expect(relay.counters.live == 0)
    }

    @Test("What gathers while a commit runs becomes the next batch")
    func batches() {
        let relay = RelayConversation()
        let phone = relay.phone()
        relay.manner = .slow
        let commits = relay.counters.commits
        for number in 1...5 { phone.sends("m-\(number)") }
        relay.storeAnswersOnce()
        #expect(relay.said() == ["taken 1"])
        relay.storeAnswersOnce()
        #expect(relay.said() == ["taken 2", "taken 3", "taken 4", "taken 5"])
        #expect(relay.counters.commits == commits + 2)
    }

    @Test("A settled message leaves the store after 50 ms at the latest, or with the next message")
    func removals() {
        let relay = RelayConversation()
        let phone = relay.phone()
        let shop = relay.connect()
        phone.sends("m-1")
        relay.acknowledge(phone.pair("m-1"), on: shop)
        #expect(relay.storedMessages == 1)
        relay.advance(by: .milliseconds(49))
        #expect(relay.storedMessages == 1)
        relay.advance(by: .milliseconds(1))
        #expect(relay.storedMessages == 0)
        phone.sends("m-2")
        relay.acknowledge(phone.pair("m-2"), on: shop)
        phone.sends("m-3")
        #expect(relay.storedMessages == 1)
    }

    @Test("The 50 ms count from the first settled message")
    func firstRemoval() {
        let relay = RelayConversation()
        let phone = relay.phone()
        let shop = relay.connect()
        for id in ["a", "b"] { phone.sends(id) }
        relay.acknowledge(phone.pair("a"), on: shop)
        relay.advance(by: .milliseconds(30))
        relay.acknowledge(phone.pair("b"), on: shop)
        relay.advance(by: .milliseconds(20))
        #expect(relay.storedMessages == 0)
    }

    @Test("Nothing that was answered is lost by a crash, with or without the batch under way")
    func crashes() {
        let relay = RelayConversation()
        let phone = relay.phone()
        phone.sends("m-1")
        relay.manner = .slow
        phone.sends("m-2")
        relay.crash(executingBatch: true)
        relay.manner = .prompt
        phone.reconnects()
        relay.manner = .slow
        phone.sends("m-3")
        relay.crash()
        relay.manner = .prompt
        relay.connect()
        #expect(relay.sent() == ["m-1 → #1", "m-2 → #1"])
    }

    @Test("A message's number is never used twice, whatever life it came from")
    func sequences() {
        let relay = RelayConversation()
        let phone = relay.phone()
        var keys: Set<MessageKey> = []
        relay.observer = { action in
            if case .transmit(let message, _, _, _) = action { keys.insert(message.key) }
        }
        for life in 1...3 {
            phone.sends("m-\(life)a")
            phone.sends("m-\(life)b")
            relay.crash()
            phone.reconnects()
        }
        relay.connect()
        #expect(keys.count == 6)
    }

    @Test("A message waits for its own sender only")
    func senders() {
        let relay = RelayConversation()
        let phone = relay.phone()
        relay.connect(.shop)
        phone.sends("m-1", to: .depot)
        #expect(relay.said() == ["taken 1"])
        relay.connect(.depot)
        #expect(relay.sent() == ["m-1 → #2"])
    }
}
