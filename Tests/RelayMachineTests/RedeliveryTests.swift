import CloudMessaging
import Testing

@testable import RelayMachine

/// Design decision 11: when a message without an ACK is sent again.
struct RedeliveryTests {
    private static func relay(_ mode: Redelivery) -> RelayConversation {
        RelayConversation { $0.redelivery = mode }
    }

    @Test(
        "No ACK within the delay, connection alive",
        arguments: [
            (Redelivery.both, ["a → #1, attempt 2", "a → #1, attempt 3"]),
            (.timer, ["a → #1, attempt 2", "a → #1, attempt 3"]), (.onReconnect, []),
            (.never, []),
        ] as [(Redelivery, [String])])
    func alive(mode: Redelivery, again: [String]) {
        let relay = Self.relay(mode)
        let phone = relay.phone()
        relay.connect()
        phone.sends("a")
        #expect(relay.sent() == ["a → #1"])
        relay.advance(by: .seconds(30))
        #expect(relay.sent() == again)
    }

    @Test(
        "Connection lost, another one is there",
        arguments: [
            (Redelivery.both, ["a → #2, attempt 2"], [], []),
            (.timer, [], ["a → #2, attempt 2"], []), (.onReconnect, [], [], ["a → #2"]),
            (.never, [], [], []),
        ] as [(Redelivery, [String], [String], [String])])
    func lostWithAnother(mode: Redelivery, atOnce: [String], later: [String], bind: [String]) {
        let relay = Self.relay(mode)
        let phone = relay.phone()
        let first = relay.connect()
        phone.sends("a")
        relay.connect()
        _ = relay.said()
        relay.advance(by: .seconds(1))
        relay.disconnect(first)
        #expect(relay.sent() == atOnce)
        relay.advance(by: .milliseconds(8_999))
        #expect(relay.sent() == [])
        relay.advance(by: .milliseconds(1))
        #expect(relay.sent() == later)
        relay.connect()
        #expect(relay.sent().map { String($0.prefix(6)) } == bind)
        #expect(relay.counters.discarded == (mode == .never ? 1 : 0))
    }

    @Test(
        "Connection lost, the next one binds before the delay is over, or after",
        arguments: [
            (Redelivery.both, 2, ["a → #2, attempt 2"], []),
            (.timer, 2, [], ["a → #2, attempt 2"]),
            (.timer, 20, ["a → #2, attempt 2"], []),
            (.onReconnect, 2, ["a → #2, attempt 2"], []), (.never, 2, [], []),
        ] as [(Redelivery, Int, [String], [String])])
    func lost(mode: Redelivery, away: Int, atBind: [String], later: [String]) {
        let relay = Self.relay(mode)
        let phone = relay.phone()
        let first = relay.connect()
        phone.sends("a")
        relay.disconnect(first)
        relay.advance(by: .seconds(away))
        _ = relay.said()
        relay.connect()
        #expect(relay.sent() == atBind)
        relay.advance(by: .milliseconds(9_999 - 1_000 * away))
        #expect(relay.sent() == [])
        relay.advance(by: .milliseconds(1))
        #expect(relay.sent() == later)
    }

    @Test("Relay restarted: again at the next bind, in every mode", arguments: Redelivery.allCases)
    func restarted(mode: Redelivery) {
        let relay = Self.relay(mode)
        let phone = relay.phone()
        relay.connect()
        phone.sends("a")
        relay.crash()
        relay.connect()
        #expect(relay.sent() == ["a → #2"])
    }

    @Test("A discard is durable, counted and noted")
    func discard() throws {
        let relay = Self.relay(.never)
        let phone = relay.phone()
        let first = relay.connect()
        phone.sends("a")
        relay.disconnect(first)
        relay.advance(by: .milliseconds(50))
        #expect(relay.storedMessages == 0)
        #expect(relay.counters.discarded == 1)
        #expect(relay.counters.live == 0)
        let note = try #require(relay.notes.last)
        guard case .discarded(let message, first) = note else {
            Issue.record("the note says \(note)")
            return
        }
        #expect(message.id.text == "a")
    }

    @Test("The delay is 10 s and doubles up to 180 s")
    func delays() {
        let relay = Self.relay(.both)
        let phone = relay.phone()
        relay.connect()
        phone.sends("a")
        _ = relay.said()
        for seconds in [10, 20, 40, 80, 160, 180, 180] {
            relay.advance(by: .seconds(seconds) - .nanoseconds(1))
            #expect(relay.sent() == [])
            relay.advance(by: .nanoseconds(1))
            #expect(relay.sent().count == 1)
        }
    }

