import CloudMessaging
import DeviceMachine
import Journal
import Nodes
import Scenario
import Stagecraft

/// Carries a play on real sockets, on one event loop, in time that may run faster.
final class SocketDriver: PlayDriver {
    let clock: any Scheduler
    let network: SocketNetwork
    let relay: any RelayProcess
    private let journal: any EventRecorder
    private var entropy: Entropy
    private var devices: [SocketDevice] = []
    private var appServers: [SocketAppServer] = []

    init(
        _ relay: any RelayProcess, seed: UInt64, network: SocketNetwork, clock: any Scheduler,
        journal: any EventRecorder
    ) {
        self.relay = relay
        self.clock = clock
        self.network = network
        self.journal = journal
        entropy = Entropy(seed: seed)
    }

    var entrance: String? {
        network.ports[.appServers].map {
            "\(SocketNetwork.relayHost) port \($0) (TLS from the first byte)"
        }
    }

    func device(_ member: CastMember, _ plan: DevicePlan) -> any DeviceProcess {
        let device = SocketDevice(
            member.name, settings: DeviceSettings(plan), network: network, clock: clock,
            journal: journal, seed: entropy.next())
        devices.append(device)
        return device
    }

    func appServer(_ member: CastMember, _ plan: AppServerPlan) -> any AppServerProcess {
        let appServer = SocketAppServer(
            member.name, plan, network: network, clock: clock, journal: journal,
            seed: entropy.next())
        appServers.append(appServer)
        return appServer
    }

    func cut(_ member: Participant, _ how: HowCut, on choice: ConnectionChoice) -> Int {
        network.cut(member, how, on: choice)
    }

    func hold(_ direction: NetworkDeed.Direction, _ isHeld: Bool) throws(CannotBeDone) {
        throw CannotBeDone("holding what is on its way")
    }

    func partition(_ member: Participant, _ isPartitioned: Bool) throws(CannotBeDone) {
        throw CannotBeDone("a partition")
    }

    /// Nobody of the cast does anything any more.
    func end() {
        for device in devices { device.crash() }
        for appServer in appServers { appServer.crash() }
    }
}
