import CloudMessaging

/// A word of an expression, and where it stands.
struct MatchToken: Equatable {
    enum Kind: Equatable {
        /// A name or a bare value.
        case word
        case quoted
        /// A run of operator signs, whether or not it is an operator.
        case sign
        case opening, closing
        case end
    }

    let kind: Kind
    /// What it says; of a quoted text, without quotes and escapes.
    let text: String
    /// The bytes of the expression that it takes up.
    let range: Range<Int>

    /// How a message shows it.
    var shown: String {
        switch kind {
        case .end: "the end"
        case .quoted: "the text \"\(text)\""
        case .word, .sign, .opening, .closing: "\"\(text)\""
        }
    }
}

/// Cuts an expression into tokens.
struct MatchLexer {
    let bytes: [UInt8]
    private var position = 0

    init(_ text: String) {
        bytes = Array(text.utf8)
    }

    mutating func next() throws(MatchError) -> MatchToken {
        while position < bytes.count, Self.isBlank(bytes[position]) { position += 1 }
        let start = position
        guard position < bytes.count else { return token(.end, from: start) }
        switch bytes[position] {
        case UInt8(ascii: "("):
            position += 1
            return token(.opening, from: start)
        case UInt8(ascii: ")"):
            position += 1
            return token(.closing, from: start)
        case UInt8(ascii: "\""), UInt8(ascii: "'"):
            return try quoted()
        case let byte where Self.isSign(byte):
            while position < bytes.count, Self.isSign(bytes[position]) { position += 1 }
            return token(.sign, from: start)
        default:
            while position < bytes.count, Self.isWord(bytes[position]) { position += 1 }
            return token(.word, from: start)
        }
    }

    /// Reads a text between quotes of either form. A backslash before a quote or a backslash takes
    /// away its meaning; before anything else it stands for itself, as regular expressions want it.
    private mutating func quoted() throws(MatchError) -> MatchToken {
        let start = position
        let quote = bytes[start]
        var content: [UInt8] = []
        position += 1
        while position < bytes.count, bytes[position] != quote {
            if bytes[position] == UInt8(ascii: "\\"), position + 1 < bytes.count,
                bytes[position + 1] == quote || bytes[position + 1] == UInt8(ascii: "\\")
            {
                position += 1
            }
            content.append(bytes[position])
            position += 1
        }
        guard position < bytes.count else {
            throw error("the quote is not closed", at: start)
        }
        position += 1
        return MatchToken(
            kind: .quoted, text: String(decoding: content, as: UTF8.self), range: start..<position)
    }

    private func token(_ kind: MatchToken.Kind, from start: Int) -> MatchToken {
        MatchToken(
            kind: kind, text: String(decoding: bytes[start..<position], as: UTF8.self),
            range: start..<position)
    }

    /// An error at a byte of the expression, with its column.
    func error(_ problem: String, at offset: Int) -> MatchError {
        let before = String(decoding: bytes[..<offset], as: UTF8.self)
        return MatchError(column: before.count + 1, problem: problem)
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte <= 0x20 }

    private static func isSign(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "="), UInt8(ascii: "!"), UInt8(ascii: "~"), UInt8(ascii: "<"),
            UInt8(ascii: ">"), UInt8(ascii: "&"), UInt8(ascii: "|"):
            true
        default: false
        }
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "\""), UInt8(ascii: "'"): false
        default: !isBlank(byte) && !isSign(byte)
        }
    }
}
