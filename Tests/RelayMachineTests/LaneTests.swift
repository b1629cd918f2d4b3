import CloudMessaging
import Testing

@testable import RelayMachine

/// Design decision 10: a sender's queue is cut into 16 lanes.
struct LaneTests {
    /// A relay with a small window, two phones in lanes of their own, and one connection that the
    /// first phone has filled.
    private func filled() -> (RelayConversation, [Phone], ConnectionID) {
        let relay = RelayConversation {
            $0.maxUnacked = 2
            $0.redelivery = .onReconnect
        }
        let phones = relay.phonesInDifferentLanes(2)
        let shop = relay.connect()
        phones[0].sends("a-1")
        phones[0].sends("a-2")
        _ = relay.said()
        return (relay, phones, shop)
    }

    @Test("Messages of a device are first written in order, whatever the ACKs do")
    func order() {
        let relay = RelayConversation { $0.maxUnacked = 3 }
        let phone = relay.phone()
        let shops = [relay.connect(), relay.connect()]
        for number in 0..<20 { phone.sends("\(number)") }
        var firsts: [String] = []
        while firsts.count < 20 {
            let sent = relay.sent()
            firsts += sent.filter { !$0.contains("attempt") }
            guard let last = sent.last else { break }
            let id = String(last.prefix { $0 != " " })
            let shop = last.contains("#1") ? shops[0] : shops[1]
            relay.acknowledge(phone.pair(id), on: shop)
        }
        let ids = firsts.map { String($0.prefix { $0 != " " }) }
        #expect(ids == (0..<20).map(String.init))
    }

    @Test("A lane with messages in flight keeps to its connection")
    func keeps() {
        let (relay, phones, _) = filled()
        relay.connect()
        relay.acknowledge(phones[0].pair("a-1"), on: ConnectionID(1))
        phones[0].sends("a-3")
        // At a bind one lane moves, but not the only one of its connection.
        #expect(relay.sent() == ["a-3 → #1"])
    }

    @Test("One lane moves to a connection when it binds")
    func oneLaneAtBind() {
        let relay = RelayConversation()
        let phones = relay.phonesInDifferentLanes(3)
        relay.connect()
        for phone in phones { phone.sends("a") }
        _ = relay.said()
        relay.connect()
        for phone in phones { phone.sends("b") }
        #expect(relay.sent().filter { $0.contains("#2") }.count == 1)
    }

    @Test("A lane with nothing in flight moves to the connection with the most free slots")
    func nothingInFlight() {
        let (relay, phones, first) = filled()
        relay.connect()
        phones[1].sends("b-1")
        #expect(relay.sent() == ["b-1 → #2"])
        relay.acknowledge(phones[0].pair("a-1"), on: first)
        relay.acknowledge(phones[1].pair("b-1"), on: ConnectionID(2))
        phones[1].sends("b-2")
        #expect(relay.sent() == ["b-2 → #2"], "#1 has one message, #2 none")
    }

    @Test("A lane moves when its connection closes")
    func closes() {
        let relay = RelayConversation()
        let phone = relay.phone()
        let first = relay.connect()
        phone.sends("a")
        relay.connect()
        relay.disconnect(first)
        phone.sends("b")
        #expect(relay.sent() == ["a → #1", "a → #2, attempt 2", "b → #2"])
    }

    @Test("A lane that waited 1 s for a slot moves where there is one")
    func patience() {
        let (relay, phones, _) = filled()
        relay.connect()
        phones[0].sends("a-3")
        #expect(relay.sent() == [])
        relay.advance(by: .milliseconds(999))
        #expect(relay.sent() == [])
        relay.advance(by: .milliseconds(1))
        #expect(relay.sent() == ["a-3 → #2"])
        phones[0].sends("a-4")
        #expect(relay.sent() == ["a-4 → #2"])
    }

    @Test("A lane that began to wait before the second connection bound has its patience too")
    func patienceAcrossBind() {
        let (relay, phones, _) = filled()
        phones[0].sends("a-3")
        relay.advance(by: .milliseconds(500))
        relay.connect()
        #expect(relay.sent() == [])
        relay.advance(by: .milliseconds(500))
        #expect(relay.sent() == ["a-3 → #2"])
    }

