import CloudMessaging
import Journal

/// Reads what is done, step by step.
struct StepReader {
    let values: ValueReader
    let cast: [CastMember]
    let ending: Ending
    /// The play cannot be before this when the next step is done: what steps say of time.
    private var earliest = Duration.zero
    /// By `fault`, for `mend`.
    private var faults: [String] = []

    init(values: ValueReader, cast: [CastMember], ending: Ending) {
        self.values = values
        self.cast = cast
        self.ending = ending
    }

    mutating func steps(_ tree: YAMLTree) -> [Step] {
        guard case .list(let members) = tree.content else {
            if !tree.isNull {
                values.complain(
                    "steps must be a list, not \(tree.shown)", remedy: "begin each with a dash",
                    at: tree)
            }
            return []
        }
        guard members.count <= ScenarioLimits.steps else {
            values.complain(
                "a play has at most \(ScenarioLimits.steps) steps, not \(members.count)",
                remedy: "make several plays of it", at: tree)
            return []
        }
        var steps: [Step] = []
        for member in members {
            if let step = step(member) { steps.append(step) }
        }
        return steps
    }

    private mutating func step(_ tree: YAMLTree) -> Step? {
        guard case .mapping(let entries) = tree.content, !entries.isEmpty else {
            values.complain(
                "a step must be a mapping, not \(tree.shown)",
                remedy: "write WHO: VERB, such as phone: goes-online", at: tree)
            return nil
        }
        let timeNames = StepWords.time.names
        let times = entries.filter { timeNames.contains($0.key) }
        let deeds = entries.filter { !timeNames.contains($0.key) }
        if times.count > 1 {
            values.complaints.add(
                "\(times[0].key) and \(times[1].key) exclude each other in a step",
                remedy: "make two steps of it", at: times[1].keyPlace)
        }
        if deeds.count > 1 {
            values.complaints.add(
                "a step with two deeds, \(deeds[0].key) and \(deeds[1].key)",
                remedy: "begin the second with a dash of its own", at: deeds[1].keyPlace)
        }
        var moment = Step.Moment.next
        if let time = times.first { moment = self.moment(time) ?? moment }
        guard let entry = deeds.first else {
            return times.isEmpty ? nil : Step(moment, nil, at: tree.place)
        }
        return deed(entry).map { Step(moment, $0, at: tree.place) }
    }

    // MARK: Time

    private mutating func moment(_ entry: YAMLTree.Entry) -> Step.Moment? {
        switch entry.key {
        case "at":
            guard let time = values.duration(entry.value, "at") else { return nil }
            if time < earliest {
                values.complain(
                    "at: \(Phrases.time(time)) goes back: the step before is not done "
                        + "earlier than \(Phrases.time(earliest))",
                    remedy: "steps run in order; move it up, or use wait", at: entry.value)
            }
            earliest = max(earliest, time)
            checkEnding(entry)
            return .at(time)
        case "wait":
            guard let time = values.duration(entry.value, "wait") else { return nil }
            earliest += time
            checkEnding(entry)
            return .wait(time)
        default:
            return until(entry.value)
        }
    }

    private func checkEnding(_ entry: YAMLTree.Entry) {
        guard earliest > ending.after else { return }
        values.complain(
            "\(entry.key): the step comes not before \(Phrases.time(earliest)), and the "
                + "play ends after \(Phrases.time(ending.after))",
            remedy: "let it end later: ends: {after: \(Phrases.time(earliest))}",
            at: entry.value)
    }

    private func until(_ tree: YAMLTree) -> Step.Moment? {
        if case .scalar = tree.content {
            return awaited(tree, "until").map { .until($0, within: nil) }
        }
        guard let fields = FieldReader(tree, StepWords.until, values) else { return nil }
        fields.require("match", "match: \"event=app.sent\"")
        let within = fields.duration("within")
        if let within, let tree = fields.tree("within"), earliest + within > ending.after {
            let end = Phrases.time(earliest + within)
            values.complain(
                "within: it may come until \(end), and the play ends after "
                    + Phrases.time(ending.after),
                remedy: "let it end later: ends: {after: \(end)}, or wait for less", at: tree)
        }
        return fields.tree("match").flatMap { awaited($0, "match") }
            .map { .until($0, within: within) }
    }

    private func awaited(_ tree: YAMLTree, _ name: String) -> Match? {
        guard let match = values.match(tree, name) else { return nil }
        if EventSet(match).isEmpty {
            values.complain(
                "\(name): no event can be like this", remedy: EventSet.emptyRemedy, at: tree)
        }
        return match
    }

