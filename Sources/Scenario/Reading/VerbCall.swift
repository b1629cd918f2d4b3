import CloudMessaging

/// A verb with what it was given.
struct VerbCall {
    let verb: Verb
    /// Nil: a single value was given, or nothing.
    let fields: FieldReader?
    let place: SourcePlace
    /// What was given instead of a mapping.
    let single: YAMLTree?
    private let values: ValueReader

    /// Nil after a complaint.
    init?(_ verb: Verb, _ argument: YAMLTree?, at place: SourcePlace, _ values: ValueReader) {
        self.verb = verb
        self.place = place
        self.values = values
        guard let group = verb.fields else {
            fields = nil
            single = nil
            if let argument, !argument.isNull {
                values.complain(
                    "\(verb.name) takes nothing, not \(argument.shown)",
                    remedy: "write \(verb.name) alone", at: argument)
                return nil
            }
            return
        }
        if let argument, case .scalar = argument.content, !argument.isNull {
            guard verb.short != nil else {
                values.complain(
                    "\(verb.name) takes a mapping, not \(argument.shown)",
                    remedy: "it knows \(group.names.joined(separator: ", "))", at: argument)
                return nil
            }
            single = argument
            fields = nil
            return
        }
        single = nil
        let tree = argument ?? YAMLTree(place: place, content: .mapping([]))
        guard let fields = FieldReader(tree, group, values) else { return nil }
        self.fields = fields
    }

    /// The value of a field for which a single value may stand; nil after a complaint.
    func value(_ name: String) -> YAMLTree? {
        if let single { return single }
        if let tree = fields?.tree(name) { return tree }
        values.complaints.add(
            "\(verb.name) lacks \(name)", remedy: "write \(verb.name): \(example(of: name))",
            at: place)
        return nil
    }

    private func example(of name: String) -> String {
        let form = verb.fields?.fields.first { $0.name == name }?.form
        return verb.short ?? "{\(name): \(form ?? name)}"
    }

    /// The members of `id` or `ids`; none after a complaint.
    func ids(_ example: String) -> [String] {
        guard let fields else { return single.flatMap { values.text($0, "id") }.map { [$0] } ?? [] }
        fields.exclude("id", "ids")
        if let id = fields.tree("id") {
            // An empty ID is one that an app may try.
            if case .scalar(let text, let style) = id.content, text.isEmpty, style != .plain {
                return [text]
            }
            return values.text(id, "id").map { [$0] } ?? []
        }
        guard let tree = fields.tree("ids") else {
            values.complaints.add(
                "\(verb.name) lacks id", remedy: "add id: \(example)", at: fields.place)
            return []
        }
        if case .list(let members) = tree.content {
            return bounded(members.compactMap { values.text($0, "ids") }, tree)
        }
        guard let text = values.text(tree, "ids") else { return [] }
        guard let range = Self.range(text) else {
            values.complain(
                "ids \"\(text)\" is no range",
                remedy: "write \(example)..\(example.dropLast())21, or a list", at: tree)
            return []
        }
        guard range.count <= ScenarioLimits.messagesOfStep else { return bounded([], tree, range) }
        let prefix = text.prefix { !$0.isNumber }
        return range.map { "\(prefix)\($0)" }
    }

    private func bounded(
        _ ids: [String], _ tree: YAMLTree, _ range: ClosedRange<Int>? = nil
    ) -> [String] {
        guard (range?.count ?? ids.count) <= ScenarioLimits.messagesOfStep else {
            values.complain(
                "a step has at most \(ScenarioLimits.messagesOfStep) messages",
                remedy: "make several steps of it", at: tree)
            return []
        }
        if ids.isEmpty { values.complain("ids is empty", remedy: "write m-1..m-3", at: tree) }
        return ids
    }

    /// `m-1..m-21`: the same text before the same kind of number.
    private static func range(_ text: String) -> ClosedRange<Int>? {
        guard let dots = text.firstRange(of: "..") else { return nil }
        let (first, last) = (text[..<dots.lowerBound], text[dots.upperBound...])
        let prefix = first.prefix { !$0.isNumber }
        guard last.hasPrefix(prefix), let lower = Int(first.dropFirst(prefix.count)),
            let upper = Int(last.dropFirst(prefix.count)), lower >= 0, lower <= upper
        else { return nil }
        return lower...upper
    }
}

extension FieldReader {
    /// Which connection of an app server.
    func connection(_ name: String, allowsAll: Bool = true) -> ConnectionChoice? {
        guard let tree = tree(name) else { return nil }
        let words = allowsAll ? ["newest", "oldest", "all"] : ["newest", "oldest"]
        switch tree.content {
        case .scalar("newest", _): return .newest
        case .scalar("oldest", _): return .oldest
        case .scalar("all", _) where allowsAll: return .all
        case .scalar(let text, _):
            if let number = Int(text), number > 0 { return .number(number) }
        case .list, .mapping: break
        }
        values.complain(
            "\(name) must be a connection's number, from 1, or \(words.joined(separator: ", ")), "
                + "not \(tree.shown)", remedy: "write \(name): newest", at: tree)
        return nil
    }

    /// The payload.
    func data(_ name: String, textsOnly: Bool = false) -> [DataPair] {
        guard let tree = tree(name) else { return [] }
        return (values.mapping(tree, name) ?? []).compactMap { entry in
            guard case .scalar(let text, let style) = entry.value.content else {
                values.complain(
                    "\(name).\(entry.key) must be a text, not \(entry.value.shown)",
                    remedy: "put JSON in quotes", at: entry.value)
                return nil
            }
            let isLiteral = style == .plain && DataValue.isLiteral(text)
            if isLiteral, textsOnly {
                values.complain(
                    "\(name).\(entry.key): \(entry.value.shown) is no text, and an app on Android "
                        + "hands over texts", remedy: "put it in quotes: \"\(text)\"",
                    at: entry.value)
                return nil
            }
            return DataPair(
                key: entry.key,
                value: isLiteral ? .literal(text.isEmpty ? "null" : text) : .text(text))
        }
    }
}

extension DataValue {
    /// Whether JSON has the text as it is, without quotes.
    static func isLiteral(_ text: String) -> Bool {
        if ["true", "false", "null", ""].contains(text) { return true }
        let bytes = Array(text.utf8)
        guard
            let value = bytes.withUnsafeBufferPointer({ buffer in
                var scanner = JSONScanner(buffer)
                return (try? scanner.scanValue()).map { ($0.kind, $0.range) }
            })
        else { return false }
        return value.0 == .number && value.1 == 0..<bytes.count
    }
}
