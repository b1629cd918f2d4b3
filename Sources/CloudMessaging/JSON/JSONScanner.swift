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

    /// The value of a number without fraction and exponent; nil for anything else, and for what
    /// 64 bits cannot hold.
    package func integer(in bytes: UnsafeBufferPointer<UInt8>) -> Int? {
        guard kind == .number else { return nil }
        let isNegative = bytes[range.lowerBound] == UInt8(ascii: "-")
        var value = 0
        for index in range.lowerBound + (isNegative ? 1 : 0)..<range.upperBound {
            guard bytes[index].isDigit else { return nil }
            let digit = Int(bytes[index] - UInt8(ascii: "0"))
            let shifted = value.multipliedReportingOverflow(by: 10)
            let next =
                isNegative
                ? shifted.partialValue.subtractingReportingOverflow(digit)
                : shifted.partialValue.addingReportingOverflow(digit)
            guard !shifted.overflow, !next.overflow else { return nil }
            value = next.partialValue
        }
        return value
    }
}

/// Finds the values of a JSON text without making objects of them.
///
/// The relay routes on byte ranges and passes `data` through untouched: a fraction of the cost of
/// a decoder. Structure, numbers, literals, escapes and nesting are checked strictly (RFC 8259);
/// that the bytes are UTF-8 has been checked before, by the XML parser or the line reader.
package struct JSONScanner {
    /// The text, in which the ranges of all values are.
    package let bytes: UnsafeBufferPointer<UInt8>
    private var position = 0
    /// Objects and arrays that are open.
    private var depth = 0

    /// The scanner is valid as long as the buffer is.
    package init(_ bytes: UnsafeBufferPointer<UInt8>) {
        self.bytes = bytes
    }

    /// Scans a text that must be one object, and hands over each member in order.
    package mutating func scanObject(
        _ member: (_ key: JSONValue, _ value: JSONValue) throws(JSONError) -> Void
    ) throws(JSONError) {
        try scanObject { (key, scanner) throws(JSONError) in
            try member(key, scanner.scanValue())
        }
    }

    /// Scans a text that must be one object, of which each member scans its value itself.
    package mutating func scanObject(
        members member: (_ key: JSONValue, _ scanner: inout JSONScanner) throws(JSONError) -> Void
    ) throws(JSONError) {
        skipWhitespace()
        guard peek() == UInt8(ascii: "{") else {
            throw JSONError("a JSON object was expected", at: position)
        }
        try scanMembers(member)
        skipWhitespace()
        guard position == bytes.count else {
            throw JSONError("text after the end of the JSON object", at: position)
        }
    }

    /// Scans the value that comes next. Of an object, each member scans its value itself; those of
    /// anything else are none.
    package mutating func scanValue(
        members member: (_ key: JSONValue, _ scanner: inout JSONScanner) throws(JSONError) -> Void
    ) throws(JSONError) -> JSONValue {
        skipWhitespace()
        let start = position
        let kind: JSONValue.Kind
        switch peek() {
        case UInt8(ascii: "\""):
            return try scanString()
        case UInt8(ascii: "{"):
            try scanMembers(member)
            kind = .object
        case UInt8(ascii: "["):
            try scanElements()
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

    /// Scans the value that comes next, with all that is in it.
    package mutating func scanValue() throws(JSONError) -> JSONValue {
        try scanValue { (_, scanner) throws(JSONError) in _ = try scanner.scanValue() }
    }

    // MARK: Structure

    private mutating func scanMembers(
        _ member: (JSONValue, inout JSONScanner) throws(JSONError) -> Void
    ) throws(JSONError) {
        try open()
        if skips(UInt8(ascii: "}")) { return close() }
        repeat {
            skipWhitespace()
            guard peek() == UInt8(ascii: "\"") else {
                throw JSONError("a member name in quotes was expected", at: position)
            }
            let key = try scanString()
            guard skips(UInt8(ascii: ":")) else {
                throw JSONError("a colon was expected", at: position)
            }
            try member(key, &self)
        } while try continues(before: UInt8(ascii: "}"))
        close()
    }

    private mutating func scanElements() throws(JSONError) {
        try open()
        if skips(UInt8(ascii: "]")) { return close() }
        repeat {
            _ = try scanValue()
        } while try continues(before: UInt8(ascii: "]"))
        close()
    }

    /// Goes behind an opening bracket.
    private mutating func open() throws(JSONError) {
        guard depth < Limits.jsonDepth else {
            throw JSONError("nesting deeper than \(Limits.jsonDepth)", at: position)
        }
        depth += 1
        position += 1
    }

    private mutating func close() {
        depth -= 1
    }

    /// Whether a comma follows; false after the closing bracket.
    @inline(__always)
    private mutating func continues(before closing: UInt8) throws(JSONError) -> Bool {
        if skips(UInt8(ascii: ",")) { return true }
        guard skips(closing) else {
            let closing = Unicode.Scalar(closing)
            throw JSONError("a comma or \(closing) was expected", at: position)
        }
        return false
    }

    /// Goes behind a byte if it comes next, white space aside.
    @inline(__always)
    private mutating func skips(_ byte: UInt8) -> Bool {
        skipWhitespace()
        guard peek() == byte else { return false }
        position += 1
        return true
    }

    // MARK: Scalars

    private mutating func scanString() throws(JSONError) -> JSONValue {
        let start = position
        let raw = UnsafeRawBufferPointer(bytes)
        var hasEscapes = false
        position += 1
        while true {
            position = raw.firstIndex(from: position) {
                $0.equal(to: UInt8(ascii: "\"")) | $0.equal(to: UInt8(ascii: "\\")) | $0.below(0x20)
            }
            switch peek() {
            case UInt8(ascii: "\""):
                position += 1
                return JSONValue(kind: .string, range: start..<position, hasEscapes: hasEscapes)
            case UInt8(ascii: "\\"):
                hasEscapes = true
                try scanEscape()
            case nil:
                throw JSONError("the string has no end", at: start)
            default:
                throw JSONError("a control character must be escaped", at: position)
            }
        }
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

    @inline(__always)
    private func peek() -> UInt8? {
        position < bytes.count ? bytes[position] : nil
    }

    @inline(__always)
    private mutating func skipWhitespace() {
        while position < bytes.count, bytes[position] <= 0x20 {
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
