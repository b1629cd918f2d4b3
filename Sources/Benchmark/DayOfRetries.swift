import Journal
import Scenario
import Simulator

/// A day in virtual time: an app server that ACKs none of a thousand messages.
struct DayOfRetries {
    let seconds: Double
    /// Transmissions of the relay.
    let attempts: Int

    static func measure() throws -> DayOfRetries {
        let file = try ScenarioFile.read(scenario, path: "a day of retries")
        var record: PlayRecord?
        let duration = ContinuousClock().measure { record = VirtualPlay.run(file) }
        guard let record, record.problem == nil, record.violation == nil else {
            throw BenchmarkError("the day of retries ended early")
        }
        let attempts = record.journal.events().events.count { $0.kind == .upstreamStanza }
        return DayOfRetries(seconds: duration / .seconds(1), attempts: attempts)
    }

    private static let scenario = """
        scenario: a day without an ACK
        ends: {after: 24h}
        cast:
          phone: {role: device, app: com.example.courier, sender-id: "4711"}
          shop: {role: app-server, sender-id: "4711", ack: never}
        steps:
          - shop: connects
          - phone: goes-online
          - phone: {sends: {ids: m-1..m-1000, every: 100ms, ttl: 24h}}
        expect:
          - relay: {sends: m-1, times: {at-least: 100}}
        """
}
