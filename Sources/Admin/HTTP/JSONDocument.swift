import CloudMessaging
import Foundation

/// A JSON text of somebody else's.
indirect enum JSONDocument: Decodable {
    case null
    case flag(Bool)
    case integer(Int)
    case number(Double)
    case text(String)
    case list([JSONDocument])
    case object([String: JSONDocument])

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let flag = try? container.decode(Bool.self) {
            self = .flag(flag)
        } else if let integer = try? container.decode(Int.self) {
            self = .integer(integer)
        } else if let number = try? container.decode(Double.self) {
            self = .number(number)
        } else if let text = try? container.decode(String.self) {
            self = .text(text)
        } else if let list = try? container.decode([JSONDocument].self) {
            self = .list(list)
        } else {
            self = .object(try container.decode([String: JSONDocument].self))
        }
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
    private let members: [String: JSONDocument]

    /// - Parameters:
    ///   - names: every member that there may be.
    ///   - isOptional: nothing at all counts as an object without members.
    init(_ bytes: [UInt8], names: [String], isOptional: Bool = false) throws(AdminError) {
        guard !(isOptional && bytes.isEmpty) else {
            members = [:]
            return
        }
        guard let document = try? JSONDecoder().decode(JSONDocument.self, from: Data(bytes)) else {
            throw .badRequest("the body is no JSON", hint: "send one JSON object as UTF-8")
        }
        guard case .object(let members) = document else {
            throw .badRequest(
                "the body is \(document.kind)", hint: "send a JSON object, with braces")
        }
        for name in members.keys.sorted() where !names.contains(name) {
            throw .badRequest(
                "unknown member \"\(name)\"", hint: Suggestion.sentence(for: name, among: names))
        }
        self.members = members
    }

    func has(_ name: String) -> Bool { members[name] != nil }

    func text(_ name: String) throws(AdminError) -> String? {
        switch members[name] {
        case nil: return nil
        case .text(let text): return text
        case .some(let other): throw wrong(name, other, "a text")
        }
    }

    func integer(_ name: String, in range: ClosedRange<Int>) throws(AdminError) -> Int? {
        switch members[name] {
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
        switch members[name] {
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

    /// Texts by their keys, sorted; null stands for a key without a value.
    func texts(
        _ name: String, mayBeNull: Bool = false
    ) throws(AdminError) -> [(key: String, value: String?)]? {
        guard let member = members[name] else { return nil }
        guard case .object(let values) = member else { throw wrong(name, member, "an object") }
        var texts: [(key: String, value: String?)] = []
        for (key, value) in values.sorted(by: { $0.key < $1.key }) {
            switch value {
            case .text(let text): texts.append((key, text))
            case .null where mayBeNull: texts.append((key, nil))
            default: throw wrong("\(name).\(key)", value, "a text")
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
