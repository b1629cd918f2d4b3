/// Why a text is not an address.
package enum JIDError: Error, Equatable, Sendable {
    case empty(Part)
    case tooLong(Part, bytes: Int)
    case forbiddenCharacter(Part, Unicode.Scalar)

    /// A part of an address.
    package enum Part: String, Sendable {
        case local = "local part"
        case domain
        case resource
    }
}

extension JIDError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .empty(let part):
            "the \(part.rawValue) of the address is empty"
        case .tooLong(let part, let bytes):
            "the \(part.rawValue) of the address has \(bytes) bytes; "
                + "\(JID.longestPart) are allowed"
        case .forbiddenCharacter(let part, let scalar):
            "U+\(scalar.hexadecimal) is not allowed in the \(part.rawValue) of an address"
        }
    }
}

extension Unicode.Scalar {
    /// The number in at least four hexadecimal digits, as after `U+`.
    var hexadecimal: String {
        let digits = String(value, radix: 16, uppercase: true)
        return String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits
    }
}
