import CloudMessaging
import MessageStore
import Testing

@testable import RelayMachine

@Suite("Messages that people end, and those that they put in")
struct ByHandTests {
    /// The stored messages with an ID.
    private func stored(_ id: String, _ relay: RelayConversation) -> [UpstreamMessage] {
        relay.store.page(from: .start, limit: 1_000).messages.compactMap { message in
            guard case .upstream(let message) = message, message.id.text == id else { return nil }
            return message
        }
    }

    private func end(
        _ messages: [UpstreamMessage], _ relay: RelayConversation,
        as ending: HandEnding = .discarded
    ) -> Int {
        var count = 0
        relay.event { count = $0.end(messages, as: ending, now: relay.now) }
        return count
    }

    /// Where a message may be when it is ended; the ID is always "a".
    enum Place: CaseIterable {
        case inStoreOnly, behindFullWindow, inFlight, lostItsConnection, held, heldOver
        case heldOverBehindFresh, parkedForTimer
    }

    private func relay(with place: Place) -> (RelayConversation, Phone, ConnectionID?) {
        let relay = RelayConversation { settings in
            settings.maxUnacked = 1
            if place == .heldOver || place == .heldOverBehindFresh {
                settings.reconnectHoldback = .seconds(60)
            }
            if place == .parkedForTimer { settings.redelivery = .timer }
        }
        let phone = relay.phone()
        switch place {
        case .inStoreOnly:
            phone.sends("a")
            return (relay, phone, nil)
        case .behindFullWindow:
            let shop = relay.connect()
            phone.sends("first")
            phone.sends("a")
            return (relay, phone, shop)
        case .inFlight:
            let shop = relay.connect()
            phone.sends("a")
            return (relay, phone, shop)
        case .lostItsConnection, .parkedForTimer:
            let shop = relay.connect()
            phone.sends("a")
            relay.disconnect(shop)
            return (relay, phone, nil)
        case .held:
            let (relay, phone) = pair()
            return (relay, phone, ConnectionID(1))
        case .heldOver:
            phone.sends("a")
            return (relay, phone, relay.connect())
        case .heldOverBehindFresh:
            phone.sends("a")
            let shop = relay.connect()
            phone.sends("fresh")
            relay.acknowledge(phone.pair("fresh"), on: shop)
            return (relay, phone, shop)
        }
    }

    /// Two messages of one pair, the later one held back.
    private func pair() -> (RelayConversation, Phone) {
        let relay = RelayConversation()
        let phone = relay.phone()
        relay.connect()
        phone.sends("a")
        phone.sends("a")
        return (relay, phone)
    }

