/// Why a stream cannot be read any further.
package struct StreamParserError: Error, Equatable, Sendable {
    /// The stream error to answer with (RFC 6120 §4.9.3).
    package let condition: StreamError.Condition
    /// What was found, where, and what to write instead, as one sentence without a full stop.
    package let reason: String
    /// The place in bytes from the first byte of the connection, counted from 0.
    package let streamOffset: Int
}

extension StreamParserError: CustomStringConvertible {
    package var description: String {
        "\(condition.rawValue): \(reason)"
    }
}
