import CloudMessaging
import Invariants
import Journal
import Nodes
import RelayMachine
import Scenario
import Stagecraft

/// Judges while a play is given what must hold in every run; it may look into every store.
final class Referee: PlayWitness {
    private(set) var invariants: Invariants
    private let relay: SimulatedRelay
    private let isByChance: Bool
    /// Whether the relay may keep something else in memory than when it was looked at last.
    private var hasNews = false

    init(of file: ScenarioFile, relay: SimulatedRelay) {
        self.relay = relay
        isByChance = file.isByChance
        invariants = Invariants(
            maxUnacked: file.relay.maxUnacked ?? Limits.unackedPerConnection,
            ordersFirstWrites: (file.relay.reconnectHoldback ?? .zero) == .zero)
    }

    func observe(_ event: JournalEvent) {
        invariants.observe(event)
        hasNews = true
    }

    /// Everything that is not over must be stored.
    func relayEnded(now: Instant) {
        invariants.relayDied(now: now, store: relay.stored)
    }

    func deviceDied(_ name: Participant, isGone: (MessageID) -> Bool) {
        invariants.deviceDied(name, isGone: isGone)
    }

    /// What can be looked at after anything has happened.
    func look(at devices: [DeviceActor]) {
        if hasNews, let excess = relay.node?.memoryExcess {
            invariants.noteMemory(excess.description)
        }
        hasNews = false
        for device in devices {
            guard let count = device.pending else { continue }
            invariants.checkPending(count, limit: device.pendingLimit, of: device.name)
        }
    }

    /// Nobody does anything any more.
    func lookAtEnd(devices: [DeviceActor]) {
        invariants.checkStored(now: relay.clock, store: relay.stored)
        if isByChance {
            invariants.checkEverythingArrived(
                now: relay.clock, store: relay.stored, devices: devices.map(\.name))
        }
    }
}
