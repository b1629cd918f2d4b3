import CloudMessaging
import Testing

@testable import RelayMachine

/// Design decision 12: when the store refuses, nothing is called sent, and devices wait.
struct StoreFailureTests {
    @Test("A damaged row is noted once, however often the store meets it")
    func damagedRows() {
        let relay = RelayConversation()
        relay.damagedRows = [DamagedRow("row 1"), DamagedRow("row 2")]
        _ = relay.phone()
        relay.damagedRows.append(DamagedRow("row 3"))
        _ = relay.phone()
        let rows = relay.notes.compactMap { note -> String? in
            if case .rowDamaged(let row) = note { row.description } else { nil }
        }
        #expect(rows == ["row 1", "row 2", "row 3"])
        relay.crash()
        _ = relay.phone()
        #expect(relay.notes.count == 6, "a new life tells it again")
    }

    @Test(
        "A failed batch is answered by nothing, repeated with back-off, and goes on afterwards",
        arguments: [RelayConversation.StoreManner.refuses, .losesAnswers])
    func repeated(manner: RelayConversation.StoreManner) {
        let relay = RelayConversation()
        let phone = relay.phone()
        relay.connect()
        relay.manner = manner
        phone.sends("a", upload: "u-1")
        phone.sends("b")
        phone.sends("a", upload: "u-1")
        #expect(relay.machine.storeFailure != nil)
        relay.advance(by: .seconds(60))
        #expect(relay.said() == [])
        #expect(relay.counters.accepted == 0)
        relay.manner = .prompt
        relay.advance(by: .seconds(5))
        #expect(relay.machine.storeFailure == nil)
        #expect(relay.said() == ["taken 1", "taken 3", "a → #1", "taken 2", "b → #1"])
        #expect(relay.storedMessages == 2)
    }

    @Test("The delays between attempts double from 100 ms to 5 s")
    func backOff() {
        let relay = RelayConversation()
        let phone = relay.phone()
        relay.manner = .refuses
        phone.sends("a")
        var delays: [Duration] = []
        for _ in 1...8 {
            let delay = relay.now.duration(to: relay.machine.nextDeadline)
            delays.append(delay)
            relay.advance(by: delay)
        }
        #expect(
            delays == [100, 200, 400, 800, 1_600, 3_200, 5_000, 5_000].map { .milliseconds($0) })
    }

    @Test("One note tells of the failure, one of the recovery")
    func notes() {
        let relay = RelayConversation()
        let phone = relay.phone()
        relay.manner = .refuses
        phone.sends("a")
        relay.advance(by: .seconds(10))
        relay.manner = .prompt
        relay.advance(by: .seconds(10))
        let words = relay.notes.compactMap { note -> String? in
            switch note {
            case .storeFailed(let failure): failure.description
            case .storeRecovered: "recovered"
            default: nil
            }
        }
        #expect(words == ["the disk is full", "recovered"])
    }

    @Test("A store that now works and now fails is told of once, and when that is over")
    func unsteady() {
        let relay = RelayConversation()
        let phone = relay.phone()
        for _ in 1...20 {
            relay.manner = .refuses
            phone.sends("a")
            relay.manner = .prompt
            relay.advance(by: .milliseconds(500))
        }
        func words() -> [String] {
            relay.notes.compactMap { note in
                switch note {
                case .storeFailed: "failed"
                case .storeRecovered: "recovered"
                case .storeUnsteady: "unsteady"
                default: nil
                }
            }
        }
        #expect(words() == ["failed", "recovered", "unsteady"])
        relay.advance(by: .seconds(10))
        #expect(words().suffix(2) == ["unsteady", "recovered"], "nobody has to send for that")
        relay.advance(by: .seconds(10))
        relay.manner = .refuses
        phone.sends("b")
        #expect(words().last == "failed")
    }

    @Test("A store that settles on failing is said to fail")
    func settlesOnFailing() {
        let relay = RelayConversation()
        let phone = relay.phone()
        relay.manner = .refuses
        phone.sends("a")
        relay.manner = .prompt
        relay.advance(by: .seconds(1))
        relay.manner = .refuses
        phone.sends("b")
        relay.advance(by: .seconds(20))
        guard case .storeFailed = relay.notes.last else {
            Issue.record("\(relay.notes)")
            return
        }
    }

    @Test("While the store refuses, app servers get and ACK what is stored, and devices log in")
    func readingGoesOn() {
        let relay = RelayConversation()
        let phones = [relay.phone(), relay.phone()]
        phones[1].disconnects()
        phones[0].sends("a")
        relay.manner = .refuses
        phones[0].sends("b")
        let shop = relay.connect()
        relay.advance(by: .seconds(1))
        #expect(relay.said() == ["taken 1", "a → #1"])
        relay.acknowledge(phones[0].pair("a"), on: shop)
        #expect(relay.counters.settled == 1)
        phones[1].reconnects()
        relay.advance(by: .seconds(5))
        #expect(relay.said() == ["authenticated"])
    }

    @Test("What was uploaded and not answered is uploaded again after a crash, and stored once")
    func unknownOutcomeThenCrash() {
        let relay = RelayConversation()
        let phone = relay.phone()
        relay.connect()
        relay.manner = .losesAnswers
        phone.sends("a", upload: "u-1")
        relay.crash()
        relay.manner = .prompt
        phone.reconnects()
        relay.connect()
        _ = relay.said()
        phone.sends("a", upload: "u-1")
        #expect(relay.said() == ["taken 1"])
        #expect(relay.counters.duplicates == 1)
        #expect(relay.storedMessages == 1)
    }

    @Test("Uploads are paused when 8,192 wait for the store, and resumed when half are through")
    func paused() {
        let relay = RelayConversation()
        let phones = (0..<129).map { _ in relay.phone() }
        relay.manner = .refuses
        phones[0].sends("first")
        for phone in phones[1...127] {
            for number in 0..<64 { phone.sends("\(number)") }
        }
        for number in 0..<62 { phones[128].sends("\(number)") }
        #expect(relay.said() == [])
        phones[128].sends("63rd")
        #expect(relay.said() == ["pause uploads"])
        phones[128].sends("64th")
        relay.manner = .prompt
        relay.advance(by: .seconds(5))
        let said = relay.said()
        #expect(said.last == "resume uploads")
        #expect(said.count == 8_194)
    }

    @Test("A relay whose store refuses can be ended; what was not stored was not called sent")
    func shutdown() {
        let relay = RelayConversation()
        let phone = relay.phone()
        relay.manner = .refuses
        phone.sends("a")
        relay.event { $0.shutdown(now: relay.now) }
        #expect(!relay.machine.isFinished)
        phone.disconnects()
        #expect(relay.machine.isFinished)
        #expect(!relay.said().contains("taken 1"))
    }
}
