import AppServerMachine
import CloudMessaging
import DeviceMachine
import Journal
import Nodes
import RelayMachine
import Simulator
import XMPPSessions

/// Everything that one phone, the relay and one app server said, line by line with virtual times.
final class Transcript: EventRecorder {
    private(set) var journal = Journal()
    private(set) var lines: [String] = []
    var now: () -> Instant = { Instant(nanoseconds: 0) }

    func write(_ who: String, _ what: String) {
        lines.append("\(now().nanoseconds / 1_000_000) ms \(who): \(what)")
    }

    /// The lines of one who match, without times.
    func said(_ who: String) -> [String] {
        lines.compactMap { line in
            line.firstRange(of: " \(who): ").map { String(line[$0.upperBound...]) }
        }
    }

    func record(_ event: JournalEvent) -> UInt64 {
        let number = journal.record(event)
        switch event.kind {
        case .connectionClosed:
            write("relay", "lost \(event.actor), \(event.detail?.reason ?? "")")
        case .upstreamStanza:
            let attempt = event.attempt ?? 0
            let id = event.messageID?.text ?? ""
            guard attempt > 1 else { break }
            write("relay", "\(id) again (\(attempt)): \(event.detail?.reason ?? "")")
        default: break
        }
        return number
    }
}

/// A phone, a relay and a shop, started and connected.
struct Street {
    static let app = name("com.example.courier", Category.init)
    static let shopID = name("4711", SenderID.init)

    let simulation: Simulation
    let transcript = Transcript()
    let phone: SimulatedDevice
    let shop: SimulatedAppServer

    init(
        seed: UInt64 = 1, relay: (inout RelayNodeSettings) -> Void = { _ in },
        shop settings: AppServerSettings = AppServerSettings(),
        network: NetworkSettings = NetworkSettings()
    ) {
        let transcript = transcript
        simulation = Simulation(seed: seed, relay: relay, journal: transcript)
        let world = simulation.world
        transcript.now = { world.now }
        phone = simulation.device("phone", network: network)
        phone.observe = { transcript.write("phone", Self.text($0)) }
        shop = simulation.appServer(
            "shop", sender: Self.shopID, settings: settings, network: network)
        shop.observe = { events in
            for event in events {
                if case .skipped = event { continue }
                transcript.write("shop", Self.text(event))
            }
        }
        simulation.relay.start()
        phone.start()
        shop.start()
        startPhone()
    }

    /// Registers the app and goes online.
    func startPhone() {
        phone.node?.perform { machine, now in
            _ = machine.register(Self.app, senders: [Self.shopID])
            machine.goOnline(now: now)
        }
    }

    func send(_ id: String, timeToLive: Int? = nil) {
        phone.node?.send(
            SendRequest(
                category: Self.app, to: "4711@gcm.googleapis.com", id: id,
                data: DataPayload([("parcel", "17")]), timeToLive: timeToLive)
        ) { [transcript] error in
            if let error { transcript.write("phone", "refused \(id): \(error)") }
        }
    }

    func run(_ time: Duration) {
        simulation.world.run(until: simulation.world.now + time)
    }

    private static func text(_ event: DeviceEvent) -> String {
        switch event {
        case .online: "online"
        case .offline: "offline"
        case .registered: "registered"
        case .accepted(let message): "has \(message.id)"
        case .sent(let messages): "sent \(messages.map(\.id.text).joined(separator: " "))"
        case .sendError(let message, let error): "error \(message.id) \(error)"
        case .linkLost(let reason): "link lost: \(reason)"
        default: "\(event)"
        }
    }

    private static func text(_ event: AppServerEvent) -> String {
        switch event {
        case .connected: "connected"
        case .upstream(let message, _, let attempt): "got \(message.pair.id) (\(attempt))"
        case .acknowledged(let pair, _): "acked \(pair.id)"
        case .disconnected(_, let reason): "disconnected: \(reason)"
        case .connectionFailed(_, let reason, _): "failed: \(reason)"
        default: "\(event)"
        }
    }
}

func name<Name>(_ text: String, _ make: (String) -> Name?) -> Name {
    guard let name = make(text) else { preconditionFailure("a good name") }
    return name
}
