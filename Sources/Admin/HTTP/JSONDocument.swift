import CloudMessaging

/// A JSON text of somebody else's.
indirect enum JSONDocument {
    typealias Member = (name: String, value: JSONDocument)

    case null
    case flag(Bool)
    case integer(Int)
    /// One that is no `Int`.
    case number
    case text(String)
    /// No request has elements that anybody looks at.
    case list
    /// In the order of the text. Names may be equal, by Swift's `==` or by their bytes.
    case object([Member])

    /// Reads the value that comes next.
    init(_ scanner: inout JSONScanner) throws(JSONError) {
        let bytes = scanner.bytes
        var members: [Member] = []
        let value = try scanner.scanValue { (key, scanner) throws(JSONError) in
            members.append((try Self.text(key, bytes), try JSONDocument(&scanner)))
        }
        switch value.kind {
        case .object: self = .object(members)
        case .array: self = .list
        case .string: self = .text(try Self.text(value, bytes))
        case .number: self = value.integer(in: bytes).map(Self.integer) ?? .number
        case .boolean: self = .flag(bytes[value.range.lowerBound] == UInt8(ascii: "t"))
        case .null: self = .null
        }
    }

    private static func text(
        _ value: JSONValue, _ bytes: UnsafeBufferPointer<UInt8>
    ) throws(JSONError) -> String {
        guard let text = JSONStrings.decode(value, in: bytes) else {
            throw JSONError("half of a surrogate pair", at: value.range.lowerBound)
        }
        return text
    }

    /// What it is, for a message.
    var kind: String {
        switch self {
        case .null: "null"
        case .flag: "true or false"
        case .integer, .number: "a number"
        case .text: "a text"
        case .list: "a list"
        case .object: "an object"
        }
    }
}

/// The members of a request's body, each taken with the type that it must have.
struct JSONBody {
    private let members: [JSONDocument.Member]

    /// - Parameters:
    ///   - names: every member that there may be.
    ///   - isOptional: nothing at all counts as an object without members.
    init(_ bytes: [UInt8], names: [String], isOptional: Bool = false) throws(AdminError) {
        guard !(isOptional && bytes.isEmpty) else {
            members = []
            return
        }
        members = try Self.members(bytes)
        for (index, (name, _)) in members.enumerated() {
            guard names.contains(name) else {
                throw .badRequest(
                    "unknown member \"\(name)\"",
                    hint: Suggestion.sentence(for: name, among: names))
            }
            guard !members[..<index].contains(where: { $0.name == name }) else {
                throw .badRequest("\(name) is given twice", hint: "leave one out")
            }
        }
    }

    private static func members(_ bytes: [UInt8]) throws(AdminError) -> [JSONDocument.Member] {
        guard String(validating: bytes, as: UTF8.self) != nil else {
            throw .badRequest("the body is no UTF-8", hint: "send one JSON object as UTF-8")
        }
        do throws(JSONError) {
            return try bytes.withUnsafeBufferPointer { (bytes) throws(JSONError) in
                var members: [JSONDocument.Member] = []
                var scanner = JSONScanner(bytes)
                try scanner.scanObject { (key, scanner) throws(JSONError) in
                    let name = JSONStrings.repair(key, in: bytes)
                    members.append((name, try JSONDocument(&scanner)))
                }
                return members
            }
        } catch {
            throw .badRequest(
                "the JSON is broken: \(error)", hint: "send one JSON object as UTF-8")
        }
    }

    private subscript(name: String) -> JSONDocument? {
        members.first { $0.name == name }?.value
    }

    func has(_ name: String) -> Bool { self[name] != nil }

    func text(_ name: String) throws(AdminError) -> String? {
        switch self[name] {
        case nil: return nil
        case .text(let text): return text
        case .some(let other): throw wrong(name, other, "a text")
        }
    }

    func integer(_ name: String, in range: ClosedRange<Int>) throws(AdminError) -> Int? {
        switch self[name] {
        case nil: return nil
        case .integer(let number) where range.contains(number): return number
        case .integer(let number):
            throw .badRequest(
                "\(name) is \(number)",
                hint: "give \(name) from \(range.lowerBound) to \(range.upperBound)")
        case .some(let other): throw wrong(name, other, "a whole number")
        }
    }

    func flag(_ name: String) throws(AdminError) -> Bool? {
        switch self[name] {
        case nil: return nil
        case .flag(let flag): return flag
        case .some(let other): throw wrong(name, other, "true or false")
        }
    }

    func duration(_ name: String) throws(AdminError) -> Duration? {
        guard let text = try text(name) else { return nil }
        guard let duration = DurationText.parse(text) else {
            throw .badRequest("\(name) is \"\(text)\"", hint: "write \(DurationText.form)")
        }
        return duration
    }

    /// Texts by their keys, in order; null stands for a key without a value. Of keys with the same
    /// bytes the last counts, and stands where the first was.
    func texts(
        _ name: String, mayBeNull: Bool = false
    ) throws(AdminError) -> [(key: String, value: String?)]? {
        guard let member = self[name] else { return nil }
        guard case .object(let values) = member else { throw wrong(name, member, "an object") }
        var texts: [(key: String, value: String?)] = []
        var places: [[UInt8]: Int] = [:]
        for (key, value) in values {
            let text: String? =
                switch value {
                case .text(let text): text
                case .null where mayBeNull: nil
                default: throw wrong("\(name).\(key)", value, "a text")
                }
            if let place = places[Array(key.utf8)] {
                texts[place].value = text
            } else {
                places[Array(key.utf8)] = texts.count
                texts.append((key, text))
            }
        }
        return texts
    }

    /// A value of a type that reads itself from a text.
    func value<Value>(
        _ name: String, form: String, _ parse: (String) -> Value?
    ) throws(AdminError) -> Value? {
        guard let text = try text(name) else { return nil }
        guard let value = parse(text) else {
            throw .badRequest("\(name) \"\(text)\" is not \(form)", hint: "write \(form)")
        }
        return value
    }

    func choice<Choice: RawRepresentable<String> & CaseIterable>(
        _ name: String
    ) throws(AdminError) -> Choice? {
        guard let text = try text(name) else { return nil }
        return try Choice.parse(text, name)
    }

    func need<Value>(_ name: String, _ value: Value?) throws(AdminError) -> Value {
        guard let value else {
            throw .badRequest("\(name) is missing", hint: "add it to the JSON object")
        }
        return value
    }

    private func wrong(_ name: String, _ value: JSONDocument, _ wanted: String) -> AdminError {
        .badRequest("\(name) is \(value.kind), not \(wanted)", hint: "give \(wanted)")
    }
}

extension RawRepresentable<String> where Self: CaseIterable {
    static func parse(_ text: String, _ name: String) throws(AdminError) -> Self {
        guard let choice = Self(rawValue: text) else {
            throw .badRequest(
                "\(name) \"\(text)\" is unknown",
                hint: Suggestion.sentence(for: text, among: allCases.map(\.rawValue)))
        }
        return choice
    }
}
