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
        case .store(let deed): carryOut(deed, at: place)
        case .network(let deed): carryOut(deed, at: place)
        case .fault(let plan): begin(plan, at: place)
        case .mend(let name): mend(name)
        case .clock(let name, let change): shiftClock(of: name, by: change, at: place)
        }
    }

    // MARK: Faults

    private var faults: SharedFaults { stage.driver.relay.faults }

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
        let relay = stage.driver.relay
        switch deed {
        case .crashes:
            let now = relay.clock
            relay.crash()
            stage.relayEnded(now: now)
        case .losesPower:
            stage.attempt(at: place) { () throws(CannotBeDone) in
                let now = relay.clock
                try relay.losePower()
                stage.relayEnded(now: now)
            }
        case .stops: relay.stop { [stage] in stage.relayEnded(now: relay.clock) }
        case .restarts:
            let didRun = relay.isRunning
            relay.stop { [stage] in
                if didRun { stage.relayEnded(now: relay.clock) }
                relay.start()
            }
        case .drains(let name, let choice): drain(name, choice, at: place)
        }
    }

    private func drain(_ name: Participant, _ choice: ConnectionChoice?, at place: SourcePlace) {
        guard let node = stage.driver.relay.node else {
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

    private func carryOut(_ deed: StoreDeed, at place: SourcePlace) {
        stage.attempt(at: place) { () throws(CannotBeDone) in
            switch deed {
            case .fails: try stage.driver.relay.setStoreFails(true)
            case .recovers: try stage.driver.relay.setStoreFails(false)
            }
        }
    }

    // MARK: Network and clocks

    private func carryOut(_ deed: NetworkDeed, at place: SourcePlace) {
        let driver = stage.driver
        stage.attempt(at: place) { () throws(CannotBeDone) in
            switch deed {
            case .cut(let name, let choice, let how):
                if driver.cut(name, how, on: choice ?? .all) == 0 {
                    stage.fail("\(name) has no such connection", at: place)
                }
            case .hold(let direction): try driver.hold(direction, true)
            case .release(let direction): try driver.hold(direction, false)
            case .partition(let name): try driver.partition(name, true)
            case .repair(let name): try driver.partition(name, false)
            }
        }
    }

    private func shiftClock(of name: Participant, by change: Duration, at place: SourcePlace) {
        if name == .relay {
            stage.driver.relay.shiftClock(by: change)
        } else if let device = stage.device(name) {
            device.shiftClock(by: change)
        } else {
            stage.fail(
                "\(name) has no clock that matters: only the relay and devices do", at: place)
        }
    }
}
