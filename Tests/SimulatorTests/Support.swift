import AppServerMachine
import CloudMessaging
import DeviceMachine
import Nodes
import RelayMachine
import Simulator
import XMPPSessions

/// Everything that one phone, the relay and one app server said, line by line with virtual times.
final class Transcript: RelayObserver {
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

    func bound(_ id: ConnectionID, _ sender: SenderID, _ jid: String) { write("relay", "bound") }
    func checkedIn(_ device: DeviceID, _ id: DeviceStreamID) { write("relay", "checked in") }
    func disconnected(_ id: ConnectionID, _ sender: SenderID?, reason: TransportClosing) {
        write("relay", "lost \(id): \(reason)")
    }
    func disconnected(_ id: DeviceStreamID, reason: TransportClosing) {
        write("relay", "lost \(id): \(reason)")
    }
    func refused(_ id: ConnectionID, _ sender: SenderID?, _ diagnosis: Diagnosis) {
        write("relay", "refused \(diagnosis)")
    }
    func refused(_ id: DeviceStreamID, _ diagnosis: Diagnosis) {
        write("relay", "refused \(diagnosis)")
    }
    func idle(_ id: ConnectionID, _ sender: SenderID?) {}
    func transmitted(_ message: UpstreamMessage, to id: ConnectionID, attempt: Int) {
        write("relay", "\(message.id) to \(id), attempt \(attempt)")
    }
    func note(_ note: RelayNote) {
        if case .redelivered(let message, _, let attempt, let cause) = note {
            write("relay", "\(message.id) again (\(attempt)): \(cause)")
        }
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
        simulation = Simulation(seed: seed, relay: relay, observer: transcript)
        let world = simulation.world
        transcript.now = { world.now }
        phone = simulation.device("phone", network: network) { event in
            transcript.write("phone", Self.text(event))
        }
        shop = simulation.appServer(
            "shop", sender: Self.shopID, settings: settings, network: network
        ) { events in
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
