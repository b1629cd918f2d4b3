import CloudMessaging
import DequeModule

/// One bound connection of an app server, as its sender's queue sees it.
struct AppServerConnection: Hashable {
    enum State: Hashable {
        case open
        /// Gets nothing new; is closed when nothing is in flight or the grace time is over.
        case draining(until: Instant)
    }

    let id: ConnectionID
    let boundAt: Instant
    /// When the app server sent something last; watched only with an idle time-out.
    var lastHeard: Instant
    var state = State.open
    /// Whether the transport takes more bytes.
    var isWritable = true
    /// Since when the relay itself has stopped reading the connection.
    var readingPausedSince: Instant?
    var window: Window
    /// Requests that wait for their answer.
    var unansweredRequests = 0
    var recentAnswers = RecentAnswers()
    /// Lanes that wait for a slot here, one bit each.
    var blockedLanes: UInt16 = 0
    /// The lane that was served last, so that blocked lanes take turns.
    var lastServedLane = 0
    /// Credits of settled and expired messages without a slot, oldest first; may name credits that
    /// are used up.
    var leftovers: Deque<LeftoverName> = []
    var leftoverCount = 0
    /// Told to close; only waits for the driver to confirm.
    var isClosing = false

    init(id: ConnectionID, windowLimit: Int, boundAt: Instant) {
        self.id = id
        self.boundAt = boundAt
        lastHeard = boundAt
        window = Window(limit: windowLimit)
    }

    /// Whether neither side owes the other an answer.
    var isIdle: Bool { window.count == 0 && unansweredRequests == 0 }

    /// Whether a message may be sent here now.
    var takesMessages: Bool { state == .open && isWritable && !window.isFull && !isClosing }
}

/// Which left-over credit is meant.
struct LeftoverName: Hashable {
    let pair: MessagePair
    let key: MessageKey
}
