package import CloudMessaging

extension DeviceMachine {
    /// The device is to be online from now on: it connects, and after a loss connects again.
    package mutating func goOnline(now: Instant) {
        guard !isShutDown, !wantsLink else { return }
        wantsLink = true
        failures = 0
        connect()
    }

    /// The device is to be offline; what is pending stays pending.
    package mutating func goOffline(now: Instant) {
        guard wantsLink else { return }
        wantsLink = false
        closeLink(.unwanted, now: now)
        link = .offline
    }

    /// The link that `connect` asked for is there.
    package mutating func linkOpened() {
        guard link == .connecting else { return }
        switch identity {
        case nil:
            link = .checkingIn
            actions.append(.checkIn)
        case .some where !identityIsDurable:
            link = .storingIdentity
        case .some:
            authenticate()
        }
    }

    /// The relay's answer to `checkIn`.
    package mutating func checkedIn(_ identity: DeviceIdentity) {
        guard link == .checkingIn else { return }
        self.identity = identity
        identityIsDurable = false
        outbox.adopt(identity)
        link = .storingIdentity
    }

    /// The relay refuses the identity: its store was wiped. The device checks in and registers
    /// anew on the next link, and keeps its pending messages.
    package mutating func identityUnknown(now: Instant) {
        guard link == .authenticating || link == .online else { return }
        identity = nil
        identityIsDurable = false
        for app in apps.indices {
            apps[app].voidRegistration()
        }
        closeLink(.identityUnknown, now: now)
        backOff(now: now)
    }

    /// The stream is open, its answers count from 0: all that is unanswered goes up again.
    package mutating func linkReady(now: Instant) {
        guard link == .authenticating else { return }
        link = .online
        onlineSince = now
        actions.append(.online)
        requestAllRegistrations()
        upload(now: now)
    }

    /// The link could not be opened, or has ended without being asked to.
    ///
    /// After a good link the device tries again at once (protocol sheet §1.8); otherwise, and when
    /// it was replaced by its own second login, it waits longer from time to time. So it does after
    /// the second good link in a row that broke soon without an answer: something that makes the
    /// relay close must not make the two of them spin.
    package mutating func linkLost(_ loss: LinkLoss, now: Instant) {
        guard hasLink else { return }
        let wasOnline = isOnline
        let wasUseful = window.covered > 0 || onlineSince + settings.reconnect.first <= now
        leaveLink(now: now)
        if wasOnline && loss == .dropped {
            uselessLinks = wasUseful ? 0 : uselessLinks + 1
            failures = max(uselessLinks - 2, 0)
        } else if wasOnline && onlineSince + settings.reconnect.longest <= now {
            failures = 0
        }
        if wasOnline && loss == .dropped && uselessLinks < 2 {
            connect()
        } else {
            backOff(now: now)
        }
    }

    // MARK: Steps

    mutating func connect() {
        link = .connecting
        actions.append(.connect)
    }

    mutating func authenticate() {
        guard let identity else { preconditionFailure("a device logs in with an identity") }
        link = .authenticating
        actions.append(.authenticate(identity))
    }

    mutating func backOff(now: Instant) {
        failures += 1
        let delay = settings.reconnect.delay(afterAttempt: failures, using: &entropy)
        link = .waiting(until: now + delay)
    }

    mutating func closeLink(_ reason: DisconnectReason, now: Instant) {
        guard hasLink else { return }
        actions.append(.disconnect(reason))
        leaveLink(now: now)
    }

    private var hasLink: Bool {
        switch link {
        case .offline, .waiting: false
        case .connecting, .checkingIn, .storingIdentity, .authenticating, .online: true
        }
    }

    /// Takes back what the link carried and did not answer.
    private mutating func leaveLink(now: Instant) {
        if isOnline { actions.append(.offline) }
        link = .offline
        registrationRetry = nil
        failOpenRequests()
        for app in apps.indices {
            apps[app].asked = nil
            unblock(app: app)
        }
        takeBackUploads(now: now)
    }
}
