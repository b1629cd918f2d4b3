import CloudMessaging
import Journal

extension FaultRule {
    /// Reads one JSON object, as UTF-8:
    /// `{"on":"upstream.ack","match":"sender_id=4711","do":"drop","times":2}`.
    package init(json: [UInt8]) throws(FaultRuleError) {
        guard String(validating: json, as: UTF8.self) != nil else {
            throw FaultRuleError("the text is no UTF-8")
        }
        var draft = FaultDraft()
        try json.withUnsafeBufferPointer { bytes throws(FaultRuleError) in
            try draft.read(bytes)
        }
        self = try draft.rule()
    }

    /// Adds the rule's members; what it has not is not there.
    func addMembers(to object: inout JSONObjectWriter) {
        object.add(FaultMember.point.rawValue, point.rawValue)
        if let match { object.add(FaultMember.match.rawValue, match.description) }
        object.add(FaultMember.deed.rawValue, deed.name.rawValue)
        switch deed {
        case .nack(let code): object.add(FaultMember.code.rawValue, code)
        case .delay(let delay):
            object.add(FaultMember.delay.rawValue, DurationText.text(delay))
        default: break
        }
        switch frequency {
        case .always: break
        case .times(let count): object.add(FaultMember.times.rawValue, count)
        case .probability(let chance):
            object.add(FaultMember.probability.rawValue, json: Array("\(chance)".utf8))
        }
    }

    /// The rule as compact JSON that `init(json:)` reads.
    package var json: [UInt8] {
        var object = JSONObjectWriter()
        addMembers(to: &object)
        object.end()
        return object.bytes
    }
}

extension Fault {
    /// The rule between its number and what became of it: `{"id":1,…,"enabled":true,"asked":5,
    /// "bitten":2}`.
    package var json: [UInt8] {
        var object = JSONObjectWriter()
        object.add("id", number)
        rule.addMembers(to: &object)
        object.add("enabled", isEnabled)
        object.add("asked", asked)
        object.add("bitten", bitten)
        object.end()
        return object.bytes
    }
}

extension FaultDraft {
    fileprivate mutating func read(_ bytes: UnsafeBufferPointer<UInt8>) throws(FaultRuleError) {
        // Broken JSON is reported first, wherever it is.
        var fault: FaultRuleError?
        do throws(JSONError) {
            var scanner = JSONScanner(bytes)
            try scanner.scanObject { key, value in
                guard fault == nil else { return }
                do throws(FaultRuleError) {
                    try set(
                        JSONStrings.decode(key, in: bytes) ?? "", FaultMember.Value(value, bytes))
                } catch {
                    fault = error
                }
            }
        } catch {
            throw FaultRuleError("the JSON is broken: \(error)")
        }
        if let fault { throw fault }
    }
}

extension FaultMember.Value {
    fileprivate init(_ value: JSONValue, _ bytes: UnsafeBufferPointer<UInt8>) {
        let raw = String(decoding: bytes[value.range], as: UTF8.self)
        switch value.kind {
        case .string: self = JSONStrings.decode(value, in: bytes).map(Self.text) ?? .other(raw)
        case .number: self = .number(raw)
        case .object: self = .other("an object")
        case .array: self = .other("an array")
        case .boolean, .null: self = .other(raw)
        }
    }
}