    @Test(
        "Wherever it is, it is gone for good: from memory, store and counters",
        arguments: Place.allCases, HandEnding.allCases)
    func gone(place: Place, ending: HandEnding) throws {
        let (relay, phone, shop) = relay(with: place)
        let message = try #require(stored("a", relay).last)
        let before = relay.counters
        _ = relay.sent()
        #expect(end([message], relay, as: ending) == 1)
        #expect(end([message], relay, as: ending) == 0, "only once")
        #expect(relay.machine.standings(of: [message]) == [nil], "ended, and still in the store")
        relay.advance(by: .milliseconds(60))
        #expect(!stored("a", relay).contains { $0.key == message.key })
        #expect(relay.counters.live == before.live - 1)
        #expect(
            ending == .settled
                ? relay.counters.settled == before.settled + 1
                : relay.counters.discarded == before.discarded + 1)
        // What may still come of it does no harm, and it is not sent again.
        if let shop, place == .inFlight { relay.acknowledge(phone.pair("a"), on: shop) }
        if let shop { relay.disconnect(shop) }
        relay.connect()
        relay.advance(by: .seconds(400))
        #expect(relay.sent().filter { $0.hasPrefix("a ") }.isEmpty == (place != .held))
        #expect(relay.counters.rejectedAcknowledgements == 0)
    }

    @Test("In flight, its slot is free at once, and its pair goes on")
    func slot() throws {
        let (relay, phone) = pair()
        #expect(relay.sent() == ["a → #1"])
        let first = try #require(stored("a", relay).first)
        #expect(end([first], relay, as: .settled) == 1)
        #expect(relay.sent() == ["a → #1"], "the one that was held back")
        #expect(relay.window(of: ConnectionID(1)) == 1)
        // One ACK for each attempt: the first is for the one that was ended.
        relay.acknowledge(phone.pair("a"), on: ConnectionID(1))
        relay.acknowledge(phone.pair("a"), on: ConnectionID(1))
        #expect(relay.counters.settled == 2)
        #expect(relay.counters.live == 0)
    }

    @Test("A lane that is being read does not bring it back")
    func beingRead() throws {
        let relay = RelayConversation()
        let phone = relay.phone()
        phone.sends("a")
        phone.sends("b")
        let message = try #require(stored("a", relay).first)
        relay.inOneRound {
            relay.connect()
            #expect(end([message], relay) == 1)
        }
        #expect(relay.sent() == ["b → #1"])
        #expect(relay.counters.live == 1)
    }

    @Test("A whole backlog")
    func backlog() {
        let relay = RelayConversation()
        let phone = relay.phone()
        for number in 0..<500 { phone.sends("\(number)") }
        relay.connect()
        _ = relay.sent()
        let all = relay.store.page(from: .start, limit: 1_000).messages.compactMap { message in
            if case .upstream(let message) = message { message } else { nil }
        }
        #expect(end(all, relay) == 500)
        relay.advance(by: .milliseconds(60))
        #expect(relay.sent() == [])
        #expect(relay.storedMessages == 0)
        #expect(relay.counters.live == 0 && relay.counters.inFlight == 0)
        phone.sends("next")
        #expect(relay.sent() == ["next → #1"])
    }

    @Test("A message that is put in goes the way of all: stored, sent, retried, settled")
    func injected() throws {
        let relay = RelayConversation()
        let phone = relay.phone()
        phone.sends("a", data: DataPayload([("k", "v")]))
        let original = try #require(stored("a", relay).first)
        var number: Int64 = 0
        relay.event {
            number = $0.inject(
                original.id, from: original.origin, to: .shop, data: original.data,
                timeToLive: 60, now: relay.now)
        }
        #expect(stored("a", relay).map(\.key.sequence) == [original.key.sequence, number])
        #expect(relay.counters.live == 2)
        let shop = relay.connect()
        #expect(relay.sent() == ["a → #1"], "one of a pair at a time")
        relay.acknowledge(phone.pair("a"), on: shop)
        relay.advance(by: .seconds(10))
        #expect(relay.sent() == ["a → #1", "a → #1, attempt 2"])
        relay.acknowledge(phone.pair("a"), on: shop)
        #expect(relay.counters.live == 0)
    }

    @Test("A receipt that is put in is stored, sent, and settled by its ACK")
    func injectedReceipt() throws {
        let relay = RelayConversation()
        let phone = relay.phone()
        phone.sends("a")
        let origin = try #require(stored("a", relay).first).origin
        let id = try #require(MessageID("d-7"))
        relay.event { _ = $0.injectReceipt(for: id, of: origin, to: .shop, now: relay.now) }
        let receipt = try #require(stored("dr2:d-7", relay).first)
        #expect(receipt.kind == .receipt)
        #expect(relay.counters.receipts == 1)
        _ = relay.connect()
        #expect(relay.sent() == ["a → #1", "dr2:d-7 → #1"])
    }

    @Test("It is known where each message stands")
    func standings() throws {
        let relay = RelayConversation { $0.maxUnacked = 2 }
        let phone = relay.phone()
        let shop = relay.connect()
        for id in ["a", "a", "b", "c"] { phone.sends(id) }
        let all = try ["a", "b", "c"].flatMap { try #require(Optional(stored($0, relay))) }
        #expect(
            relay.machine.standings(of: all) == [
                .inFlight(attempts: 1, on: shop), .held, .inFlight(attempts: 1, on: shop),
                .queued(attempts: 0),
            ])
        relay.disconnect(shop)
        #expect(relay.machine.standings(of: all).first == .queued(attempts: 1))
        let connection = relay.connect()
        let standing = try #require(relay.machine.standings(of: [connection, shop])[0])
        #expect(standing.unacknowledged == 2)
        #expect(relay.machine.standings(of: [shop])[0] == nil)
    }

    @Test("A message in a mailbox is gone, unless it is on its way to the device")
    func downstream() throws {
        let relay = RelayConversation()
        let phone = relay.phone()
        let shop = relay.connect()
        relay.request("d-1", to: phone.token.text, on: shop)
        let waiting = relay.store.page(
            from: .downstream(after: MailboxKey(registration: 0, sequence: 0)), limit: 10
        ).messages.compactMap { message -> DownstreamMessage? in
            if case .downstream(let message) = message { message } else { nil }
        }
        var count = 0
        relay.event { count = $0.end(waiting, as: .discarded, now: relay.now) }
        #expect(count == 1)
        _ = relay.said()
        phone.takesDeliveries()
        #expect(relay.said() == [])
        relay.request("d-2", to: phone.token.text, on: shop)
        #expect(relay.said().contains { $0.hasPrefix("deliver d-2") })
        let sent = relay.store.page(
            from: .downstream(after: MailboxKey(registration: 0, sequence: 0)), limit: 10
        ).messages.compactMap { message -> DownstreamMessage? in
            if case .downstream(let message) = message { message } else { nil }
        }
        relay.event { count = $0.end(sent, as: .discarded, now: relay.now) }
        #expect(sent.count == 1 && count == 0)
    }
}
