import Yams

extension YAMLTree {
    /// Reads a text; nil after a complaint.
    static func read(_ text: String, _ complaints: Complaints) -> YAMLTree? {
        guard !looksEndless(text) else {
            complaints.add(noAliases, remedy: noAliasesRemedy, at: nil)
            return nil
        }
        do {
            // The parser keeps the anchors alive; a node refers to its own weakly.
            let parser = try Parser(yaml: text.withoutByteOrderMark, encoding: .utf8)
            guard let root = try parser.singleRoot() else {
                complaints.add(
                    "the file says nothing", remedy: "begin with \(complaints.kind.example)",
                    at: .start)
                return nil
            }
            var converter = Converter(complaints: complaints)
            let tree = withExtendedLifetime(parser) { converter.tree(root, depth: 1) }
            return tree
        } catch let error as YamlError {
            complain(error, of: text, complaints)
        } catch {
            complaints.add("\(error)", remedy: "look at what YAML allows", at: nil)
        }
        return nil
    }

    fileprivate static let tooDeep = "nesting deeper than \(ScenarioLimits.depth)"
    fileprivate static func tooDeepRemedy(_ kind: FileKind) -> String {
        "no field of a \(kind.name) lies so deep"
    }
    fileprivate static let noAliases = "anchors (&) and aliases (*) are not read"
    fileprivate static let noAliasesRemedy = "write it out where it is used"

    /// Whether a text may be aliases of aliases, whose copies the parser would compare as keys
    /// without end. What looks like an alias may be part of a text, so a few are let pass.
    private static func looksEndless(_ text: String) -> Bool {
        var (previous, current) = (UInt8(ascii: "\n"), UInt8(ascii: "\n"))
        var (anchors, aliases) = (0, 0)
        for next in text.utf8 {
            let begins = previous <= 0x20 || [0x2C, 0x5B, 0x7B].contains(previous)
            if begins, next > 0x20 {
                if current == UInt8(ascii: "&") { anchors += 1 }
                if current == UInt8(ascii: "*") { aliases += 1 }
            }
            (previous, current) = (current, next)
        }
        return anchors > 0 && aliases > ScenarioLimits.aliases
    }

    // MARK: Faults of the syntax

    private static func complain(_ error: YamlError, of text: String, _ complaints: Complaints) {
        switch error {
        case .scanner(let context, let problem, let mark, _),
            .parser(let context, let problem, let mark, _),
            .composer(let context, let problem, let mark, _):
            let place = SourcePlace(line: mark.line, column: mark.column)
            // The parser's own bound on levels is higher than ours.
            guard !problem.hasPrefix("Maximum nesting level") else {
                return complaints.add(
                    tooDeep, remedy: tooDeepRemedy(complaints.kind), at: place)
            }
            let context = context.map { "\($0.text), " } ?? ""
            complaints.add(
                context + problem, remedy: remedy(problem, at: place, of: text, complaints.kind),
                at: place)
        case .duplicatedKeysInMapping(let keys, let context):
            let keys = keys.map { "\"\($0)\"" }.joined(separator: ", ")
            complaints.add(
                "\(keys) is there twice in one mapping", remedy: "leave one of them out",
                at: SourcePlace(line: context.mark.line, column: context.mark.column))
        case .reader(let problem, let offset, _, let yaml):
            let place = offset.map { Self.place(ofCharacter: $0, in: yaml) }
            complaints.add(problem, remedy: "write plain UTF-8 text", at: place)
        default:
            complaints.add("\(error)", remedy: "look at what YAML allows", at: nil)
        }
    }

    private static func remedy(
        _ problem: String, at place: SourcePlace, of text: String, _ kind: FileKind
    ) -> String {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let line = lines.indices.contains(place.line - 1) ? lines[place.line - 1] : ""
        if line.prefix(while: { $0 == " " || $0 == "\t" }).contains("\t") {
            return "a tab indents here, and YAML wants blanks"
        }
        if problem.contains("another document") { return "one file is one \(kind.name)" }
        if problem.contains("undefined alias") { return "a text that begins with * needs quotes" }
        if problem.contains("cannot start any token") {
            return "a text that begins with such a character needs quotes"
        }
        if problem.contains("mapping values are not allowed") {
            return "a text with \": \" in it needs quotes"
        }
        return "look at the quotes, brackets and indentation before it"
    }

    private static func place(ofCharacter offset: Int, in text: String) -> SourcePlace {
        let before = text.prefix(offset)
        let line = before.split(separator: "\n", omittingEmptySubsequences: false)
        return SourcePlace(
            line: max(1, line.count), column: (line.last?.unicodeScalars.count ?? 0) + 1)
    }
}

extension String {
    /// Some editors begin a file with U+FEFF, which is no part of what it says.
    var withoutByteOrderMark: String {
        unicodeScalars.first == "\u{FEFF}" ? String(unicodeScalars.dropFirst()) : self
    }
}

/// Turns Yams' nodes into a tree, and refuses what a scenario has no use for.
private struct Converter {
    let complaints: Complaints

    mutating func tree(_ node: Node, depth: Int) -> YAMLTree? {
        let place = Self.place(of: node)
        guard depth <= ScenarioLimits.depth else {
            complaints.add(
                YAMLTree.tooDeep, remedy: YAMLTree.tooDeepRemedy(complaints.kind), at: place)
            return nil
        }
        guard node.anchor == nil else {
            // An alias is a copy of its anchor: copies of copies would be endless work.
            complaints.add(
                YAMLTree.noAliases, remedy: YAMLTree.noAliasesRemedy, at: place)
            return nil
        }
        switch node {
        case .scalar(let scalar):
            return YAMLTree(
                place: place, content: .scalar(scalar.string, Self.style(scalar.style)))
        case .sequence(let sequence):
            return YAMLTree(
                place: place, content: .list(sequence.compactMap { tree($0, depth: depth + 1) }))
        case .mapping(let mapping):
            let entries = mapping.compactMap { key, value in
                entry(key, value, depth: depth + 1)
            }
            return YAMLTree(place: place, content: .mapping(entries))
        case .alias:
            return nil
        }
    }

    private mutating func entry(_ key: Node, _ value: Node, depth: Int) -> YAMLTree.Entry? {
        let place = Self.place(of: key)
        guard case .scalar(let name) = key, key.anchor == nil else {
            complaints.add(
                "a key must be a name", remedy: "a text with brackets in it needs quotes",
                at: place)
            return nil
        }
        guard name.string != "<<" else {
            complaints.add(
                "merge keys (<<) are not read", remedy: "write the members out", at: place)
            return nil
        }
        return tree(value, depth: depth).map {
            YAMLTree.Entry(key: name.string, keyPlace: place, value: $0)
        }
    }

    private static func place(of node: Node) -> SourcePlace {
        node.mark.map { SourcePlace(line: $0.line, column: $0.column) } ?? .start
    }

    private static func style(_ style: Node.Scalar.Style) -> YAMLTree.ScalarStyle {
        switch style {
        case .any, .plain: .plain
        case .singleQuoted: .singleQuoted
        case .doubleQuoted: .doubleQuoted
        case .literal, .folded: .block
        }
    }
}
