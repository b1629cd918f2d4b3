import CloudMessaging

/// A descent through the levels of binding: `or`, `and`, `not`, one comparison.
struct MatchParser {
    private var lexer: MatchLexer
    /// What comes next.
    private var token: MatchToken
    private var depth = 0

    init(_ text: String) throws(MatchError) {
        lexer = MatchLexer(text)
        guard text.utf8.count <= Limits.matchBytes else {
            throw MatchError(
                column: 1, problem: "an expression has at most \(Limits.matchBytes) bytes")
        }
        token = try lexer.next()
    }

    /// The whole text.
    mutating func expression() throws(MatchError) -> Match.Node {
        let node = try alternatives()
        guard token.kind == .end else {
            throw unexpected("\"and\", \"or\" or the end")
        }
        return node
    }

    private mutating func alternatives() throws(MatchError) -> Match.Node {
        var nodes = [try conjunction()]
        while try takes(.or) { nodes.append(try conjunction()) }
        return nodes.count == 1 ? nodes[0] : .any(nodes)
    }

    private mutating func conjunction() throws(MatchError) -> Match.Node {
        var nodes = [try operand()]
        while try takes(.and) { nodes.append(try operand()) }
        return nodes.count == 1 ? nodes[0] : .all(nodes)
    }

    private mutating func operand() throws(MatchError) -> Match.Node {
        let start = token
        if try takes(.not) {
            return .not(try nested(in: start) { parser throws(MatchError) in try parser.operand() })
        }
        guard token.kind == .opening else { return .comparison(try comparison()) }
        try advance()
        let node = try nested(in: start) { parser throws(MatchError) in
            try parser.alternatives()
        }
        guard token.kind == .closing else { throw unexpected("\"and\", \"or\" or \")\"") }
        try advance()
        return node
    }

    // MARK: A comparison

    private mutating func comparison() throws(MatchError) -> Comparison {
        let field = try field()
        let sign = try sign(after: field)
        guard token.kind == .word || token.kind == .quoted else {
            throw unexpected("a value after \(sign.rawValue)")
        }
        if token.kind == .word, Keyword(rawValue: token.text) != nil {
            throw lexer.error(
                "\(token.shown) is a word of the language; as a value it needs quotes",
                at: token.range.lowerBound)
        }
        let comparison = try comparison(field, sign, with: token)
        try advance()
        return comparison
    }

    private mutating func field() throws(MatchError) -> MatchField {
        let name = token
        guard name.kind == .word, Keyword(rawValue: name.text) == nil else {
            throw unexpected("a field, \"not\" or \"(\"")
        }
        try advance()
        if name.text.hasSameBytes(as: MatchField.dataPrefix), token.kind == .quoted,
            token.range.lowerBound == name.range.upperBound
        {
            let key = token.text
            try advance()
            return .data(MatchField.DataKey(key))
        }
        if ["data", MatchField.dataPrefix].contains(name.text) {
            throw lexer.error("data needs a key: data.KEY", at: name.range.lowerBound)
        }
        guard let field = MatchField(name.text) else {
            let hint = Suggestion.sentence(for: name.text, among: MatchField.names)
            throw lexer.error("unknown field \"\(name.text)\"; \(hint)", at: name.range.lowerBound)
        }
        return field
    }

    private mutating func sign(after field: MatchField) throws(MatchError) -> Comparison.Sign {
        guard token.kind == .sign else {
            throw unexpected("=, !=, ~, < or > after \(field)")
        }
        guard let sign = Comparison.Sign(rawValue: token.text) else {
            throw lexer.error(foreignSign, at: token.range.lowerBound)
        }
        try advance()
        return sign
    }

