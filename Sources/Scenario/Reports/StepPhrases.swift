import CloudMessaging
import Faults
import Journal

/// Deeds as sentences, for plays.
enum StepPhrases {
    static func deed(_ deed: Deed) -> String {
        switch deed {
        case .device(let name, let deed): "\(name) \(device(deed))"
        case .appServer(let name, let deed): "\(name) \(appServer(deed))"
        case .relay(let deed): "the relay \(relay(deed))"
        case .store(.fails(let reason)): "the relay's store takes nothing more: \(reason)"
        case .store(.recovers): "the relay's store takes changes again"
        case .network(let deed): network(deed)
        case .fault(let plan): fault(plan)
        case .mend(let name): "the fault \(name) ends"
        case .clock(let name, let jump): clock(name, jump)
        }
    }

    // MARK: Devices

    private static func device(_ deed: DeviceDeed) -> String {
        switch deed {
        case .goesOnline: "goes online"
        case .goesOffline: "goes offline"
        case .sends(let plan): sends(plan)
        case .registers: "asks for a token"
        case .asks(let request): asks(request)
        case .uninstalls: "loses its app, which is uninstalled"
        case .crashes: "crashes"
        case .restarts: "starts again"
        case .losesPower: "loses power"
        }
    }

    private static func sends(_ plan: UpstreamPlan) -> String {
        var text = "sends \(ids(plan.ids)) to \(plan.to?.text ?? "nobody")"
        switch plan.to {
        case .sender(let sender): text = "sends \(ids(plan.ids)) to \(sender)"
        case .text, nil: break
        }
        if let every = plan.every { text += ", one every \(Phrases.time(every))" }
        if !plan.data.isEmpty { text += ", with \(Phrases.data(plan.data))" }
        if let ttl = plan.timeToLive { text += ", good for \(Phrases.time(ttl))" }
        return text
    }

    private static func asks(_ request: AppRequest) -> String {
        switch request {
        case .unregister: "gives its token back"
        case .refreshToken: "asks for a new token"
        case .subscribe(let topic): "subscribes to \(topic)"
        case .unsubscribe(let topic): "unsubscribes from \(topic)"
        case .joinGroup(let group, _): "joins the group \(group)"
        case .leaveGroup(let group, _): "leaves the group \(group)"
        }
    }

    static func ids(_ ids: [String]) -> String {
        let shown = ids.map { $0.isEmpty ? "a message without ID" : $0 }
        switch shown.count {
        case 1: return shown[0]
        case 2...4:
            return "\(shown.dropLast().joined(separator: ", ")) and \(shown[shown.count - 1])"
        default: return "\(shown[0]) to \(shown[shown.count - 1]), \(shown.count) messages,"
        }
    }

    // MARK: App servers

    private static func appServer(_ deed: AppServerDeed) -> String {
        switch deed {
        case .connects: "connects"
        case .disconnects(let choice, let how):
            "ends \(connection(choice, of: "its")) \(self.how(how))"
        case .sends(let plan): sends(plan)
        case .acks(let plan): acks(plan)
        case .writes(let frame, let choice): writes(frame, choice)
        case .changes(let habit): "changes: from now on it \(ack(habit))"
        case .stopsReading: "is stuck and reads nothing more"
        case .readsAgain: "reads again"
        case .crashes: "crashes"
        case .restarts: "starts again"
        }
    }

    private static func sends(_ plan: DownstreamPlan) -> String {
        let target =
            switch plan.target {
            case .device(let name): name.text
            case .topic(let topic): topic.address
            case .condition(let condition): "those with \(condition)"
            case .token(let token): "the token \"\(token)\""
            }
        var text = "sends \(ids(plan.ids)) to \(target)"
        if let every = plan.every { text += ", one every \(Phrases.time(every))" }
        if !plan.data.isEmpty { text += ", with \(Phrases.data(plan.data))" }
        if let ttl = plan.timeToLive { text += ", good for \(Phrases.time(ttl))" }
        if let key = plan.collapseKey { text += ", under the collapse key \(key)" }
        if let priority = plan.priority { text += ", at \(priority.rawValue) priority" }
        if plan.wantsReceipt { text += ", and asks for a receipt" }
        if plan.isDryRun { text += ", only to see whether it would be taken" }
        if let choice = plan.connection { text += " on \(connection(choice, of: "its"))" }
        return text
    }

