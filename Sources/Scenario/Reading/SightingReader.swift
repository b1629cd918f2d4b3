import CloudMessaging
import Journal

/// Reads something that is to be seen: `shop: {receives: {id: m-1}}`.
struct SightingReader {
    let values: ValueReader
    let cast: [CastMember]

    /// A sighting by itself, as `after` has it.
    func plain(_ tree: YAMLTree) -> Sighting? {
        guard case .mapping(let entries) = tree.content else {
            values.complain(
                "a sighting must be a mapping, not \(tree.shown)",
                remedy: "write WHO: {VERB: …}, such as relay: {settles: m-1}", at: tree)
            return nil
        }
        guard let (sighting, modifiers) = sighting(entries, at: tree.place) else { return nil }
        for entry in modifiers {
            values.complaints.add(
                "\(entry.key) cannot stand here", remedy: "put it beside the whole expectation",
                at: entry.keyPlace)
        }
        return sighting
    }

    /// A sighting, and what stands beside it on either level.
    func sighting(
        _ entries: [YAMLTree.Entry], at place: SourcePlace
    ) -> (Sighting, [YAMLTree.Entry])? {
        if let claim = entries.first(where: { ["never", "order"].contains($0.key) }) {
            values.complaints.add(
                "\(claim.key) is no sighting, but says when there is one",
                remedy: "let it begin an expectation of its own", at: claim.keyPlace)
            return nil
        }
        let names = cast.map(\.name.text) + ["relay", "match"]
        let subjects = entries.filter { names.contains($0.key) }
        let others = entries.filter { !names.contains($0.key) }
        guard let subject = subjects.first, subjects.count == 1 else {
            complainOfSubject(entries, subjects, names, at: place)
            return nil
        }
        if subject.key == "match" {
            return values.match(subject.value, "match").map {
                (Sighting(.match($0), at: subject.keyPlace), others)
            }
        }
        guard let (call, modifiers) = call(subject) else { return nil }
        let what: Sighting.What?
        let member = cast.first { $0.name.text == subject.key }
        let reader = TraitsReader(values: values, cast: cast)
        switch member?.role {
        case nil: what = reader.relay(call).map { .relay($0) }
        case .device: what = reader.device(call).map { .device(Participant(subject.key), $0) }
        case .appServer, .external:
            what = reader.appServer(call).map { .appServer(Participant(subject.key), $0) }
        }
        return what.map { (Sighting($0, at: subject.keyPlace), others + modifiers) }
    }

    private func complainOfSubject(
        _ entries: [YAMLTree.Entry], _ subjects: [YAMLTree.Entry], _ names: [String],
        at place: SourcePlace
    ) {
        if subjects.count > 1 {
            values.complaints.add(
                "two subjects, \(subjects[0].key) and \(subjects[1].key)",
                remedy: "begin the second with a dash of its own", at: subjects[1].keyPlace)
            return
        }
        let known = names + ["never", "order"]
        let unknown = entries.first { !SightWords.modifiers.names.contains($0.key) }
        values.complaints.add(
            unknown.map { "\"\($0.key)\" is nobody in the cast" } ?? "nobody is named",
            remedy: Suggestion.sentence(for: unknown?.key ?? "", among: known),
            at: unknown?.keyPlace ?? place)
    }

    // MARK: The verb

    private func call(_ subject: YAMLTree.Entry) -> (VerbCall, [YAMLTree.Entry])? {
        let verbs = verbs(of: subject.key)
        let names = verbs.map(\.name)
        let title = cast.first { $0.name.text == subject.key }?.role.kind.title ?? "the relay"
        if case .scalar(let text, _) = subject.value.content, !subject.value.isNull {
            guard let verb = verbs.first(where: { $0.name == text }) else {
                complain(text, of: title, names, at: subject.value.place)
                return nil
            }
            return VerbCall(verb, nil, at: subject.value.place, values).map { ($0, []) }
        }
        guard case .mapping(let entries) = subject.value.content else {
            values.complain(
                "\(subject.key) must be a mapping, not \(subject.value.shown)",
                remedy: "\(title) knows \(names.joined(separator: ", "))", at: subject.value)
            return nil
        }
        let sights = entries.filter { !SightWords.modifiers.names.contains($0.key) }
        guard let entry = sights.first else {
            values.complain(
                "what \(subject.key) is seen doing is not said",
                remedy: "\(title) knows \(names.joined(separator: ", "))", at: subject.value)
            return nil
        }
        guard let verb = verbs.first(where: { $0.name == entry.key }) else {
            complain(entry.key, of: title, names, at: entry.keyPlace)
            return nil
        }
        for other in sights.dropFirst() {
            let isVerb = names.contains(other.key)
            values.complaints.add(
                isVerb
                    ? "two verbs, \(entry.key) and \(other.key)"
                    : "unknown key \"\(other.key)\" beside \(entry.key)",
                remedy: isVerb
                    ? "begin the second with a dash of its own"
                    : Suggestion.sentence(for: other.key, among: SightWords.modifiers.names),
                at: other.keyPlace)
        }
        let modifiers = entries.filter { SightWords.modifiers.names.contains($0.key) }
        return call(verb, entry).map { ($0, modifiers) }
    }

    /// What an app is told is a verb of its own.
    private func call(_ verb: Verb, _ entry: YAMLTree.Entry) -> VerbCall? {
        if verb.name == "told", case .scalar = entry.value.content, !entry.value.isNull {
            // told: draining
            let name = entry.value.shown
            let inner = YAMLTree.Entry(
                key: name, keyPlace: entry.value.place,
                value: YAMLTree(place: entry.value.place, content: .scalar("any", .plain)))
            let tree = YAMLTree(place: entry.value.place, content: .mapping([inner]))
            return VerbCall(verb, tree, at: entry.keyPlace, values)
        }
        return VerbCall(verb, entry.value, at: entry.keyPlace, values)
    }

    private func verbs(of name: String) -> [Verb] {
        switch cast.first(where: { $0.name.text == name })?.role {
        case nil: SightWords.relay
        case .device: SightWords.device
        case .appServer, .external: SightWords.appServer
        }
    }

    private func complain(
        _ name: String, of title: String, _ names: [String], at place: SourcePlace
    ) {
        let all = (SightWords.device + SightWords.appServer + SightWords.relay).map(\.name)
        let isKnown = all.contains(name) || name == "message"
        values.complaints.add(
            isKnown ? "\(title) is never seen doing \"\(name)\"" : "unknown verb \"\(name)\"",
            remedy: isKnown
                ? "\(title) knows \(names.joined(separator: ", "))"
                : Suggestion.sentence(for: name, among: names), at: place)
    }
}
