import Nodes
import RelayMachine
import Simulator
import Testing

@Suite("A message travels the whole road on virtual time")
struct RoadTests {
    @Test("from the phone over the relay's disk to the shop and its ACK")
    func wholeRoad() {
        let street = Street()
        street.run(.seconds(1))
        street.send("m-1")
        street.run(.seconds(5))
        #expect(street.transcript.said("shop") == ["connected", "got m-1 (1)", "acked m-1"])
        #expect(
            street.transcript.said("phone") == ["online", "registered", "has m-1", "sent m-1"])
        #expect(street.simulation.relay.node?.machine.counters.live == 0)
    }

    @Test("the same seed gives the same run, another seed another one")
    func sameSeed() {
        func lines(_ seed: UInt64) -> [String] {
            let street = Street(seed: seed)
            street.run(.seconds(1))
            for number in 1...30 { street.send("m-\(number)") }
            street.simulation.relay.die(.crash)
            street.run(.seconds(2))
            street.simulation.relay.start()
            street.run(.seconds(60))
            return street.transcript.lines
        }
        #expect(lines(1) == lines(1))
        #expect(lines(1) != lines(2))
    }
}
