import CloudMessaging
import Journal

/// Reads what must come of a play.
struct ExpectationReader {
    let values: ValueReader
    let cast: [CastMember]
    /// Who writes the journal on which they are judged.
    let vantage: Evidence.Vantage

    func expectations(_ tree: YAMLTree) -> [Expectation] {
        guard case .list(let members) = tree.content else {
            if !tree.isNull {
                values.complain(
                    "expect must be a list, not \(tree.shown)", remedy: "begin each with a dash",
                    at: tree)
            }
            return []
        }
        guard members.count <= ScenarioLimits.expectations else {
            values.complain(
                "a play has at most \(ScenarioLimits.expectations) expectations, not "
                    + "\(members.count)", remedy: "make several plays of it", at: tree)
            return []
        }
        let expectations = members.compactMap(expectation)
        ExpectationConflicts(complaints: values.complaints, cast: cast, vantage: vantage)
            .check(expectations)
        return expectations
    }

    private func expectation(_ tree: YAMLTree) -> Expectation? {
        guard case .mapping(let entries) = tree.content else {
            values.complain(
                "an expectation must be a mapping, not \(tree.shown)",
                remedy: "write WHO: {VERB: …}, such as shop: {receives: m-1}", at: tree)
            return nil
        }
        if let entry = entries.first(where: { $0.key == "order" }) {
            return order(entry, beside: entries, at: tree.place)
        }
        if let entry = entries.first(where: { $0.key == "never" }) {
            return never(entry, beside: entries, at: tree.place)
        }
        if let relay = entries.first(where: { $0.key == "relay" }),
            case .mapping(let fields) = relay.value.content,
            fields.contains(where: { $0.key == "message" })
        {
            return OutcomeReader(values: values, cast: cast)
                .outcome(relay.value, beside: entries, at: tree.place)
        }
        guard let (sighting, modifiers) = sightings.sighting(entries, at: tree.place),
            let bounds = bounds(modifiers)
        else { return nil }
        return Expectation(
            .seen(sighting, bounds.tally ?? .atLeastOnce, bounds.window), at: tree.place)
    }

    private var sightings: SightingReader { SightingReader(values: values, cast: cast) }

    // MARK: Never and order

    private func never(
        _ entry: YAMLTree.Entry, beside: [YAMLTree.Entry], at place: SourcePlace
    ) -> Expectation? {
        guard case .mapping(let entries) = entry.value.content else {
            values.complain(
                "never must be a mapping, not \(entry.value.shown)",
                remedy: "write never: {relay: {sends: m-1}}", at: entry.value)
            return nil
        }
        let others = beside.filter { $0.key != "never" }
        guard let (sighting, modifiers) = sightings.sighting(entries, at: entry.value.place),
            let bounds = bounds(modifiers + others)
        else { return nil }
        if let times = (modifiers + others).first(where: { $0.key == "times" }) {
            values.complaints.add(
                "never and times contradict each other", remedy: "leave one of them out",
                at: times.keyPlace)
        }
        return Expectation(.seen(sighting, .never, bounds.window), at: place)
    }

    private func order(
        _ entry: YAMLTree.Entry, beside: [YAMLTree.Entry], at place: SourcePlace
    ) -> Expectation? {
        for other in beside where other.key != "order" {
            values.complaints.add(
                "\(other.key) cannot stand beside order", remedy: "leave it out",
                at: other.keyPlace)
        }
        guard case .list(let members) = entry.value.content, members.count > 1 else {
            values.complain(
                "order needs two sightings or more",
                remedy: "write order: [{shop: {receives: m-1}}, {shop: {receives: m-2}}]",
                at: entry.value)
            return nil
        }
        let all = members.compactMap { sightings.plain($0) }
        return all.count == members.count ? Expectation(.order(all), at: place) : nil
    }

    // MARK: How often and when

    private func bounds(_ entries: [YAMLTree.Entry]) -> (tally: Tally?, window: Window)? {
        var tally: Tally?
        var window = Window()
        var seen: [String] = []
        for entry in entries {
            guard SightWords.modifiers.names.contains(entry.key) else {
                let names = SightWords.modifiers.names
                values.complaints.add(
                    "unknown key \"\(entry.key)\" in an expectation",
                    remedy: Suggestion.sentence(for: entry.key, among: names), at: entry.keyPlace)
                continue
            }
            if seen.contains(entry.key) {
                values.complaints.add(
                    "\(entry.key) is there twice", remedy: "leave one out", at: entry.keyPlace)
            }
            seen.append(entry.key)
            switch entry.key {
            case "times": tally = values.tally(entry.value, "times")
            case "within": window.within = values.duration(entry.value, "within")
            case "after": window.after = sightings.plain(entry.value)
            default: window.before = sightings.plain(entry.value)
            }
        }
        return (tally, window)
    }
}

extension ValueReader {
    /// `3` or `{at-least: 1, at-most: 3}`.
    func tally(_ tree: YAMLTree, _ name: String) -> Tally? {
        guard case .mapping = tree.content else {
            return integer(tree, name, in: 0...1_000_000).map { Tally(least: $0, most: $0) }
        }
        guard let fields = FieldReader(tree, SightWords.times, self) else { return nil }
        let least = fields.integer("at-least", in: 0...1_000_000)
        let most = fields.integer("at-most", in: 0...1_000_000)
        if least == nil, most == nil, !fields.has("at-least"), !fields.has("at-most") {
            complain(
                "\(name) says neither at-least nor at-most", remedy: "write \(name): 3", at: tree)
        }
        if let least, let most, least > most {
            complain(
                "at-least (\(least)) is more than at-most (\(most))", remedy: "exchange them",
                at: tree)
            return nil
        }
        return Tally(least: least ?? 0, most: most)
    }
}
