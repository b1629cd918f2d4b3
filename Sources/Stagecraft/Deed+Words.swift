import Faults
import Journal
import Scenario

extension Deed {
    /// The word of the file for it, for the journal.
    var verb: String {
        switch self {
        case .device(_, let deed): deed.verb
        case .appServer(_, let deed): deed.verb
        case .relay(let deed): deed.verb
        case .store(.fails): "fails"
        case .store(.recovers): "recovers"
        case .network(let deed): deed.verb
        case .fault: "fault"
        case .mend: "mend"
        case .clock: "clock"
        }
    }

    /// Whom it is about.
    var subject: String {
        switch self {
        case .device(let name, _), .appServer(let name, _), .clock(let name, _): name.text
        case .relay: Participant.relay.text
        case .store: Participant.store.text
        case .network(let deed): deed.member.text
        case .fault(let plan): plan.name ?? plan.rule.point.rawValue
        case .mend(let name): name
        }
    }
}

extension DeviceDeed {
    fileprivate var verb: String {
        switch self {
        case .goesOnline: "goes-online"
        case .goesOffline: "goes-offline"
        case .sends: "sends"
        case .registers: "registers"
        case .asks: "asks"
        case .uninstalls: "uninstalls"
        case .crashes: "crashes"
        case .restarts: "restarts"
        case .losesPower: "loses-power"
        }
    }
}

extension AppServerDeed {
    fileprivate var verb: String {
        switch self {
        case .connects: "connects"
        case .disconnects: "disconnects"
        case .sends: "sends"
        case .acks: "acks"
        case .writes: "writes"
        case .changes: "changes"
        case .stopsReading: "stops-reading"
        case .readsAgain: "reads-again"
        case .crashes: "crashes"
        case .restarts: "restarts"
        }
    }
}

extension RelayDeed {
    fileprivate var verb: String {
        switch self {
        case .crashes: "crashes"
        case .restarts: "restarts"
        case .losesPower: "loses-power"
        case .stops: "stops"
        case .drains: "drains"
        }
    }
}

extension NetworkDeed {
    fileprivate var verb: String {
        switch self {
        case .cut: "cut"
        case .hold: "hold"
        case .release: "release"
        case .partition: "partition"
        case .repair: "repair"
        }
    }

    fileprivate var member: Participant {
        switch self {
        case .cut(let name, _, _), .partition(let name), .repair(let name): name
        case .hold(let direction), .release(let direction):
            switch direction {
            case .fromRelay(let name), .toRelay(let name): name
            }
        }
    }
}
