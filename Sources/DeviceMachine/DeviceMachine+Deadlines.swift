package import CloudMessaging

extension DeviceMachine {
    /// When `deadlineReached` is to be called; nil: nothing waits for a time.
    package var nextDeadline: Instant? {
        var next = Instant.never
        if case .waiting(let until) = link { next = until }
        if let expiry = expiries.first { next = min(next, expiry) }
        if let app = tellQueue.first { next = min(next, apps[app].tellDue) }
        if let retry = registrationRetry { next = min(next, retry) }
        if let due = outbox.deadline { next = min(next, due) }
        return next < .never ? next : nil
    }

    /// The time of `nextDeadline` has come; harmless when it has not.
    package mutating func deadlineReached(now: Instant) {
        guard let nextDeadline, nextDeadline <= now else { return }
        expireDue(now: now)
        tellDue(now: now)
        outbox.deadlineReached(now)
        if let retry = registrationRetry, retry <= now {
            registrationRetry = nil
            requestAllRegistrations()
        }
        if case .waiting(let until) = link, until <= now { connect() }
    }
}
