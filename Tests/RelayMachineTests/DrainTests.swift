import CloudMessaging
import Testing

@testable import RelayMachine

/// Protocol sheet §3.6: a connection is drained before it is closed.
struct DrainTests {
    @Test("A connection with nothing in flight closes at once")
    func empty() {
        let relay = RelayConversation()
        let shop = relay.connect()
        relay.drain(shop)
        #expect(relay.said() == ["draining #1", "close #1: drained"])
        relay.drain(shop)
        relay.advance(by: .seconds(60))
        #expect(relay.said() == [])
    }

    @Test("The log is told of every connection that is drained, and why")
    func notes() {
        let relay = RelayConversation {
            $0.quirks.sessionMaxAge = .seconds(30)
            $0.quirks.draining = .silent
        }
        relay.connect()
        relay.advance(by: .seconds(30))
        relay.drain(relay.connect())
        relay.connect()
        relay.event { $0.shutdown(now: relay.now) }
        let causes = relay.notes.compactMap { note -> DrainCause? in
            if case .draining(_, let cause, _) = note { cause } else { nil }
        }
        #expect(causes == [.age, .order, .shutdown])
    }

    @Test("A draining connection gets nothing new, its ACKs count, and it closes when they are in")
    func acknowledged() {
        let relay = RelayConversation()
        let phone = relay.phone()
        let first = relay.connect()
        phone.sends("a")
        phone.sends("b")
        relay.drain(first)
        #expect(relay.machine.isDraining(first))
        phone.sends("c")
        #expect(relay.said().last == "taken 3")
        relay.acknowledge(phone.pair("a"), on: first)
        #expect(relay.said() == [])
        relay.acknowledge(phone.pair("b"), on: first)
        #expect(relay.said() == ["close #1: drained"])
        #expect(relay.counters.settled == 2)
        relay.connect()
        #expect(relay.sent() == ["c → #2"])
    }

    @Test("It closes after the grace time, and what it carried goes elsewhere")
    func grace() {
        let relay = RelayConversation { $0.retry.first = .seconds(100) }
        let phone = relay.phone()
        let first = relay.connect()
        phone.sends("a")
        relay.connect()
        relay.drain(first)
        _ = relay.said()
        relay.advance(by: .seconds(30) - .nanoseconds(1))
        #expect(relay.said() == [])
        relay.advance(by: .nanoseconds(1))
        #expect(relay.said() == ["close #1: drained"])
        relay.disconnect(first)
        #expect(relay.said() == ["a → #2, attempt 2"])
    }

    @Test("Other connections take over at once")
    func takeOver() {
        let relay = RelayConversation { $0.maxUnacked = 1 }
        let phone = relay.phone()
        let first = relay.connect()
        phone.sends("a")
        phone.sends("b")
        relay.connect()
        _ = relay.said()
        relay.drain(first)
        #expect(relay.said() == ["draining #1", "b → #2"])
    }

    @Test("A retry leaves a draining connection")
    func retry() {
        let relay = RelayConversation()
        let phone = relay.phone()
        let first = relay.connect()
        phone.sends("a")
        relay.connect()
        relay.drain(first)
        relay.advance(by: .seconds(10))
        #expect(relay.sent() == ["a → #1", "a → #2, attempt 2"])
    }

    @Test("It closes when its last message is settled by an ACK on another connection")
    func settledElsewhere() {
        let relay = RelayConversation()
        let phone = relay.phone()
        let first = relay.connect()
        phone.sends("a")
        let second = relay.connect()
        relay.drain(first)
        relay.advance(by: .seconds(10))
        _ = relay.said()
        relay.acknowledge(phone.pair("a"), on: second)
        #expect(relay.said() == ["close #1: drained"])
    }

    @Test("A shutdown closes device streams, drains every connection and sends nothing new")
    func shutdown() {
        let relay = RelayConversation { $0.maxUnacked = 1 }
        let phones = relay.phonesInDifferentLanes(3)
        let shops = [relay.connect(), relay.connect()]
        for phone in phones { phone.sends("\(phone.lane)") }
        relay.acknowledge(phones[2].pair("\(phones[2].lane)"), on: shops[1])
        _ = relay.said()
        phones[0].sends("next")
        _ = relay.said()
        relay.event { $0.shutdown(now: relay.now) }
        let said = relay.said()
        #expect(said.filter { $0.contains("→") } == [])
        #expect(said.filter { $0.hasSuffix("shutdown") }.count == 3)
        #expect(said.contains("draining #1") && said.contains("draining #2"))
        #expect(!relay.machine.isFinished)
        phones.forEach { $0.disconnects() }
        shops.forEach { relay.disconnect($0) }
        #expect(relay.machine.isFinished)
    }

    @Test("After a shutdown nobody is let in, and removals wait for no company")
    func afterShutdown() {
        let relay = RelayConversation()
        let phone = relay.phone()
        let shop = relay.connect()
        phone.sends("a")
        relay.event { $0.shutdown(now: relay.now) }
        _ = relay.said()
        relay.acknowledge(phone.pair("a"), on: shop)
        #expect(relay.storedMessages == 0)
        #expect(relay.said() == ["close #1: drained"])
        relay.connect()
        _ = relay.openStream()
        #expect(relay.said() == ["close #2: shutdown", "close device stream 2: shutdown"])
    }

    @Test("A sender has at most 1,000 connections unless another number is set")
    func thousandConnections() {
        let relay = RelayConversation()
        for _ in 1...1_000 { relay.connect() }
        #expect(relay.said() == [])
        relay.connect()
        #expect(relay.said() == ["close #1001: tooManyConnections"])
        #expect(relay.machine.boundConnections == 1_000)
    }

    @Test("A sender has at most so many connections as are set")
    func maxConnections() {
        let relay = RelayConversation { $0.maxConnections = 2 }
        let first = relay.connect()
        relay.connect()
        relay.connect()
        #expect(relay.said() == ["close #3: tooManyConnections"])
        relay.connect(.depot)
        #expect(relay.said() == [])
        relay.disconnect(first)
        relay.connect()
        #expect(relay.said() == [])
        #expect(relay.machine.boundConnections == 3)
    }
}
