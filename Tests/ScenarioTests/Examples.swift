import CloudMessaging
import Journal
import Scenario
import Testing

/// The play of the contract, which other tests read, show and judge.
enum Example {
    static let text = """
        scenario: third attempt is acknowledged
        about: an app server that swallows two transmissions gets the same message again, in time, and the phone is told once
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

    static func file() throws -> ScenarioFile {
        try ScenarioFile.read(text, path: "third.yaml")
    }

    /// A play with this cast and these lines of steps and expectations.
    static func play(_ steps: String = "", expect: String = "", head: String = "") -> String {
        """
        scenario: s
        \(head.isEmpty ? "about: a" : head)
        cast:
          phone: {role: device, app: com.example.courier, sender-id: "4711"}
          tablet: {role: device, client: ios}
          shop: {role: app-server, sender-id: "4711"}
          guest: {role: external}
        steps:
          - shop: connects
        \(steps)
        expect:
        \(expect)
        """
    }
}
