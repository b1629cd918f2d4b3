import CloudMessaging
import Testing

@testable import RelayMachine

@Suite("Mailboxes of devices that are online")
struct MailboxTests {
    let relay = RelayConversation()
    let phone: Phone
    let shop: ConnectionID

    init() {
        phone = relay.phone(senders: [.shop])
        phone.takesDeliveries()
        relay.event { [phone] in
            $0.appRequested(
                .subscribe(TopicName("news")!), of: phone.category, request: "r2",
                on: phone.stream)
        }
        shop = relay.connect()
        _ = relay.said()
    }

    private func sends(_ id: String, to addressee: String? = nil, receipt: Bool = false) {
        relay.request(id, to: addressee ?? phone.token.text, on: shop, receipt: receipt)
    }

    private func deliveries() -> [String] {
        relay.said().filter { $0.hasPrefix("deliver") || $0.hasSuffix("deleted") }
    }

    @Test("A message to a topic between two others of one batch keeps its place")
    func topicInBetween() {
        sends("d-0")
        _ = relay.said()
        relay.inOneRound {
            sends("d-1")
            sends("d-2", to: "/topics/news")
            sends("d-3")
        }
        #expect(
            deliveries() == [
                "deliver d-1 of 4711", "deliver d-2 of /topics/news", "deliver d-3 of 4711",
            ])
    }

    @Test("With time to live 0 a message to a topic reaches who is online")
    func topicNowOrNever() {
        relay.request("d-1", to: "/topics/news", on: shop, ttl: 0)
        #expect(deliveries() == ["deliver d-1 of /topics/news"])
        phone.confirms(1)
        phone.disconnects()
        relay.request("d-2", to: "/topics/news", on: shop, ttl: 0)
        relay.advance(by: .seconds(1))
        phone.reconnects()
        phone.takesDeliveries()
        #expect(deliveries() == [])
    }

    @Test("A message that a read finds before its request is answered is delivered once")
    func foundBeforeAnswer() {
        relay.manner = .losesAnswers
        sends("d-1")
        phone.reconnects()
        phone.takesDeliveries()
        relay.manner = .prompt
        relay.advance(by: .seconds(1))
        #expect(deliveries() == ["deliver d-1 of 4711"])
    }

    @Test("What was confirmed does not come again while its removal is on its way to the store")
    func confirmed() {
        sends("d-1", receipt: true)
        relay.manner = .slow
        phone.sends("keeps the store busy")
        phone.confirms(1)
        _ = relay.said()
        // The newer login replaces the stream at once.
        phone.reconnects()
        phone.takesDeliveries()
        relay.storeAnswers()
        relay.storeAnswers()
        #expect(deliveries() == [])
        #expect(relay.counters.receipts == 1)
    }

    @Test("A notice that is on the wire is not written again with the next message")
    func noticeOnce() {
        phone.disconnects()
        for index in 1...101 { sends("d-\(index)") }
        phone.reconnects()
        phone.takesDeliveries()
        #expect(deliveries() == ["101 deleted"])
        sends("d-102", to: "/topics/news")
        #expect(deliveries() == ["deliver d-102 of /topics/news"])
    }

    @Test("What a message to a topic displaced is not delivered, though it was next in line")
    func displacedByTopic() {
        for index in 1...100 { sends("d-\(index)") }
        relay.request("old", to: phone.token.text, on: shop, collapseKey: "score")
        sends("d-101")
        _ = relay.said()
        relay.request("new", to: "/topics/news", on: shop, collapseKey: "score")
        phone.confirms(10)
        #expect(deliveries() == ["deliver d-101 of 4711", "deliver new of /topics/news"])
    }

    @Test("What overflows for a message to a topic is not delivered, though it was next in line")
    func overflowOfTopic() {
        for index in 1...200 { sends("d-\(index)") }
        _ = relay.said()
        sends("d-201", to: "/topics/news")
        phone.confirms(100)
        #expect(deliveries() == ["101 deleted"])
    }

    @Test(
        "What is on the wire is left alone by messages to many, too",
        arguments: ["topic", "group", "token"])
    func manyOnWire(kind: String) {
        let addressee =
            switch kind {
            case "topic": "/topics/news"
            case "group": relay.join(GroupName("family")!, phone)
            default: phone.token.text
            }
        _ = relay.said()
        for index in 1...105 { sends("d-\(index)", to: addressee) }
        #expect(deliveries().count == 100)
        phone.confirms(100)
        #expect(deliveries().count == 5)
        phone.confirms(5)
        #expect(deliveries() == [])
    }

    @Test("What was confirmed is left alone while its removal is on its way to the store")
    func confirmedIsNotCounted() {
        for index in 1...100 { sends("d-\(index)", to: "/topics/news") }
        phone.confirms(100)
        _ = relay.said()
        sends("d-101", to: "/topics/news")
        #expect(deliveries() == ["deliver d-101 of /topics/news"])
    }

    @Test("What goes on the wire while a batch gathers does not count as waiting in it")
    func onWireMeanwhile() {
        for index in 1...200 { sends("d-\(index)") }
        _ = relay.said()
        relay.manner = .slow
        phone.sends("keeps the store busy")
        sends("d-201")
        phone.confirms(50)
        relay.storeAnswers()
        phone.confirms(100)
        phone.confirms(51)
        #expect(deliveries().count == 101)
    }

    @Test(
        "What the store may be dropping is not put on the wire meanwhile: delivered or deleted",
        arguments: ["topic", "token"])
    func decidedFirst(kind: String) {
        for index in 1...200 { sends("d-\(index)") }
        _ = relay.said()
        relay.manner = .slow
        sends("d-201", to: kind == "topic" ? "/topics/news" : nil)
        phone.confirms(30)
        #expect(deliveries() == [])
        relay.storeAnswers()
        #expect(deliveries() == ["101 deleted"])
        #expect(relay.counters.deliveriesDropped == 101)
        let overflows = relay.notes.compactMap { note -> [Int]? in
            guard case .mailboxesOverflowed(_, _, let mailboxes, let messages) = note else {
                return nil
            }
            return [mailboxes, messages]
        }
        #expect(overflows == [[1, 101]])
        phone.confirms(71)
        sends("d-202")
        #expect(deliveries() == ["deliver d-202 of 4711"])
    }

    @Test("What can go on the wire goes there before another message is put in")
    func readBeforeDeposit() {
        phone.disconnects()
        for index in 1...100 { sends("d-\(index)") }
        phone.reconnects()
        _ = relay.said()
        relay.inOneRound {
            phone.takesDeliveries()
            sends("d-101")
        }
        #expect(deliveries().count == 100)
        phone.confirms(100)
        #expect(deliveries() == ["deliver d-101 of 4711"])
    }

    @Test(
        "A burst to a topic or a group reaches a device that is online", arguments: [true, false])
    func burst(isGroup: Bool) {
        let group = relay.join(GroupName("family")!, phone)
        _ = relay.said()
        relay.manner = .slow
        phone.sends("keeps the store busy")
        var next = 1
        for size in [1, 99, 5] {
            for _ in 1...size {
                sends("d-\(next)", to: isGroup ? group : "/topics/news")
                next += 1
            }
            relay.storeAnswersOnce()
        }
        relay.storeAnswers()
        #expect(deliveries().count == 100)
        phone.confirms(100)
        #expect(deliveries().count == 5)
    }

    @Test("Apps of one device take turns: a busy one does not keep the others waiting")
    func turns() {
        let quiet = Category("com.example.quiet")!
        let other = relay.register(quiet, [.shop], on: phone.stream)!
        for index in 1...150 { sends("d-\(index)") }
        _ = relay.said()
        sends("q-1", to: other.token.text)
        sends("q-2", to: other.token.text)
        phone.confirms(3)
        #expect(
            deliveries() == [
                "deliver q-1 of 4711", "deliver d-101 of 4711", "deliver q-2 of 4711",
            ])
    }

    @Test("Apps of one device take turns also when all of it has to be read")
    func turnsAfterReconnect() {
        let quiet = Category("com.example.quiet")!
        let other = relay.register(quiet, [.shop], on: phone.stream)!
        phone.disconnects()
        for index in 1...100 {
            sends("d-\(index)")
            relay.request("c-\(index)", to: phone.token.text, on: shop, collapseKey: "c")
        }
        sends("q-1", to: other.token.text)
        phone.reconnects()
        phone.takesDeliveries()
        #expect(deliveries().count == 100)
        phone.confirms(2)
        #expect(deliveries().contains("deliver q-1 of 4711"))
    }

    @Test("What a device confirms waits for company before it goes to the store")
    func removalsWait() {
        sends("d-1")
        sends("d-2")
        var batches = 0
        relay.storeObserver = { _ in batches += 1 }
        phone.confirms(1)
        phone.confirms(1)
        #expect(batches == 0)
        relay.advance(by: .milliseconds(49))
        #expect(batches == 0)
        relay.advance(by: .milliseconds(1))
        #expect(batches == 1)
        #expect(relay.machine.pipeline.isIdle)
    }

    @Test("Receipts are counted among the live messages")
    func liveReceipts() {
        sends("d-1", receipt: true)
        phone.confirms(1)
        #expect(relay.counters.live == 1)
        relay.acknowledge(
            MessagePair(token: .receipts, id: MessageID("dr2:d-1")!), on: shop)
        #expect(relay.counters.live == 0)
    }

    @Test("Receipts of several devices for one message are settled one after the other")
    func receiptsOfOneMessage() {
        let phones = relay.phonesInDifferentLanes(3)
        for other in phones {
            other.takesDeliveries()
            relay.request("d-1", to: other.token.text, on: shop, receipt: true)
        }
        for other in phones { other.confirms(1) }
        for settled in 1...3 {
            relay.acknowledge(
                MessagePair(token: .receipts, id: MessageID("dr2:d-1")!), on: shop)
            relay.advance(by: .zero)
            #expect(relay.counters.settled == settled)
        }
        relay.advance(by: .seconds(1))
        #expect(relay.storedMessages == 0)
        for lane in relay.queue().lanes { #expect(lane.heldCount == 0 && lane.inFlight == 0) }
    }
}
