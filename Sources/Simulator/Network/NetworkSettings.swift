/// How bytes travel between a member of the cast and the relay.
package struct NetworkSettings: Sendable, Hashable {
    /// How long bytes are under way.
    package var latency = Duration.milliseconds(1)
    /// By how much longer they may be, drawn for each write; they never overtake each other.
    package var jitter = Duration.zero
    /// The most bytes that one read gives, the size drawn anew each time; nil: all that came.
    package var fragment: Int?
    /// How long bytes are gathered before they are read together.
    package var coalesce = Duration.zero

    package init() {}

    /// A peer that acknowledges nothing for so long is given up (`TCP_USER_TIMEOUT`).
    static let userTimeout = Duration.seconds(30)
    /// A peer of which nothing was heard for so long is asked whether it is there (`SO_KEEPALIVE`, as
    /// Linux has it).
    static let keepAlive = Duration.seconds(7_200)
    /// How long an attempt to connect waits for an answer.
    static let connectTimeout = Duration.seconds(10)
    /// How long one that closed waits for its peer to close, too.
    static let lingerTimeout = Duration.seconds(2)
    /// Unsent output above which a connection takes nothing new, and below which it does again.
    static let waterMark = (low: 64 * 1_024, high: 256 * 1_024)
    /// What the two kernels keep between them of bytes that nobody reads.
    static let socketBuffers = 256 * 1_024
}
