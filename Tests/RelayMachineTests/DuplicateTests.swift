import CloudMessaging
import Testing

@testable import RelayMachine

/// Design decision 8: an upload is known by its upload ID.
struct DuplicateTests {
    @Test("An upload that is stored already is answered and not stored again")
    func stored() {
        let relay = RelayConversation()
        let phone = relay.phone()
        relay.connect()
        phone.sends("m-1", upload: "u-1")
        phone.sends("m-1", upload: "u-1")
        #expect(relay.said() == ["taken 1", "m-1 → #1", "taken 2"])
        #expect(relay.counters.duplicates == 1)
        #expect(relay.counters.accepted == 1)
    }

    @Test("A repeat of an upload in the gathering batch is answered with that batch")
    func sameBatch() {
        let relay = RelayConversation()
        let phone = relay.phone()
        relay.manner = .slow
        phone.sends("m-1")
        phone.sends("m-2", upload: "u-2")
        phone.sends("m-2", upload: "u-2")
        relay.storeAnswersOnce()
        #expect(relay.said() == ["taken 1"])
        relay.storeAnswersOnce()
        #expect(relay.said() == ["taken 2", "taken 3"])
        #expect(relay.counters.accepted == 2)
    }

    @Test("A repeat of an upload in the batch under way is answered with that batch")
    func batchUnderWay() {
        let relay = RelayConversation()
        let phone = relay.phone()
        relay.manner = .slow
        phone.sends("m-1", upload: "u-1")
        phone.disconnects()
        relay.manner = .prompt
        phone.reconnects()
        phone.sends("m-1", upload: "u-1")
        #expect(relay.sent() == [])
        relay.storeAnswers()
        #expect(relay.said() == ["taken 1"])
        #expect(relay.counters.accepted == 1)
        #expect(relay.counters.duplicates == 1)
    }

    @Test("A repeat is known after a restart")
    func restart() {
        let relay = RelayConversation()
        let phone = relay.phone()
        relay.manner = .slow
        phone.sends("m-1", upload: "u-1")
        relay.crash(executingBatch: true)
        relay.manner = .prompt
        phone.reconnects()
        relay.connect()
        _ = relay.said()
        phone.sends("m-1", upload: "u-1")
        #expect(relay.said() == ["taken 1"])
        #expect(relay.counters.duplicates == 1)
    }

    @Test("The last 64 stored uploads are known, the 65th is forgotten", arguments: [false, true])
    func forgotten(afterRestart: Bool) {
        let relay = RelayConversation()
        let phone = relay.phone()
        for number in 1...65 { phone.sends("m", upload: "u-\(number)") }
        if afterRestart {
            relay.crash()
            phone.reconnects()
        }
        phone.sends("m", upload: "u-2")
        #expect(relay.counters.duplicates == 1)
        phone.sends("m", upload: "u-1")
        #expect(relay.counters.duplicates == 1)
        #expect(relay.storedMessages == 66)
    }

    @Test("A device's row never holds more than 64 upload IDs")
    func bounded() {
        let relay = RelayConversation()
        let phone = relay.phone()
        var rows: [Int] = []
        relay.storeObserver = { rows += $0.recentUploads.map(\.uploads.count) }
        for round in 1...3 {
            relay.manner = .slow
            for number in 0..<50 { phone.sends("\(round)-\(number)") }
            relay.storeAnswers()
        }
        #expect(rows.max() == 64)
    }

    @Test("An upload is remembered whatever became of its message")
    func settled() {
        let relay = RelayConversation()
        let phone = relay.phone()
        let shop = relay.connect()
        phone.sends("m-1", upload: "u-1")
        relay.acknowledge(phone.pair("m-1"), on: shop)
        relay.advance(by: .seconds(1))
        relay.crash()
        phone.reconnects()
        relay.connect()
        _ = relay.said()
        phone.sends("m-1", upload: "u-1")
        #expect(relay.said() == ["taken 1"])
    }

    @Test("Another device's upload with the same ID is another upload")
    func otherDevice() {
        let relay = RelayConversation()
        let phones = [relay.phone(), relay.phone()]
        phones.forEach { $0.sends("m-1", upload: "u-1") }
        #expect(relay.counters.accepted == 2)
    }

    @Test("Validity is judged before the duplicate check")
    func validity() {
        let relay = RelayConversation()
        let phone = relay.phone()
        phone.sends("m-1", upload: "u-1")
        phone.sends("m-1", upload: "u-1", size: 4_097)
        #expect(relay.said() == ["taken 1", "refused 2: messageTooBig"])
    }

    @Test("A refused upload is not remembered")
    func refused() {
        let relay = RelayConversation()
        let phone = relay.phone()
        phone.sends("m-1", upload: "u-1", size: 4_097)
        phone.sends("m-1", upload: "u-1", size: 4_096)
        #expect(relay.said() == ["refused 1: messageTooBig", "taken 2"])
        #expect(relay.counters.accepted == 1)
    }
}