    // MARK: Deeds

    private mutating func deed(_ entry: YAMLTree.Entry) -> Deed? {
        let actor = entry.key
        if StepWords.worldNames.contains(actor) { return worldDeed(entry) }
        if actor == "relay" {
            return verb(entry, of: "the relay", StepWords.relay).flatMap(relayDeed)
        }
        if actor == "store" {
            return verb(entry, of: "the store", StepWords.store).flatMap(storeDeed)
        }
        guard let member = cast.first(where: { $0.name.text == actor }) else {
            let known = cast.map(\.name.text) + ["relay", "store"] + StepWords.worldNames
            values.complaints.add(
                "\"\(actor)\" is neither in the cast nor a verb",
                remedy: Suggestion.sentence(for: actor, among: known + StepWords.time.names),
                at: entry.keyPlace)
            return nil
        }
        switch member.role {
        case .device(let plan):
            return verb(entry, of: member.role.kind.title, StepWords.device)
                .flatMap { DeviceDeedReader(values: values, plan: plan).deed($0) }
                .map { .device(member.name, $0) }
        case .appServer:
            return verb(entry, of: member.role.kind.title, StepWords.appServer)
                .flatMap { AppServerDeedReader(values: values, cast: cast).deed($0) }
                .map { .appServer(member.name, $0) }
        case .external:
            return verb(entry, of: member.role.kind.title, StepWords.external)
                .flatMap { AppServerDeedReader(values: values, cast: cast).deed($0) }
                .map { .appServer(member.name, $0) }
        }
    }

    /// `WHO: VERB` or `WHO: {VERB: …}`.
    private func verb(_ entry: YAMLTree.Entry, of title: String, _ verbs: [Verb]) -> VerbCall? {
        let name: String
        let place: SourcePlace
        var argument: YAMLTree?
        switch entry.value.content {
        case .scalar(let text, _) where !entry.value.isNull:
            (name, place) = (text, entry.value.place)
        case .mapping(let members) where members.count == 1:
            (name, place) = (members[0].key, members[0].keyPlace)
            argument = members[0].value
        default:
            values.complain(
                "\(entry.key) needs one verb, not \(entry.value.shown)",
                remedy: "\(title) knows \(verbs.map(\.name).joined(separator: ", "))",
                at: entry.value)
            return nil
        }
        guard let verb = verbs.first(where: { $0.name == name }) else {
            complain(name, of: title, verbs, at: place)
            return nil
        }
        return VerbCall(verb, argument, at: place, values)
    }

    private func complain(
        _ name: String, of title: String, _ verbs: [Verb], at place: SourcePlace
    ) {
        let isKnown = StepWords.all.contains(name)
        values.complaints.add(
            isKnown ? "\(title) cannot do \"\(name)\"" : "unknown verb \"\(name)\"",
            remedy: isKnown
                ? "\(title) knows \(verbs.map(\.name).joined(separator: ", "))"
                : Suggestion.sentence(for: name, among: verbs.map(\.name)),
            at: place)
    }

    private func relayDeed(_ call: VerbCall) -> Deed? {
        switch call.verb.name {
        case "crashes": return .relay(.crashes)
        case "restarts": return .relay(.restarts)
        case "loses-power": return .relay(.losesPower)
        case "stops": return .relay(.stops)
        default:
            let members = MemberReader(values: values, cast: cast)
            guard let tree = call.value("of"),
                let member = members.member(tree, "of", [.appServer, .external])
            else { return nil }
            return .relay(.drains(member.name, on: call.fields?.connection("on")))
        }
    }

    private func storeDeed(_ call: VerbCall) -> Deed? {
        guard call.verb.name == "fails" else { return .store(.recovers) }
        return .store(.fails(reason: call.fields?.text("reason") ?? "the disk is full"))
    }

    // MARK: The world

    private mutating func worldDeed(_ entry: YAMLTree.Entry) -> Deed? {
        guard let verb = StepWords.world.first(where: { $0.name == entry.key }),
            let call = VerbCall(verb, entry.value, at: entry.keyPlace, values)
        else { return nil }
        let deed = WorldDeedReader(values: values, cast: cast, faults: faults).deed(call)
        if case .fault(let plan) = deed, let name = plan.name { faults.append(name) }
        return deed
    }
}
