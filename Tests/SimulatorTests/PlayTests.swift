import Journal
import Scenario
import Simulator
import Testing

@Suite("A scenario file is played in virtual time")
struct PlayTests {
    static let third = """
        scenario: third attempt is acknowledged
        about: an app server that swallows two transmissions gets the same message again
        seed: 7
        ends: {after: 5m}
        relay: {retry: {first: 1s, factor: 2, longest: 30s, jitter: 0}}
        cast:
          phone: {role: device, app: com.example.courier, sender-id: "4711"}
          shop:  {role: app-server, sender-id: "4711", ack: {skip: 2, then: at-once}, reconnect: {after: 500ms}}
        steps:
          - shop: connects
          - phone: goes-online
          - phone: {sends: {id: m-1, data: {parcel: "17"}, ttl: 60s}}
          - at: 1500ms
            cut: {between: [relay, shop], how: reset}
        expect:
          - shop:  {receives: {id: m-1, category: com.example.courier}, times: 3}
          - relay: {message: m-1, state: settled, attempts: 3}
          - phone: {told: {sent: m-1}, times: 1}
          - never: {relay: {sends: m-1}, after: {relay: {settles: m-1}}}
        """

    @Test("the example of the documentation: a reset, three attempts, one ACK")
    func example() throws {
        let file = try ScenarioFile.read(Self.third, path: "third.yaml")
        let record = VirtualPlay.run(file)
        #expect(record.problem == nil)
        #expect(record.violation == nil)
        let events = record.journal.events().events
        let attempts = events.filter { $0.kind == .upstreamStanza }.map(\.attempt)
        #expect(attempts == [1, 2, 3])
        #expect(events.contains { $0.kind == .messageState && $0.state == .settled })
    }

    @Test("the same file and seed give the same journal, to the byte")
    func sameBytes() throws {
        let file = try ScenarioFile.read(Self.third, path: "third.yaml")
        func lines() -> [UInt8] {
            var bytes: [UInt8] = []
            for event in VirtualPlay.run(file, seed: 3).journal.events().events {
                event.appendLine(to: &bytes)
            }
            return bytes
        }
        #expect(lines() == lines())
        #expect(lines().count > 1_000)
    }
}
