import CloudMessaging

/// The value of a field; a text is identified by its UTF-8 bytes.
package enum FieldValue: Equatable, Sendable, CustomStringConvertible {
    case text(String)
    case number(Int)

    package static func == (left: FieldValue, right: FieldValue) -> Bool {
        switch (left, right) {
        case (.text(let left), .text(let right)): left.hasSameBytes(as: right)
        case (.number(let left), .number(let right)): left == right
        case (.text, .number), (.number, .text): false
        }
    }

    /// A text in quotes, a number without.
    package var description: String {
        switch self {
        case .text(let text): "\"\(text)\""
        case .number(let number): "\(number)"
        }
    }

    /// The text that a regular expression sees.
    var text: String {
        switch self {
        case .text(let text): text
        case .number(let number): String(number)
        }
    }

    /// The number that `<` and `>` compare; nil: it is none.
    var number: Double? {
        switch self {
        case .text(let text): Self.number(text)
        case .number(let number): Double(number)
        }
    }

    /// Reads digits with a sign and a fraction, and no other form that a number can have.
    static func number(_ text: String) -> Double? {
        let isPlain = text.utf8.allSatisfy { (48...57).contains($0) || $0 == 45 || $0 == 46 }
        return isPlain ? Double(text) : nil
    }
}
