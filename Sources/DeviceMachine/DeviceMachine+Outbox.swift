package import CloudMessaging
internal import DequeModule

extension DeviceMachine {
    /// The next changes to make durable; nil: none now, or a batch is under way.
    package mutating func takeOutboxBatch() -> OutboxBatch? {
        outbox.takeBatch()
    }

    /// The batch that was taken is durable.
    package mutating func outboxCommitted(now: Instant) {
        guard let batch = outbox.committed() else { return }
        for message in batch.added {
            accept(message, now: now)
        }
        for _ in batch.sent {
            guard let message = answered.popFirst() else {
                preconditionFailure("the outbox marks what was answered, in that order")
            }
            tellLater(message.message.reference, app: message.app, isStored: true, now: now)
        }
        if let stored = batch.newIdentity, stored == identity {
            identityIsDurable = true
            if link == .storingIdentity { authenticate() }
        }
        upload(now: now)
    }

    /// The batch that was taken was not stored, or nobody knows.
    ///
    /// Its new messages are refused: the app hears it while it can still do something about it.
    /// Everything else is tried again.
    package mutating func outboxFailed(_ failure: StoreFailure, now: Instant) {
        guard let batch = outbox.failed(failure, retryAt: now + settings.outboxRetry)
        else { return }
        for message in batch.added {
            guard let tracked = forget(message.number) else { continue }
            tellError(
                message.reference, .serviceNotAvailable, app: tracked.app, isStored: false,
                now: now)
        }
    }

    /// The device ends. It closes its link and tells what it knows; the driver carries out the
    /// actions and gives batches to the outbox until there are none. What is pending stays in
    /// the outbox for the next life.
    package mutating func shutDown(now: Instant) {
        guard !isShutDown else { return }
        goOffline(now: now)
        isShutDown = true
        outbox.isClosing = true
        tellAll(now: now)
    }

    // MARK: Messages of the outbox

    private mutating func accept(_ message: PendingMessage, now: Instant) {
        guard tracked[message.number] != nil else { return }
        actions.append(.accepted(message.reference))
        guard message.expiry > now else {
            fail(message.number, .serviceNotAvailable, now: now)
            return
        }
        tracked[message.number]?.place = .waiting
        waiting.append(message.number)
        expiries.insert(message.number, expiry: message.expiry)
    }

    /// Takes up a message of the last life where it stood.
    mutating func restore(_ message: PendingMessage, now: Instant) {
        lastNumber = max(lastNumber, message.number)
        let app = apps.restore(message.category)
        switch message.state {
        case .sent:
            tellLater(message.reference, app: app, isStored: true, now: now)
        case .pending where message.expiry <= now:
            tellError(message.reference, .serviceNotAvailable, app: app, isStored: true, now: now)
        case .pending:
            tracked[message.number] = TrackedMessage(message: message, app: app, place: .waiting)
            apps[app].pendingCount += 1
            waiting.append(message.number)
            expiries.insert(message.number, expiry: message.expiry)
            if let sender = UpstreamAddress.senderID(in: message.to) {
                _ = apps[app].want(CollectionOfOne(sender))
            }
        }
    }
}
