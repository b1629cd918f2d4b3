package import CloudMessaging

extension DeviceMachine {
    /// The relay's cumulative answer: the first `count` uploads written on this link are taken,
    /// those excepted that it refused one by one.
    package mutating func taken(count: Int, now: Instant) {
        guard isOnline else { return }
        guard count <= window.written else {
            closeLink(.answeredTooMany, now: now)
            backOff(now: now)
            return
        }
        while window.covered < count {
            if let number = window.coverNext() { finish(number, now: now) }
        }
        upload(now: now)
    }

    /// The relay refuses an upload of this link; the cumulative answer counts it, too.
    package mutating func refused(_ id: UploadID, _ error: UpstreamError, now: Instant) {
        guard isOnline, let number = window.refuse(id) else { return }
        fail(number, error, now: now)
    }

    // MARK: Final outcomes

    /// The relay took the message: its slot is free now, its app is told when that is durable.
    private mutating func finish(_ number: Int64, now: Instant) {
        guard let message = forget(number) else { return }
        if message.isStored {
            outbox.markSent(number)
            answered.append(message)
        } else {
            tellLater(message.message.reference, app: message.app, isStored: false, now: now)
        }
    }

    /// The message will not travel: its app is told, and the outbox forgets it.
    mutating func fail(_ number: Int64, _ error: UpstreamError, now: Instant) {
        guard let message = forget(number) else { return }
        tellError(
            message.message.reference, error, app: message.app, isStored: message.isStored, now: now
        )
    }

    /// Frees the slot of a message; the queue that holds its number is the caller's.
    mutating func forget(_ number: Int64) -> TrackedMessage? {
        guard let message = tracked.removeValue(forKey: number) else { return nil }
        if message.isStored {
            apps[message.app].pendingCount -= 1
            if message.place != .storing {
                expiries.cancel(number, expiry: message.message.expiry)
            }
        }
        return message
    }

    // MARK: Telling what was sent

    /// Tells the app in a batch: when enough have gathered, or when the first has waited enough.
    mutating func tellLater(
        _ reference: MessageReference, app: Int, isStored: Bool, now: Instant
    ) {
        beginBatch(of: app, now: now)
        apps[app].untold.append(reference)
        if isStored { apps[app].untoldStored.append(reference.number) }
        tellIfFull(app: app, now: now)
    }

    /// Tells the app at once, or with the next batch, that a message failed; the outbox forgets it
    /// when the app is told, so that no crash comes between.
    mutating func tellError(
        _ reference: MessageReference, _ error: UpstreamError, app: Int, isStored: Bool,
        now: Instant
    ) {
        guard settings.batchesErrors else {
            actions.append(.sendError(reference, error))
            if isStored { outbox.remove(reference.number, by: now + settings.removalDelay) }
            return
        }
        beginBatch(of: app, now: now)
        apps[app].untoldErrors.append((reference, error))
        if isStored { apps[app].untoldStored.append(reference.number) }
        tellIfFull(app: app, now: now)
    }

    private mutating func beginBatch(of app: Int, now: Instant) {
        guard !apps[app].hasUntold else { return }
        apps[app].tellDue = now + settings.sentDelay
        tellQueue.append(app)
    }

    private mutating func tellIfFull(app: Int, now: Instant) {
        let count = apps[app].untold.count + apps[app].untoldErrors.count
        if isShutDown || count >= settings.sentBatch { tell(app: app, now: now) }
    }

    mutating func tellDue(now: Instant) {
        while let app = tellQueue.first, apps[app].tellDue <= now {
            tell(app: app, now: now)
        }
    }

    mutating func tellAll(now: Instant) {
        while let app = tellQueue.first {
            tell(app: app, now: now)
        }
    }

    private mutating func tell(app: Int, now: Instant) {
        tellQueue.removeAll { $0 == app }
        if !apps[app].untold.isEmpty { actions.append(.sent(apps[app].untold)) }
        for (reference, error) in apps[app].untoldErrors {
            actions.append(.sendError(reference, error))
        }
        for number in apps[app].untoldStored {
            outbox.remove(number, by: now + settings.removalDelay)
        }
        apps[app].untold = []
        apps[app].untoldStored = []
        apps[app].untoldErrors = []
    }
}
