/// Why a text is not the JSON (RFC 8259) that was expected, and where.
package struct JSONError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What was wrong, as the end of a sentence.
    package let problem: String
    /// Offset of the offending byte, counted from 0.
    package let offset: Int

    package init(_ problem: String, at offset: Int) {
        self.problem = problem
        self.offset = offset
    }

    package var description: String { "\(problem) at byte \(offset)" }
}

/// One value of a JSON text, as the range of its bytes.
package struct JSONValue: Hashable, Sendable {
    package enum Kind: Sendable {
        case object, array, string, number, boolean, null
    }

    package let kind: Kind
    /// The whole value; a string's range includes its quotes.
    package let range: Range<Int>
    /// Whether a string holds a backslash; without one its bytes are its content.
    package let hasEscapes: Bool

    /// A string's bytes between its quotes.
    package var content: Range<Int> { range.lowerBound + 1..<range.upperBound - 1 }
}

/// Finds the values of a JSON text without making objects of them.
///
/// The relay routes on byte ranges and passes `data` through untouched: a fraction of the cost of
/// a decoder. Structure, numbers, literals, escapes and nesting are checked strictly (RFC 8259);
/// that the bytes are UTF-8 has been checked before, by the XML parser or the line reader.
package struct JSONScanner {
    private let bytes: UnsafeBufferPointer<UInt8>
    private var position = 0

    /// The scanner is valid as long as the buffer is.
    package init(_ bytes: UnsafeBufferPointer<UInt8>) {
        self.bytes = bytes
    }

    /// Scans a text that must be one object, and hands over each member in order.
    package mutating func scanObject(
        _ member: (_ key: JSONValue, _ value: JSONValue) throws(JSONError) -> Void
    ) throws(JSONError) {
        skipWhitespace()
        guard peek() == UInt8(ascii: "{") else {
            throw JSONError("a JSON object was expected", at: position)
        }
        try scanMembers(depth: 1, member)
        skipWhitespace()
        guard position == bytes.count else {
            throw JSONError("text after the end of the JSON object", at: position)
        }
    }

    // MARK: Structure

    private mutating func scanMembers(
        depth: Int, _ member: (JSONValue, JSONValue) throws(JSONError) -> Void
    ) throws(JSONError) {
        position += 1
        skipWhitespace()
        guard peek() != UInt8(ascii: "}") else {
            position += 1
            return
        }
        while true {
            skipWhitespace()
            guard peek() == UInt8(ascii: "\"") else {
                throw JSONError("a member name in quotes was expected", at: position)
            }
            let key = try scanString()
            skipWhitespace()
            guard peek() == UInt8(ascii: ":") else {
                throw JSONError("a colon was expected", at: position)
            }
            position += 1
            let value = try scanValue(depth: depth)
            try member(key, value)
            guard try continues(before: UInt8(ascii: "}")) else { return }
        }
    }

    private mutating func scanElements(depth: Int) throws(JSONError) {
        position += 1
        skipWhitespace()
        guard peek() != UInt8(ascii: "]") else {
            position += 1
            return
        }
        while true {
            _ = try scanValue(depth: depth)
            guard try continues(before: UInt8(ascii: "]")) else { return }
        }
    }

    /// Whether a comma follows; false after the closing bracket.
    private mutating func continues(before closing: UInt8) throws(JSONError) -> Bool {
        skipWhitespace()
        let byte = peek()
        guard byte == UInt8(ascii: ",") || byte == closing else {
            let closing = Unicode.Scalar(closing)
            throw JSONError("a comma or \(closing) was expected", at: position)
        }
        position += 1
        return byte == UInt8(ascii: ",")
    }

    private mutating func scanValue(depth: Int) throws(JSONError) -> JSONValue {
        skipWhitespace()
        let start = position
        let kind: JSONValue.Kind
        switch peek() {
        case UInt8(ascii: "\""):
            return try scanString()
        case UInt8(ascii: "{"):
            try checkDepth(depth)
            try scanMembers(depth: depth + 1) { _, _ in }
            kind = .object
        case UInt8(ascii: "["):
            try checkDepth(depth)
            try scanElements(depth: depth + 1)
            kind = .array
        case UInt8(ascii: "t"):
            try scanLiteral("true")
            kind = .boolean
        case UInt8(ascii: "f"):
            try scanLiteral("false")
            kind = .boolean
        case UInt8(ascii: "n"):
            try scanLiteral("null")
            kind = .null
        default:
            try scanNumber()
            kind = .number
        }
        return JSONValue(kind: kind, range: start..<position, hasEscapes: false)
    }

    private func checkDepth(_ depth: Int) throws(JSONError) {
        guard depth < Limits.jsonDepth else {
            throw JSONError("nesting deeper than \(Limits.jsonDepth)", at: position)
        }
    }

    // MARK: Scalars

    private mutating func scanString() throws(JSONError) -> JSONValue {
        let start = position
        var hasEscapes = false
        position += 1
        while position < bytes.count {
            let byte = bytes[position]
            if byte == UInt8(ascii: "\"") {
                position += 1
                return JSONValue(kind: .string, range: start..<position, hasEscapes: hasEscapes)
            }
            if byte == UInt8(ascii: "\\") {
                hasEscapes = true
                try scanEscape()
            } else if byte < 0x20 {
                throw JSONError("a control character must be escaped", at: position)
            } else {
                position += 1
            }
        }
        throw JSONError("the string has no end", at: start)
    }

    private mutating func scanEscape() throws(JSONError) {
        let start = position
        position += 1
        switch peek() {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"),
            UInt8(ascii: "f"), UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            position += 1
        case UInt8(ascii: "u"):
            position += 1
            for _ in 0..<4 {
                guard let byte = peek(), byte.hexDigitValue != nil else {
                    throw JSONError("\\u needs four hexadecimal digits", at: start)
                }
                position += 1
            }
        default:
            throw JSONError("unknown escape", at: start)
        }
    }

    private mutating func scanNumber() throws(JSONError) {
        let start = position
        guard let first = peek(), first == UInt8(ascii: "-") || first.isDigit else {
            throw JSONError("a JSON value was expected", at: start)
        }
        if first == UInt8(ascii: "-") { position += 1 }
        if peek() == UInt8(ascii: "0") {
            position += 1
        } else {
            try scanDigits(of: start)
        }
        if peek() == UInt8(ascii: ".") {
            position += 1
            try scanDigits(of: start)
        }
        if peek() == UInt8(ascii: "e") || peek() == UInt8(ascii: "E") {
            position += 1
            if peek() == UInt8(ascii: "+") || peek() == UInt8(ascii: "-") { position += 1 }
            try scanDigits(of: start)
        }
    }

    private mutating func scanDigits(of start: Int) throws(JSONError) {
        let first = position
        while let byte = peek(), byte.isDigit {
            position += 1
        }
        guard position > first else {
            throw JSONError("the number is not complete", at: start)
        }
    }

    private mutating func scanLiteral(_ literal: StaticString) throws(JSONError) {
        let start = position
        for index in 0..<literal.utf8CodeUnitCount {
            guard peek() == literal.utf8Start[index] else {
                throw JSONError("\(literal) was expected", at: start)
            }
            position += 1
        }
    }

    // MARK: Bytes

    private func peek() -> UInt8? {
        position < bytes.count ? bytes[position] : nil
    }

    private mutating func skipWhitespace() {
        while position < bytes.count {
            switch bytes[position] {
            case 0x20, 0x09, 0x0A, 0x0D: position += 1
            default: return
            }
        }
    }
}

extension UInt8 {
    fileprivate var isDigit: Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self)
    }

    /// The value of an ASCII hexadecimal digit.
    var hexDigitValue: UInt32? {
        switch self {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(self - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt32(self - UInt8(ascii: "a")) + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt32(self - UInt8(ascii: "A")) + 10
        default: nil
        }
    }
}
