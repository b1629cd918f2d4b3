/// What can happen next in a small world.
package enum SmallWorldMove: Hashable, Sendable {
    /// The phone sends its next message.
    case upload
    /// The phone loses its stream and comes back; whatever it has sent it sends again, in order, as
    /// if every answer had been lost.
    case uploadAgain
    /// The app server opens its first or second connection.
    case connect(Int)
    case lose(Int)
    /// The app server ACKs a message that it has seen, wherever and how often: on the connection
    /// that carried it or on the other one, once or again.
    case acknowledge(message: Int, on: Int)
    /// Nothing happens until the relay's next deadline.
    case timer
    /// The transaction under way is durable.
    case commit
    /// The relay is told so.
    case answer
    case crash
    case restart
}

extension SmallWorldMove: CustomStringConvertible {
    package var description: String {
        switch self {
        case .upload: "upload"
        case .uploadAgain: "upload all again"
        case .connect(let slot): "connect \(Self.names[slot])"
        case .lose(let slot): "lose \(Self.names[slot])"
        case .acknowledge(let message, let slot): "ACK \(message + 1) on \(Self.names[slot])"
        case .timer: "timer"
        case .commit: "commit"
        case .answer: "answer"
        case .crash: "crash"
        case .restart: "restart"
        }
    }

    private static let names = ["A", "B"]
}
