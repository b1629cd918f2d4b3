/// Why a text is no condition, and where.
package struct TopicConditionError: Error, Equatable, Sendable, CustomStringConvertible {
    /// What was wrong, as the end of a sentence.
    package let problem: String
    /// Offset of the offending byte, counted from 0.
    package let offset: Int

    package var description: String { "\(problem) at byte \(offset)" }
}

extension TopicCondition {
    /// Reads a condition such as `'A' in topics && ('B' in topics || !('C' in topics))`.
    ///
    /// `!` binds tighter than `&&`, and that tighter than `||`.
    package init(
        parsing text: String, bound: Bound = .fiveTopics
    ) throws(TopicConditionError) {
        var parser = TopicConditionParser(Array(text.utf8), bound: bound)
        self = try parser.condition()
    }

    /// How long a condition may be; the documentation has both (protocol sheet §3.1).
    package enum Bound: String, Sendable, CaseIterable {
        /// As the pages about topics have it, later on.
        case fiveTopics = "five-topics"
        /// At most two of `&&` and `||`, as the reference of the XMPP server has it.
        case twoOperators = "two-operators"
    }
}

/// A descent through the three levels of binding.
private struct TopicConditionParser {
    private let bytes: [UInt8]
    private let bound: TopicCondition.Bound
    private var position = 0
    private var topics = 0
    private var operators = 0
    private var depth = 0

    init(_ bytes: [UInt8], bound: TopicCondition.Bound) {
        self.bytes = bytes
        self.bound = bound
    }

    mutating func condition() throws(TopicConditionError) -> TopicCondition {
        let condition = try alternatives()
        skipBlanks()
        guard position == bytes.count else { throw expected("&& or ||") }
        return condition
    }

    private mutating func alternatives() throws(TopicConditionError) -> TopicCondition {
        var condition = try conjunction()
        while try takesOperator("||") { condition = .or(condition, try conjunction()) }
        return condition
    }

    private mutating func conjunction() throws(TopicConditionError) -> TopicCondition {
        var condition = try operand()
        while try takesOperator("&&") { condition = .and(condition, try operand()) }
        return condition
    }

    private mutating func operand() throws(TopicConditionError) -> TopicCondition {
        if takes("!") {
            return .not(try nested { parser throws(TopicConditionError) in try parser.operand() })
        }
        guard takes("(") else { return try membership() }
        let condition = try nested { parser throws(TopicConditionError) in
            try parser.alternatives()
        }
        guard takes(")") else { throw expected(")") }
        return condition
    }

    /// `'name' in topics`
    private mutating func membership() throws(TopicConditionError) -> TopicCondition {
        guard takes("'") else { throw expected("a topic in single quotes") }
        let start = position
        while position < bytes.count, bytes[position] != UInt8(ascii: "'") { position += 1 }
        guard position < bytes.count else {
            throw TopicConditionError(problem: "the quote is not closed", offset: start - 1)
        }
        let name = String(decoding: bytes[start..<position], as: UTF8.self)
        guard let topic = TopicName(name) ?? TopicName(address: name) else {
            throw TopicConditionError(
                problem: "no topic's name, which has [a-zA-Z0-9-_.~%],", offset: start)
        }
        topics += 1
        guard bound != .fiveTopics || topics <= Limits.conditionTopics else {
            throw TopicConditionError(
                problem: "more than \(Limits.conditionTopics) topics", offset: start - 1)
        }
        position += 1
        guard takes("in"), takes("topics") else { throw expected("\"in topics\"") }
        return .topic(topic.text)
    }

    // MARK: Words

    private mutating func nested(
        _ parse: (inout TopicConditionParser) throws(TopicConditionError) -> TopicCondition
    ) throws(TopicConditionError) -> TopicCondition {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Limits.conditionDepth else {
            throw TopicConditionError(
                problem: "nesting deeper than \(Limits.conditionDepth)", offset: position)
        }
        return try parse(&self)
    }

    private mutating func takesOperator(_ sign: String) throws(TopicConditionError) -> Bool {
        guard takes(sign) else { return false }
        operators += 1
        guard bound != .twoOperators || operators <= Limits.conditionOperators else {
            throw TopicConditionError(
                problem: "more than \(Limits.conditionOperators) operators",
                offset: position - sign.utf8.count)
        }
        return true
    }

    private mutating func takes(_ word: String) -> Bool {
        skipBlanks()
        guard bytes[position...].starts(with: word.utf8) else { return false }
        position += word.utf8.count
        return true
    }

    private mutating func skipBlanks() {
        while position < bytes.count, bytes[position] == UInt8(ascii: " ") { position += 1 }
    }

    private func expected(_ what: String) -> TopicConditionError {
        TopicConditionError(problem: "\(what) was expected", offset: position)
    }
}
