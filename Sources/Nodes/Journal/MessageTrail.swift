/// The last events of each message of a relay, so that the next one can name its cause.
///
/// Messages are numbered one after the other. So a message has its place by the last digits of its
/// number and takes that of the message long before it, whose later events then have no cause:
/// bounded, and nothing is hashed or allocated for a stanza.
struct MessageTrail {
    struct Steps {
        var message: Int64 = 0
        /// What happened last to it, or what it was made of.
        var latest: UInt64?
        /// The stanza of the latest attempt, and the connection that carried it.
        var attempt: UInt64?
        var connection = 0
        /// The timer of the latest attempt.
        var timer: UInt64?
    }

    /// Messages that are remembered, a power of two.
    static let limit = 1 << 13

    private var steps = ContiguousArray(repeating: Steps(), count: Self.limit)

    subscript(message: Int64) -> Steps {
        get {
            let steps = steps[Self.place(of: message)]
            return steps.message == message ? steps : Steps(message: message)
        }
        _modify {
            let place = Self.place(of: message)
            if steps[place].message != message { steps[place] = Steps(message: message) }
            yield &steps[place]
        }
    }

    mutating func noteAttempt(of message: Int64, _ event: UInt64, on connection: Int) {
        steps[Self.place(of: message)] = Steps(
            message: message, latest: event, attempt: event, connection: connection)
    }

    private static func place(of message: Int64) -> Int { Int(message) & (limit - 1) }
}
