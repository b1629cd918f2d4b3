import CloudMessaging
import Faults
import Journal
import Nodes
import RelayMachine
import Scenario

/// Carries out what the steps of a play say.
struct Troupe {
    private let stage: Stage

    init(_ stage: Stage) {
        self.stage = stage
    }

    func carryOut(_ deed: Deed, at place: SourcePlace) {
        switch deed {
        case .device(let name, let deed): stage.device(name)?.carryOut(deed, at: place)
        case .appServer(let name, let deed): stage.appServer(name)?.carryOut(deed, at: place)
        case .relay(let deed): carryOut(deed, at: place)
        case .store(.fails): stage.simulation.relay.storeFault = .full
        case .store(.recovers): stage.simulation.relay.storeFault = nil
        case .network(let deed): carryOut(deed, at: place)
        case .fault(let plan): begin(plan, at: place)
        case .mend(let name): mend(name)
        case .clock(let name, let change): shiftClock(of: name, by: change, at: place)
        }
    }

    // MARK: Faults

    private var faults: SharedFaults { stage.simulation.relay.faults }

    private func begin(_ plan: FaultPlan, at place: SourcePlace) {
        do throws(FaultRuleError) {
            let number = try faults.box.add(plan.rule)
            if let name = plan.name { stage.faults[name] = number }
        } catch {
            stage.fail("\(error)", at: place)
        }
    }

    private func mend(_ name: String) {
        if let number = stage.faults.removeValue(forKey: name) { faults.box.remove(number) }
    }

    // MARK: The relay

    private func carryOut(_ deed: RelayDeed, at place: SourcePlace) {
        let relay = stage.simulation.relay
        switch deed {
        case .crashes: stage.relayDies(.crash)
        case .losesPower: stage.relayDies(.powerCut)
        case .stops: relay.stop { [stage] in stage.relayStopped() }
        case .restarts:
            let didRun = relay.isRunning
            relay.stop { [stage] in
                if didRun { stage.relayStopped() }
                relay.start()
            }
        case .drains(let name, let choice): drain(name, choice, at: place)
        }
    }

    private func drain(_ name: Participant, _ choice: ConnectionChoice?, at place: SourcePlace) {
        guard let node = stage.simulation.relay.node else {
            return stage.fail("the relay does not run", at: place)
        }
        let open = node.connections(of: name.text)
        let chosen: [ConnectionID]
        switch choice {
        case nil, .all: chosen = open
        case .newest: chosen = open.suffix(1)
        case .oldest: chosen = Array(open.prefix(1))
        case .number(let number):
            chosen = open.indices.contains(number - 1) ? [open[number - 1]] : []
        }
        guard !chosen.isEmpty else {
            return stage.fail("\(name) has no such connection", at: place)
        }
        for connection in chosen { node.drain(connection) }
    }

    // MARK: Network and clocks

    private func carryOut(_ deed: NetworkDeed, at place: SourcePlace) {
        let network = stage.simulation.network
        switch deed {
        case .cut(let name, let choice, let how):
            let number = choice?.number ?? .all
            if network.cut(Host(name.text), Cut(how), on: number) == 0 {
                stage.fail("\(name) has no such connection", at: place)
            }
        case .hold(let direction): hold(direction, true)
        case .release(let direction): hold(direction, false)
        case .partition(let name): network.partition(Host(name.text), true)
        case .repair(let name): network.partition(Host(name.text), false)
        }
    }

    private func hold(_ direction: NetworkDeed.Direction, _ isHeld: Bool) {
        let network = stage.simulation.network
        switch direction {
        case .fromRelay(let name):
            network.hold(from: .relay, to: Host(name.text), isHeld)
        case .toRelay(let name):
            network.hold(from: Host(name.text), to: .relay, isHeld)
        }
    }

    private func shiftClock(of name: Participant, by change: Duration, at place: SourcePlace) {
        if name == .relay {
            stage.simulation.relay.clockOffset += change
        } else if let device = stage.device(name) {
            device.shiftClock(by: change)
        } else {
            stage.fail(
                "\(name) has no clock that matters: only the relay and devices do", at: place)
        }
    }
}

extension Cut {
    init(_ how: HowCut) {
        switch how {
        case .reset: self = .reset
        case .fin: self = .fin
        case .silent: self = .silent
        }
    }
}

extension NetworkSettings {
    init(_ plan: LinkPlan) {
        self.init()
        if let latency = plan.latency { self.latency = latency }
        if let jitter = plan.jitter { self.jitter = jitter }
        fragment = plan.fragment
        // What is on its way together arrives within a moment.
        if plan.coalesce { coalesce = .milliseconds(1) }
    }
}
