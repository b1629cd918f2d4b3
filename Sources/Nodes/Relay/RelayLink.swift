import CloudMessaging

/// A connection as the round's end sees it.
protocol RelayLink: AnyObject {
    var isUnflushed: Bool { get set }
    /// Writes the session's output, and hangs up if the session has ended.
    func flush(now: Instant)
}