    private func comparison(
        _ field: MatchField, _ sign: Comparison.Sign, with value: MatchToken
    ) throws(MatchError) -> Comparison {
        let offset = value.range.lowerBound
        switch sign {
        case .matches:
            guard value.text.utf8.count <= Limits.patternBytes else {
                throw lexer.error(
                    "a regular expression has at most \(Limits.patternBytes) bytes", at: offset)
            }
            guard !PatternRepetition(value.text).isNested else {
                throw lexer.error(
                    "\"\(value.text)\" repeats what repeats or has a choice, as (a+)+ does: that can "
                        + "take for ever; repeat only one of them, or join comparisons with and",
                    at: offset)
            }
            do {
                return Comparison(
                    field, sign, .text(value.text), pattern: try Pattern(value.text))
            } catch {
                throw lexer.error(
                    "\"\(value.text)\" is no regular expression: \(error)", at: offset)
            }
        case .less, .greater:
            guard let number = FieldValue.number(value.text) else {
                throw lexer.error(
                    "a number was expected after \(sign.rawValue), not \(value.shown)", at: offset)
            }
            let whole = Int(exactly: number)
            return Comparison(field, sign, whole.map { .number($0) } ?? .text(value.text))
        case .equal, .unequal:
            return Comparison(field, sign, try exactValue(value, of: field))
        }
    }

    /// A value that the field can have: a misspelt state would never match, and nobody would know.
    private func exactValue(
        _ value: MatchToken, of field: MatchField
    ) throws(MatchError) -> FieldValue {
        let offset = value.range.lowerBound
        if field.isNumber {
            // Logs write connections as #2.
            let digits = value.text.hasPrefix("#") ? String(value.text.dropFirst()) : value.text
            guard let number = Int(digits) else {
                throw lexer.error("\(field) is a number, not \(value.shown)", at: offset)
            }
            return .number(number)
        }
        if let known = field.vocabulary, !known.contains(where: value.text.hasSameBytes) {
            let hint = Suggestion.sentence(for: value.text, among: known)
            throw lexer.error("unknown \(field) \"\(value.text)\"; \(hint)", at: offset)
        }
        return .text(value.text)
    }

    // MARK: Words

    private enum Keyword: String {
        case and, or, not
    }

    private mutating func takes(_ keyword: Keyword) throws(MatchError) -> Bool {
        guard token.kind == .word, token.text.hasSameBytes(as: keyword.rawValue)
        else { return false }
        try advance()
        return true
    }

    private mutating func advance() throws(MatchError) {
        token = try lexer.next()
    }

    private mutating func nested(
        in start: MatchToken,
        _ parse: (inout MatchParser) throws(MatchError) -> Match.Node
    ) throws(MatchError) -> Match.Node {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Limits.matchDepth else {
            throw lexer.error(
                "nesting deeper than \(Limits.matchDepth)", at: start.range.lowerBound)
        }
        return try parse(&self)
    }

    private func unexpected(_ expected: String) -> MatchError {
        let problem =
            token.kind == .sign && Comparison.Sign(rawValue: token.text) == nil
            ? foreignSign : "\(expected) was expected, not \(token.shown)\(keywordHint)"
        return lexer.error(problem, at: token.range.lowerBound)
    }

    /// Keywords are lower-case.
    private var keywordHint: String {
        guard token.kind == .word, let keyword = Keyword(rawValue: token.text.lowercased()),
            keyword.rawValue != token.text
        else { return "" }
        return "; did you mean \"\(keyword.rawValue)\"?"
    }

    /// What to write instead of an operator of other languages.
    private var foreignSign: String {
        let meant =
            switch token.text {
            case "==", "===": "write = for equality"
            case "<>", "=!": "write != for inequality"
            case "=~", "~=", "~~": "write ~ for a regular expression"
            case "!~": "write not FIELD~PATTERN"
            case ">=", "=>": "write not FIELD<VALUE"
            case "<=", "=<": "write not FIELD>VALUE"
            case "&&", "&": "write and"
            case "||", "|": "write or"
            case "!": "write not"
            default: "known are: \(Comparison.Sign.allCases.map(\.rawValue).joined(separator: " "))"
            }
        return "\"\(token.text)\" is no operator; \(meant)"
    }
}
