import CloudMessaging

/// What the log is told of the store's health.
///
/// Near the limit of a full disk small batches succeed and large ones fail, many times a second. That
/// is told once, and that it is over when it has been for a while.
struct StoreHealth: Hashable {
    private enum State: Hashable {
        /// Since a recovery, if it ever failed.
        case works(since: Instant?)
        case fails
        case isUnsteady(lastFailure: Instant, lastSuccess: Instant)
    }

    /// How long the store has to do one and the same before that is believed.
    private static let patience = Duration.seconds(10)

    private var state = State.works(since: nil)

    /// When `worked(now:)` is due if nothing fails before.
    var nextDeadline: Instant {
        switch state {
        case .works, .fails: .never
        case .isUnsteady(let lastFailure, _): lastFailure + Self.patience
        }
    }

    /// The store did not do as asked; nil: nothing new.
    mutating func failed(_ failure: StoreFailure, now: Instant) -> RelayNote? {
        switch state {
        case .works(let since?) where now < since + Self.patience:
            state = .isUnsteady(lastFailure: now, lastSuccess: now)
            return .storeUnsteady(failure)
        case .works:
            state = .fails
            return .storeFailed(failure)
        case .fails:
            return nil
        case .isUnsteady(_, let lastSuccess):
            guard lastSuccess + Self.patience <= now else {
                state = .isUnsteady(lastFailure: now, lastSuccess: lastSuccess)
                return nil
            }
            state = .fails
            return .storeFailed(failure)
        }
    }

    /// The store did as asked; nil: nothing new.
    mutating func worked(now: Instant) -> RelayNote? {
        switch state {
        case .works:
            return nil
        case .fails:
            state = .works(since: now)
            return .storeRecovered
        case .isUnsteady(let lastFailure, _):
            guard lastFailure + Self.patience <= now else {
                state = .isUnsteady(lastFailure: lastFailure, lastSuccess: now)
                return nil
            }
            state = .works(since: now)
            return .storeRecovered
        }
    }
}
