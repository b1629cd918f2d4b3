package import CloudMessaging
internal import DequeModule
internal import OrderedCollections

extension DeviceMachine {
    /// The app asks for a token that is good for these senders, besides those it has already.
    ///
    /// Answered by the action `registered`, at once or when the relay gives the token.
    /// - Returns: Why it can have none: more than 100 senders, or too many apps on the device.
    package mutating func register(
        _ category: Category, senders: [SenderID]
    ) -> UpstreamError? {
        guard let app = apps.findOrAdd(category), apps[app].want(senders)
        else { return .invalidParameters }
        if apps[app].isRegistered, let registration = apps[app].registration {
            actions.append(.registered(registration))
        } else {
            requestRegistration(app: app)
        }
        return nil
    }

    /// The relay's answer to `register`.
    package mutating func registered(_ registration: AppRegistration, now: Instant) {
        guard isOnline, let app = apps.index(of: registration.category),
            let asked = apps[app].asked
        else { return }
        apps[app].asked = nil
        registrationFailures = 0
        adopt(registration, app: app)
        giveUp(app: app, sendersMissingOf: asked, error: .invalidParameters, now: now)
        resume(app: app, now: now)
    }

    /// The relay's other answer to `register`.
    ///
    /// `serviceNotAvailable` means that it cannot store the registration now: the device asks
    /// again later. Every other error is final for the senders that were asked for.
    package mutating func registrationRefused(
        _ category: Category, _ refusal: AppRequest.Refusal, now: Instant
    ) {
        guard isOnline, let app = apps.index(of: category), let asked = apps[app].asked
        else { return }
        apps[app].asked = nil
        guard refusal.error != .serviceNotAvailable else {
            retryRegistrations(now: now)
            return
        }
        actions.append(.registrationRefused(category, refusal))
        giveUp(app: app, sendersMissingOf: asked, error: refusal.error, now: now)
        resume(app: app, now: now)
    }

    /// The app is removed from the device. The relay is not told: it learns of it when it delivers
    /// something (protocol sheet §5). What the app had handed over is not sent any more.
    package mutating func uninstall(_ category: Category, now: Instant) {
        guard let app = apps.index(of: category) else { return }
        if apps[app].mayBeRegistered { outbox.drop(category) }
        apps[app].uninstall()
        failMessages(of: app, through: lastNumber, now: now)
    }

    // MARK: Steps

    mutating func requestAllRegistrations() {
        for app in apps.indices {
            requestRegistration(app: app)
        }
    }

    /// Asks for the app's token, if it needs one and the relay can be asked.
    mutating func requestRegistration(app: Int) {
        guard isOnline, registrationRetry == nil, apps[app].asked == nil,
            !apps[app].isRegistered, !apps[app].isUnregistering, !apps[app].wanted.isEmpty
        else { return }
        let senders = Array(apps[app].wanted)
        apps[app].asked = senders
        if apps[app].registration == nil { keepWish(app: app) }
        actions.append(.register(apps[app].category, senders: senders))
    }

    /// Notes in the outbox that the app waits for a token: the next life asks for it, and takes what
    /// is delivered meanwhile. An app that it did not know it would refuse, and the relay would end
    /// the registration, with all that waits for the app.
    mutating func keepWish(app: Int) {
        outbox.keep(
            AppRegistration(
                awaitedBy: apps[app].category, senders: Array(apps[app].wanted)))
    }

    /// Keeps a durable message back until its app has its token.
    mutating func block(_ message: TrackedMessage) {
        tracked[message.message.number]?.place = .blocked
        apps[message.app].blocked.append(message.message.number)
        // The sender may have been given up since the message was taken: then the relay says no
        // once more, and the message gets its error.
        if let sender = UpstreamAddress.senderID(in: message.message.to) {
            _ = apps[message.app].want(CollectionOfOne(sender))
        }
        requestRegistration(app: message.app)
    }

    /// Puts what waited for the token back into the queue, at its place.
    mutating func unblock(app: Int) {
        let numbers = apps[app].blocked.elements
        guard !numbers.isEmpty else { return }
        apps[app].blocked = NumberQueue()
        for number in numbers {
            tracked[number]?.place = .waiting
        }
        waiting.merge(numbers)
    }

    /// Goes on after an answer: what still has no token is blocked and asked for again.
    private mutating func resume(app: Int, now: Instant) {
        requestRegistration(app: app)
        unblock(app: app)
        upload(now: now)
    }

    private mutating func retryRegistrations(now: Instant) {
        guard registrationRetry == nil else { return }
        registrationFailures += 1
        let delay = settings.reconnect.delay(afterAttempt: registrationFailures, using: &entropy)
        registrationRetry = now + delay
    }

    /// Gives up the senders that the app asked for in vain, with the messages to them; and those to
    /// a group, if the app gets no token at all.
    private mutating func giveUp(
        app: Int, sendersMissingOf asked: [SenderID], error: UpstreamError, now: Instant
    ) {
        let missing = apps[app].dropMissing(of: asked)
        guard !missing.isEmpty else { return }
        if !apps[app].mayBeRegistered { outbox.drop(apps[app].category) }
        for number in apps[app].blocked.elements {
            guard let message = tracked[number]?.message else { continue }
            let sender = UpstreamAddress.senderID(in: message.to)
            guard sender.map(missing.contains) ?? !apps[app].mayBeRegistered else { continue }
            apps[app].blocked.remove(number)
            fail(number, error, now: now)
        }
    }
}
