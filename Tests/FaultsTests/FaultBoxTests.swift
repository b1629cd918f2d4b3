import CloudMessaging
import Faults
import Journal
import Testing

@Suite("Faults in force")
struct FaultBoxTests {
    private var box: FaultBox {
        var entropy = Entropy(seed: 7)
        return FaultBox(entropy: &entropy)
    }

    private func rule(_ json: String) throws -> FaultRule {
        try FaultRule(json: Array(json.utf8))
    }

    private func deeds(_ box: inout FaultBox, _ id: String = "m-1") -> [FaultDeed] {
        box.bites(at: .upstreamAck, on: Fields([.messageID: id])).map(\.deed)
    }

    @Test("A fault by count bites the first that match, and no more")
    func times() throws {
        var box = box
        let number = try box.add(
            rule(#"{"on":"upstream.ack","match":"message_id=m-1","do":"drop","times":2}"#))
        let outcomes = ["m-1", "m-2", "m-1", "m-1"].map { deeds(&box, $0) }
        #expect(outcomes == [[.drop], [], [.drop], []])
        let fault = try #require(box.fault(number))
        #expect(fault.isUsedUp)
        #expect(fault.bitten == 2)
        // Once used up it is asked no more.
        #expect(fault.asked == 3)
        #expect(!box.isLive(at: .upstreamAck))
    }

    @Test("A fault without times and probability bites always")
    func always() throws {
        var box = box
        try box.add(rule(#"{"on":"upstream.ack","do":"silent"}"#))
        #expect((0..<5).allSatisfy { _ in deeds(&box) == [.silent] })
    }

    @Test("Chance 0 never bites, 1 always, a half about half of the time")
    func chance() throws {
        for (probability, range) in [("0", 0...0), ("1", 1_000...1_000), ("0.5", 450...550)] {
            var box = box
            try box.add(
                rule(#"{"on":"upstream.ack","do":"drop","probability":\#(probability)}"#))
            let bites = (0..<1_000).count { _ in !deeds(&box).isEmpty }
            #expect(range.contains(bites))
            #expect(box.faults[0].asked == 1_000)
            #expect(box.faults[0].bitten == bites)
        }
    }

    @Test("The same seed and events give the same bites, whatever other faults there are")
    func determinism() throws {
        let chance = try rule(
            #"{"on":"upstream.ack","match":"message_id~\"^a\"","do":"corrupt","probability":0.5}"#)
        func bites(_ seed: UInt64, alongside others: [FaultRule]) throws -> [FaultBite] {
            var entropy = Entropy(seed: seed)
            var box = FaultBox(entropy: &entropy)
            let number = try box.add(chance)
            for other in others { try box.add(other) }
            return (0..<200).flatMap { index in
                let id = index.isMultiple(of: 3) ? "b" : "a\(index)"
                return box.bites(at: .upstreamAck, on: Fields([.messageID: id]))
            }.filter { $0.fault == number }
        }
        let alone = try bites(1, alongside: [])
        #expect(try bites(1, alongside: []) == alone)
        let other = try rule(#"{"on":"upstream.ack","do":"duplicate","probability":0.3}"#)
        #expect(try bites(1, alongside: [other, other]) == alone)
        #expect(try bites(2, alongside: []) != alone)
        // Each corruption has its own place.
        #expect(Set(alone.map(\.draw)).count == alone.count)
    }

    @Test("An event that does not match costs no draw")
    func drawsOnlyForMatches() throws {
        func bites(amid strangers: Int) throws -> [FaultBite] {
            var box = box
            try box.add(
                rule(
                    #"{"on":"upstream.ack","match":"message_id=m","do":"corrupt","probability":0.5}"#
                ))
            return (0..<50).flatMap { _ in
                for _ in 0..<strangers { _ = deeds(&box, "stranger") }
                return box.bites(at: .upstreamAck, on: Fields([.messageID: "m"]))
            }
        }
        #expect(try bites(amid: 0) == bites(amid: 3))
    }

    @Test("Several faults bite together; after a final one the others keep their bites")
    func together() throws {
        var box = box
        try box.add(rule(#"{"on":"upstream.ack","do":"delay","delay":"250ms","times":3}"#))
        try box.add(rule(#"{"on":"upstream.ack","do":"drop","times":1}"#))
        try box.add(rule(#"{"on":"upstream.ack","do":"duplicate","times":1}"#))
        let delay = FaultDeed.delay(.milliseconds(250))
        #expect(deeds(&box) == [delay, .drop])
        #expect(box.faults.map(\.bitten) == [1, 1, 0])
        #expect(deeds(&box) == [delay, .duplicate])
        #expect(deeds(&box) == [delay])
        #expect(deeds(&box) == [])
    }

    @Test("Faults are switched off and on, removed and cleared; numbers are not used again")
    func rules() throws {
        var box = box
        let drop = try rule(#"{"on":"upstream.ack","do":"drop"}"#)
        let first = try box.add(drop)
        #expect(first == 1)
        let known = [
            box.setEnabled(first, false), box.setEnabled(9, true), box.remove(9),
        ]
        #expect(known == [true, false, false])
        #expect(deeds(&box) == [])
        #expect(box.fault(first)?.asked == 0)
        box.setEnabled(first, true)
        #expect(deeds(&box) == [.drop])
        let wasThere = box.remove(first)
        #expect(wasThere)
        #expect(!box.isLive(at: .upstreamAck))
        #expect(try box.add(drop) == 2)
        box.clear()
        #expect(box.faults.isEmpty)
        #expect(deeds(&box) == [])
        #expect(try box.add(drop) == 3)
    }

    @Test("There is a limit to the number of faults")
    func limit() throws {
        var box = box
        let drop = try rule(#"{"on":"upstream.ack","do":"drop"}"#)
        for _ in 0..<Limits.faultRules { try box.add(drop) }
        let error = #expect(throws: FaultRuleError.self) { try box.add(drop) }
        #expect(error?.description == "there are 100 faults already; remove some")
    }

    @Test("A fault in force is shown with what it did")
    func json() throws {
        var box = box
        try box.add(rule(#"{"on":"upstream.ack","match":"from~\"x\"","do":"drop","times":2}"#))
        _ = deeds(&box)
        #expect(
            String(decoding: box.faults[0].json, as: UTF8.self) == """
                {"id":1,"on":"upstream.ack","match":"from~\\"x\\"","do":"drop","times":2,\
                "enabled":true,"asked":1,"bitten":0}
                """)
    }
}
