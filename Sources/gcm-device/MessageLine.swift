import CloudMessaging
import Command

/// One line of `--input`: `{"message_id":"m-1","data":{"k":"v"},"time_to_live":60}`.
struct MessageLine {
    /// Nil: the device's counter names the message.
    private(set) var messageID: String?
    private(set) var data = DataPayload.empty
    /// Seconds; nil: the longest.
    private(set) var timeToLive: Int?
    /// Members that say nothing about a message, by name.
    private(set) var unknownMembers: [String] = []

    /// Why a line is none, and where.
    struct Problem: Error, Hashable {
        let text: String
        /// Counted from 1, in bytes.
        let column: Int

        init(_ text: String, at offset: Int) {
            self.text = text
            column = offset + 1
        }
    }

    /// All that a line may say.
    static let members = ["message_id", "data", "time_to_live"]

    init(_ line: [UInt8], client: ClientProfile) throws(Problem) {
        guard String(validating: line, as: UTF8.self) != nil else {
            throw Problem("the line is not UTF-8", at: Self.firstIllFormedByte(in: line))
        }
        let result = line.withUnsafeBufferPointer { bytes in
            Result { () throws(Problem) in try Self(bytes, client) }
        }
        self = try result.get()
    }

    private init(
        _ bytes: UnsafeBufferPointer<UInt8>, _ client: ClientProfile
    ) throws(Problem) {
        var problem: Problem?
        var scanner = JSONScanner(bytes)
        do throws(JSONError) {
            try scanner.scanObject { (key, value) throws(JSONError) in
                do throws(Problem) {
                    try read(key, value, bytes, client)
                } catch {
                    problem = problem ?? error
                }
            }
        } catch {
            throw Problem(error.problem, at: error.offset)
        }
        if let problem { throw problem }
    }

    // MARK: Members

    private mutating func read(
        _ key: JSONValue, _ value: JSONValue, _ bytes: UnsafeBufferPointer<UInt8>,
        _ client: ClientProfile
    ) throws(Problem) {
        let start = value.range.lowerBound
        if JSONStrings.spells("message_id", key, in: bytes) {
            guard value.kind == .string, let text = JSONStrings.decode(value, in: bytes) else {
                throw Problem("\"message_id\" must be a string", at: start)
            }
            messageID = text
        } else if JSONStrings.spells("time_to_live", key, in: bytes) {
            let text = String(decoding: bytes[value.range], as: UTF8.self)
            guard value.kind == .number, let seconds = Int(text) else {
                throw Problem("\"time_to_live\" must be a whole number of seconds", at: start)
            }
            timeToLive = seconds
        } else if JSONStrings.spells("data", key, in: bytes) {
            guard value.kind == .object else {
                throw Problem("\"data\" must be an object of strings", at: start)
            }
            let json = UnsafeBufferPointer(rebasing: bytes[value.range])
            data = try Self.payload(json, at: start, client)
        } else if let name = JSONStrings.decode(key, in: bytes) {
            unknownMembers.append(name)
        }
    }

    /// Android: the text as it stands. iOS: what is left of the pairs when those that are not
    /// strings are ignored, in the library's order.
    private static func payload(
        _ json: UnsafeBufferPointer<UInt8>, at start: Int, _ client: ClientProfile
    ) throws(Problem) -> DataPayload {
        var pairs: [(key: String, value: String)] = []
        var scanner = JSONScanner(json)
        do throws(JSONError) {
            try scanner.scanObject { (key, value) throws(JSONError) in
                switch (client, value.kind) {
                case (.android, .string): break
                case (.ios, .string):
                    guard let key = JSONStrings.decode(key, in: json),
                        let value = JSONStrings.decode(value, in: json)
                    else { throw JSONError("half of a surrogate pair", at: key.range.lowerBound) }
                    pairs.append((key, value))
                case (.android, _):
                    throw JSONError(
                        "values in \"data\" must be strings", at: value.range.lowerBound)
                case (.ios, _): break
                }
            }
        } catch {
            throw Problem(error.problem, at: start + error.offset)
        }
        switch client {
        case .android: return DataPayload(json: escapedForXML(json))
        case .ios:
            return DataPayload(
                pairs.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) })
        }
    }

    /// JSON may hold U+FFFE and U+FFFF as they are, XML may not: they become escapes.
    private static func escapedForXML(_ json: UnsafeBufferPointer<UInt8>) -> [UInt8] {
        guard json.contains(0xEF) else { return Array(json) }
        var escaped: [UInt8] = []
        var index = 0
        while index < json.count {
            if json[index] == 0xEF, json[index + 1] == 0xBF, json[index + 2] >= 0xBE {
                escaped += json[index + 2] == 0xBE ? Array(#"\ufffe"#.utf8) : Array(#"\uffff"#.utf8)
                index += 3
            } else {
                escaped.append(json[index])
                index += 1
            }
        }
        return escaped
    }

    /// How many bytes at the beginning are UTF-8.
    private static func firstIllFormedByte(in line: [UInt8]) -> Int {
        var codec = Unicode.UTF8.ForwardParser()
        var bytes = line.makeIterator()
        var offset = 0
        while true {
            switch codec.parseScalar(from: &bytes) {
            case .valid(let scalar): offset += scalar.count
            case .error, .emptyInput: return offset
            }
        }
    }
}