    private static func acks(_ plan: AckPlan) -> String {
        var text = "ACKs \(plan.id)"
        if let from = plan.from { text += " of \(from)" }
        if plan.type != "ack" { text += " with the message_type \"\(plan.type)\"" }
        if let choice = plan.connection { text += " on \(connection(choice, of: "its"))" }
        if plan.times > 1 { text += ", \(Phrases.times(plan.times))" }
        return text
    }

    private static func writes(_ frame: RawFrame, _ choice: ConnectionChoice?) -> String {
        let text: String
        switch frame {
        case .json(let raw): text = "writes a stanza with \(self.raw(raw))"
        case .xml(let raw): text = "writes \(self.raw(raw))"
        }
        return text + (choice.map { " on \(connection($0, of: "its"))" } ?? "")
    }

    private static func raw(_ raw: RawText) -> String {
        raw.pieces.map { piece in
            switch piece {
            case .text(let text): text
            case .token(let name): "(the token of \(name))"
            }
        }.joined()
    }

    static func ack(_ habit: AckHabit) -> String {
        switch habit {
        case .atOnce: "ACKs at once"
        case .never: "ACKs nothing by itself"
        case .skip(let count):
            "leaves the first \(count) deliveries of each message unanswered and ACKs the next"
        case .after(let delay): "ACKs \(Phrases.time(delay)) after a delivery"
        }
    }

    // MARK: The world

    private static func relay(_ deed: RelayDeed) -> String {
        switch deed {
        case .crashes: "crashes"
        case .restarts: "starts again"
        case .losesPower: "loses power"
        case .stops: "stops in order"
        case .drains(let name, let choice):
            "announces the end of \(connection(choice, of: "\(name)'s"))"
        }
    }

    private static func network(_ deed: NetworkDeed) -> String {
        switch deed {
        case .cut(let name, let choice, let how):
            "\(connection(choice, of: "\(name)'s")) to the relay \(ends(choice)) \(self.how(how))"
        case .hold(.fromRelay(let name)): "what the relay writes to \(name) waits on its way"
        case .hold(.toRelay(let name)): "what \(name) writes waits on its way"
        case .release(.fromRelay(let name)): "what the relay wrote to \(name) comes"
        case .release(.toRelay(let name)): "what \(name) wrote comes"
        case .partition(let name): "nothing passes between the relay and \(name) any more"
        case .repair(let name): "the way between the relay and \(name) is open again"
        }
    }

    private static func connection(_ choice: ConnectionChoice?, of whose: String) -> String {
        switch choice {
        case nil, .all: "\(whose) connections"
        case .newest: "\(whose) newest connection"
        case .oldest: "\(whose) oldest connection"
        case .number(let number): "\(whose) connection \(number)"
        }
    }

    private static func ends(_ choice: ConnectionChoice?) -> String {
        choice == nil || choice == .all ? "end" : "ends"
    }

    private static func how(_ how: HowCut) -> String {
        switch how {
        case .reset: "with a reset"
        case .fin: "in order"
        case .silent: "in silence"
        }
    }

    private static func fault(_ plan: FaultPlan) -> String {
        let rule = plan.rule
        let what = rule.match.map { ", where \($0)" } ?? ""
        let often =
            switch rule.frequency {
            case .always: ""
            case .times(let count): ", \(Phrases.times(count))"
            case .probability(let chance): ", with the chance \(chance)"
            }
        let name = plan.name.map { " \($0)" } ?? ""
        return "the fault\(name) begins: \(rule.deed.name.rawValue) \(rule.point.rawValue)"
            + what + often
    }

    private static func clock(_ name: Participant, _ jump: Duration) -> String {
        let whose = name == .relay ? "the relay's" : "\(name)'s"
        let size = Phrases.time(jump < .zero ? .zero - jump : jump)
        return "\(whose) clock jumps \(size) \(jump < .zero ? "back" : "ahead")"
    }
}
