/// Why a PLAIN message cannot be used.
package enum SASLPlainError: Error, Equatable, Sendable {
    case emptyMessage
    case notBase64
    case wrongNULCount(Int)
    case notUTF8
    case emptyAuthenticationID
    case emptyPassword

    /// The failure to answer with (RFC 6120 §6.5).
    package var condition: SASLFailure.Condition {
        self == .notBase64 ? .incorrectEncoding : .malformedRequest
    }
}

extension SASLPlainError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .emptyMessage: "<auth/> carries no message"
        case .notBase64: "the text of <auth/> is not Base64"
        case .wrongNULCount(let count):
            "the PLAIN message has \(count) NUL bytes instead of 2 (NUL user NUL password)"
        case .notUTF8: "the PLAIN message is not UTF-8"
        case .emptyAuthenticationID: "the PLAIN message names no user"
        case .emptyPassword: "the PLAIN message has no password"
        }
    }
}
