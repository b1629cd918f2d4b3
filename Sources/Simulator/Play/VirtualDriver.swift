import AppServerMachine
import DeviceMachine
import Journal
import Nodes
import Scenario
import Stagecraft

/// Carries a play in virtual time: everything can be done here.
final class VirtualDriver: PlayDriver {
    private let simulation: Simulation

    init(_ simulation: Simulation) {
        self.simulation = simulation
    }

    var clock: any Scheduler { simulation.world.clock }

    var relay: any RelayProcess { simulation.relay }

    func device(_ member: CastMember, _ plan: DevicePlan) -> any DeviceProcess {
        simulation.device(
            member.name.text, settings: DeviceSettings(plan),
            network: NetworkSettings(member.network))
    }

    func appServer(_ member: CastMember, _ plan: AppServerPlan) -> any AppServerProcess {
        simulation.appServer(
            member.name.text, sender: plan.sender, key: plan.apiKey,
            settings: AppServerSettings(plan), network: NetworkSettings(member.network))
    }

    func cut(_ member: Participant, _ how: HowCut, on choice: ConnectionChoice) -> Int {
        simulation.network.cut(Host(member.text), Cut(how), on: choice.number)
    }

    func hold(_ direction: NetworkDeed.Direction, _ isHeld: Bool) {
        switch direction {
        case .fromRelay(let name):
            simulation.network.hold(from: .relay, to: Host(name.text), isHeld)
        case .toRelay(let name):
            simulation.network.hold(from: Host(name.text), to: .relay, isHeld)
        }
    }

    func partition(_ member: Participant, _ isPartitioned: Bool) {
        simulation.network.partition(Host(member.text), isPartitioned)
    }
}

extension SimulatedRelay: RelayProcess {
    package func crash() { die(.crash) }

    package func losePower() { die(.powerCut) }

    package func setStoreFails(_ fails: Bool) { storeFault = fails ? .full : nil }

    package func shiftClock(by change: Duration) { clockOffset += change }
}

extension SimulatedDevice: DeviceProcess {
    package func crash() { die(.crash) }

    package func losePower() { die(.powerCut) }

    package func shiftClock(by change: Duration) { clockOffset += change }
}

extension SimulatedAppServer: AppServerProcess {
    package func crash() { die(.crash) }

    package func stop() { stop {} }
}

extension Cut {
    fileprivate init(_ how: HowCut) {
        switch how {
        case .reset: self = .reset
        case .fin: self = .fin
        case .silent: self = .silent
        }
    }
}

extension ConnectionChoice {
    /// As the network counts the connections of a host.
    fileprivate var number: Network.ConnectionNumber {
        switch self {
        case .number(let number): .number(number)
        case .newest: .newest
        case .oldest: .oldest
        case .all: .all
        }
    }
}

extension NetworkSettings {
    fileprivate init(_ plan: LinkPlan) {
        self.init()
        if let latency = plan.latency { self.latency = latency }
        if let jitter = plan.jitter { self.jitter = jitter }
        fragment = plan.fragment
        // What is on its way together arrives within a moment.
        if plan.coalesce { coalesce = .milliseconds(1) }
    }
}