    @Test("The delay is up to 20 % shorter or longer, by the seed, and never above the longest")
    func jitter() {
        func delays(seed: UInt64) -> [Duration] {
            let relay = RelayConversation(seed: seed) { $0.retry = RetrySchedule() }
            let phone = relay.phone()
            relay.connect()
            var last = relay.now
            var delays: [Duration] = []
            relay.observer = { action in
                guard case .transmit = action else { return }
                delays.append(last.duration(to: relay.now))
                last = relay.now
            }
            phone.sends("a")
            relay.advance(by: .seconds(1_000))
            return Array(delays.dropFirst())
        }
        for seed in UInt64(1)...20 {
            let found = delays(seed: seed)
            for (delay, middle) in zip(found, [10.0, 20, 40, 80, 160]) {
                #expect(delay >= .seconds(middle * 0.8) && delay <= .seconds(middle * 1.2))
            }
            #expect(found.allSatisfy { $0 <= .seconds(180) })
        }
        #expect(delays(seed: 1) == delays(seed: 1))
        #expect(delays(seed: 1) != delays(seed: 2))
    }

    @Test("A retry prefers another live connection")
    func another() {
        let relay = Self.relay(.both)
        let phone = relay.phone()
        relay.connect()
        phone.sends("a")
        relay.connect()
        relay.advance(by: .seconds(30))
        #expect(relay.sent() == ["a → #1", "a → #2, attempt 2", "a → #1, attempt 3"])
    }

    @Test("A retry stays where it was when the other connection is full or drained")
    func anotherIsFull() {
        let relay = RelayConversation { $0.maxUnacked = 1 }
        let phones = relay.phonesInDifferentLanes(2)
        relay.connect()
        phones[0].sends("a")
        let second = relay.connect()
        phones[1].sends("b")
        relay.advance(by: .seconds(10))
        #expect(
            relay.sent() == [
                "a → #1", "b → #2", "a → #1, attempt 2", "b → #2, attempt 2",
            ])
        relay.drain(second)
        relay.acknowledge(phones[1].pair("b"), on: second)
        relay.advance(by: .seconds(20))
        #expect(relay.sent() == ["a → #1, attempt 3"])
    }

    @Test("The clock of an attempt stands still while the relay does not read the connection")
    func paused() {
        let relay = Self.relay(.both)
        let phone = relay.phone()
        let shop = relay.connect()
        phone.sends("a")
        _ = relay.said()
        relay.advance(by: .seconds(4))
        relay.event { $0.connectionReading(false, shop, now: relay.now) }
        relay.advance(by: .seconds(60))
        phone.sends("b")
        relay.advance(by: .seconds(60))
        #expect(relay.sent() == ["b → #1"])
        relay.event { $0.connectionReading(true, shop, now: relay.now) }
        relay.advance(by: .milliseconds(5_999))
        #expect(relay.sent() == [])
        relay.advance(by: .milliseconds(1))
        #expect(relay.sent() == ["a → #1, attempt 2"])
        relay.advance(by: .seconds(4))
        #expect(relay.sent() == ["b → #1, attempt 2"])
    }

    @Test("A repeat carries the same message, and is noted with its cause")
    func sameBytes() {
        let relay = Self.relay(.both)
        let phone = relay.phone()
        let first = relay.connect()
        var sent: [UpstreamMessage] = []
        relay.observer = { action in
            if case .transmit(let message, _, _, _) = action { sent.append(message) }
        }
        phone.sends("a", ttl: 3_600)
        relay.advance(by: .seconds(10))
        relay.connect()
        relay.disconnect(first)
        relay.crash()
        relay.connect()
        #expect(sent.count == 4)
        for message in sent {
            #expect(message.data == sent[0].data)
            #expect(message.timeToLive == 3_600)
            #expect(message.origin.category == .courier)
            #expect(message.pair == phone.pair("a"))
        }
        let causes = relay.notes.compactMap { note in
            if case .redelivered(_, _, _, let cause) = note { cause } else { nil }
        }
        #expect(causes == [.noAcknowledgement(after: .seconds(10)), .connectionLost])
    }

    @Test("A retry that found no connection keeps its cause until it finds one")
    func causeOfLateRetry() {
        let relay = Self.relay(.both)
        let phone = relay.phone()
        let first = relay.connect()
        phone.sends("a")
        relay.drain(first)
        relay.advance(by: .seconds(15))
        relay.connect()
        let causes = relay.notes.compactMap { note in
            if case .redelivered(_, _, _, let cause) = note { cause } else { nil }
        }
        #expect(causes == [.noAcknowledgement(after: .seconds(10))])
    }

    @Test("Several messages that a connection carried are sent again in their order")
    func order() {
        let relay = Self.relay(.both)
        let phone = relay.phone()
        let first = relay.connect()
        for id in ["a", "b", "c"] { phone.sends(id) }
        relay.disconnect(first)
        phone.sends("d")
        _ = relay.said()
        relay.connect()
        #expect(
            relay.sent() == [
                "a → #2, attempt 2", "b → #2, attempt 2", "c → #2, attempt 2", "d → #2",
            ])
    }
}
