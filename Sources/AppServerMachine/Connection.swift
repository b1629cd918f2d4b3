import CloudMessaging

/// A connection of an app server, or the attempt to open one.
struct Connection: Sendable {
    enum State: Sendable {
        case opening
        case bound(since: Instant)
        /// The relay will close it; what arrived here is still to be ACKed here.
        case draining
    }

    /// The place that it was opened for.
    let slot: Int
    var state = State.opening
    /// What the application may ACK here.
    var unanswered = UnansweredDeliveries()
    /// What the relay has not answered yet here.
    var requests = UnansweredRequests()

    /// Whether requests may be written here.
    var takesRequests: Bool {
        switch state {
        case .opening, .draining: false
        case .bound: true
        }
    }

    /// Whether messages come here.
    var carriesMessages: Bool {
        switch state {
        case .opening: false
        case .bound, .draining: true
        }
    }
}
