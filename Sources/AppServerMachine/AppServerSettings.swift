package import CloudMessaging

/// What may be set of an app server's behaviour; the defaults are those of the contract.
package struct AppServerSettings: Hashable, Sendable {
    /// Connections that it holds at the same time, at least 1.
    package var connections = 1
    package var acknowledgedBy = Acknowledger.policy(.always)
    /// Waiting time after an attempt that did not come up.
    package var reconnect = RetrySchedule(
        first: .milliseconds(500), factor: 2, longest: .seconds(30), jitter: 0.2)
    /// What takes the place of a connection that was bound and ended.
    package var replacement = Replacement.atOnce
    /// A connection that ends sooner after its login was brief. The first brief one is replaced at
    /// once like any other, those that follow it wait as failed attempts do: a relay that ends, or
    /// has too many connections of the sender, would otherwise be dialled without a pause.
    package var briefConnection = Duration.seconds(1)
    /// Pairs of token and message ID whose deliveries are counted; the one that was not seen for
    /// the longest time is forgotten first.
    package var rememberedPairs = 100_000
    /// Deliveries on one connection that the application may still ACK. A relay that keeps its
    /// window never gets there; what comes beyond cannot be ACKed and will come again.
    package var unansweredPerConnection = 10_000
    /// Requests on one connection that wait for their answer or for another try (documentation).
    package var requestsPerConnection = 100
    /// Requests that wait for a connection with room; one more fails at once.
    package var waitingRequests = 10_000
    /// How long a request waits for its answer, its turn and all tries included.
    package var requestTimeout = Duration.seconds(30)
    /// How often a request is written that the relay refuses for the time being.
    package var requestTries = 3
    /// Waiting time after each of these refusals (documentation: from 1 s, exponential, jitter).
    package var requestRetry = RetrySchedule(
        first: .seconds(1), factor: 2, longest: .seconds(60), jitter: 0.2)

    package init() {}

    /// When a connection is opened in the place of another.
    package enum Replacement: Hashable, Sendable {
        /// At once after a good login, as the documentation allows (protocol sheet §1.8).
        case atOnce
        /// So long after the end: reports name fixed pauses (R7).
        case after(Duration)
        /// Not at all: reports name clients that never come back (R7).
        case never
    }
}