    @Test("A lane that lost its slot to another waits 1 s from then, without any other event")
    func patienceAfterTurn() {
        let relay = RelayConversation {
            $0.maxUnacked = 1
            $0.redelivery = .onReconnect
        }
        let phone = relay.phone()
        let first = relay.connect()
        for number in 1...3 { phone.sends("a-\(number)") }
        relay.acknowledge(phone.pair("a-1"), on: first)
        #expect(relay.sent() == ["a-1 → #1", "a-2 → #1"])
        relay.connect()
        relay.advance(by: .seconds(1))
        #expect(relay.sent() == ["a-3 → #2"])
    }

    @Test("A lane whose patience is over takes the next slot that is free anywhere")
    func overdue() {
        let (relay, phones, first) = filled()
        let second = relay.connect()
        phones[1].sends("b-1")
        phones[1].sends("b-2")
        phones[0].sends("a-3")
        _ = relay.said()
        relay.advance(by: .seconds(2))
        relay.acknowledge(phones[1].pair("b-1"), on: second)
        #expect(relay.sent() == ["a-3 → #2"])
        relay.acknowledge(phones[0].pair("a-1"), on: first)
        #expect(relay.sent() == [])
    }

    @Test("A lane that waited on a connection that closed takes the next slot elsewhere")
    func waitingOnClose() {
        let (relay, phones, first) = filled()
        let second = relay.connect()
        phones[1].sends("b-1")
        phones[1].sends("b-2")
        phones[0].sends("a-3")
        _ = relay.said()
        relay.disconnect(first)
        #expect(relay.sent() == [])
        relay.acknowledge(phones[1].pair("b-1"), on: second)
        #expect(relay.sent() == ["a-3 → #2"])
        #expect(relay.queue().roamingLanes == 0)
    }

    @Test("Lanes that wait for one connection take turns")
    func turns() {
        let relay = RelayConversation { $0.maxUnacked = 4 }
        let phones = relay.phonesInDifferentLanes(3)
        let shop = relay.connect()
        for phone in phones {
            for number in 1...6 { phone.sends("\(phone.lane)-\(number)") }
        }
        var served: [String] = []
        var inFlight = relay.sent()
        while !inFlight.isEmpty {
            let id = String(inFlight.removeFirst().prefix { $0 != " " })
            let phone = phones.first { "\($0.lane)" == id.prefix { $0 != "-" } }!
            relay.acknowledge(phone.pair(id), on: shop)
            let sent = relay.sent()
            inFlight += sent
            served += sent.map { String($0.prefix { $0 != "-" }) }
        }
        #expect(served.count == 14)
        #expect(Set(served.prefix(3)).count == 3, "each lane has one of the first three turns")
        #expect(Set(served[3..<6]).count == 3)
    }

    @Test("A lane that finds a roomier connection when its turn comes uses all the room there")
    func roomierInTurn() {
        let relay = RelayConversation {
            $0.maxUnacked = 2
            $0.redelivery = .onReconnect
        }
        let phones = relay.phonesInDifferentLanes(3).sorted { $0.lane < $1.lane }
        let first = relay.connect()
        phones[0].sends("moves at the bind")
        relay.acknowledge(phones[0].pair("moves at the bind"), on: first)
        phones[1].sends("b-1")
        phones[2].sends("a-1")
        relay.connect()
        for number in 2...3 { phones[2].sends("a-\(number)") }
        _ = relay.said()
        relay.acknowledge(phones[2].pair("a-1"), on: first)
        #expect(relay.sent() == ["a-2 → #2", "a-3 → #2"])
    }

    @Test("A lane with nothing in flight that waits takes a free slot of any connection at once")
    func roams() {
        let relay = RelayConversation {
            $0.maxUnacked = 1
            $0.redelivery = .onReconnect
        }
        let phones = relay.phonesInDifferentLanes(3)
        let shops = [relay.connect(), relay.connect()]
        phones[0].sends("a")
        phones[1].sends("b")
        phones[2].sends("c")
        #expect(relay.sent() == ["a → #1", "b → #2"])
        relay.acknowledge(phones[1].pair("b"), on: shops[1])
        #expect(relay.sent() == ["c → #2"])
    }
}
