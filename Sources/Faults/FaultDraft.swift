import CloudMessaging
import Journal

/// A rule that is being read, member by member, whatever the form it is written in.
package struct FaultDraft {
    private var point: FaultPoint?
    private var match: Match?
    private var deed: FaultDeed.Name?
    private var code: String?
    private var delay: Duration?
    private var times: Int?
    private var probability: Double?
    private var given: [FaultMember] = []

    package init() {}

    /// - Throws: for an unknown name, a value of another type, a value that is none, a repetition.
    package mutating func set(
        _ name: String, _ value: FaultMember.Value
    ) throws(FaultRuleError) {
        guard let member = FaultMember(rawValue: name) else {
            throw FaultRuleError(
                "unknown member \"\(name)\"",
                remedy: Suggestion.sentence(
                    for: name, among: FaultMember.allCases.map(\.rawValue)))
        }
        guard !given.contains(member) else { throw FaultRuleError("\(name) is given twice") }
        given.append(member)
        switch member {
        case .point: point = try choice(member, value)
        case .match: match = try expression(value)
        case .deed: deed = try choice(member, value)
        case .code: code = try text(member, value)
        case .delay: delay = try duration(value)
        case .times: times = try count(value)
        case .probability: probability = try chance(value)
        }
    }

    /// The rule, once all members are set.
    package func rule() throws(FaultRuleError) -> FaultRule {
        guard let point else { throw missing(.point, FaultPoint.allCases.map(\.rawValue)) }
        guard let deed else { throw missing(.deed, FaultDeed.Name.allCases.map(\.rawValue)) }
        if delay != nil, deed != .delay {
            throw FaultRuleError("delay belongs to \"do\":\"delay\", not to \(deed.rawValue)")
        }
        if code != nil, deed != .nack {
            throw FaultRuleError("code belongs to \"do\":\"nack\", not to \(deed.rawValue)")
        }
        return try FaultRule(on: point, match: match, do: whole(deed), frequency())
    }

    private func frequency() throws(FaultRuleError) -> FaultRule.Frequency {
        switch (times, probability) {
        case (nil, nil): .always
        case (let times?, nil): .times(times)
        case (nil, let probability?): .probability(probability)
        case (.some, .some):
            throw FaultRuleError("times and probability are both given", remedy: "choose one")
        }
    }

    /// The deed with what it needs to know.
    private func whole(_ name: FaultDeed.Name) throws(FaultRuleError) -> FaultDeed {
        switch name {
        case .drop: return .drop
        case .duplicate: return .duplicate
        case .reorder: return .reorder
        case .corrupt: return .corrupt
        case .reset: return .reset
        case .fin: return .fin
        case .silent: return .silent
        case .drain: return .drain
        case .refuse: return .refuse
        case .delay:
            guard let delay else {
                throw FaultRuleError("delay is missing", remedy: "add \"delay\":\"2s\"")
            }
            return .delay(delay)
        case .nack:
            guard let code else {
                throw FaultRuleError(
                    "code is missing", remedy: "add \"code\":\"SERVICE_UNAVAILABLE\"")
            }
            return .nack(code: code)
        }
    }

    // MARK: Values

    private func missing(_ member: FaultMember, _ choices: [String]) -> FaultRuleError {
        FaultRuleError(
            "\(member.rawValue) is missing",
            remedy: "it is one of \(choices.joined(separator: ", "))")
    }

    private func text(
        _ member: FaultMember, _ value: FaultMember.Value
    ) throws(FaultRuleError) -> String {
        guard case .text(let text) = value else {
            throw FaultRuleError("\(member.rawValue) must be a string, not \(value.shown)")
        }
        return text
    }

    private func choice<Choice: RawRepresentable<String> & CaseIterable>(
        _ member: FaultMember, _ value: FaultMember.Value
    ) throws(FaultRuleError) -> Choice {
        let text = try text(member, value)
        guard let choice = Choice(rawValue: text) else {
            throw FaultRuleError(
                "\(member.rawValue) \"\(text)\" is unknown",
                remedy: Suggestion.sentence(for: text, among: Choice.allCases.map(\.rawValue)))
        }
        return choice
    }

    private func expression(_ value: FaultMember.Value) throws(FaultRuleError) -> Match {
        let text = try text(.match, value)
        do {
            return try Match(parsing: text)
        } catch {
            throw FaultRuleError("match, \(error)")
        }
    }

    private func duration(_ value: FaultMember.Value) throws(FaultRuleError) -> Duration {
        guard case .text(let text) = value, let duration = DurationText.parse(text) else {
            throw FaultRuleError("delay must be \(DurationText.form), not \(value.shown)")
        }
        return duration
    }

    private func count(_ value: FaultMember.Value) throws(FaultRuleError) -> Int {
        guard case .number(let digits) = value, let count = Int(digits) else {
            throw FaultRuleError("times must be a whole number, not \(value.shown)")
        }
        return count
    }

    private func chance(_ value: FaultMember.Value) throws(FaultRuleError) -> Double {
        guard case .number(let digits) = value, let chance = Double(digits) else {
            throw FaultRuleError("probability must be a number from 0 to 1, not \(value.shown)")
        }
        return chance
    }
}

extension FaultMember.Value {
    fileprivate var shown: String {
        switch self {
        case .text(let text): "\"\(text)\""
        case .number(let digits): digits
        case .other(let name): name
        }
    }
}
