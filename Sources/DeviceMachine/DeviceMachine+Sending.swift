package import CloudMessaging

extension DeviceMachine {
    /// A number as message ID, for an app that names none.
    package mutating func nextMessageID(now: Instant) -> MessageID {
        let id = counter.next()
        outbox.count(counter.last, by: now + settings.removalDelay)
        return id
    }

    /// An app hands over a message.
    package mutating func send(_ request: SendRequest, now: Instant) -> SendOutcome {
        do throws(UpstreamError) {
            return .taken(number: try take(request, now: now))
        } catch {
            return .refused(error)
        }
    }

    private mutating func take(
        _ request: SendRequest, now: Instant
    ) throws(UpstreamError) -> Int64 {
        guard !isShutDown else { throw .serviceNotAvailable }
        var request = request
        if settings.stripsReservedKeys { request.data = request.data.withoutReservedKeys }
        let valid = try request.validated(timeToLiveCap: settings.timeToLiveCap)
        guard let app = sendingApp(request.category, to: valid.sender)
        else { throw .invalidParameters }
        guard valid.timeToLive == 0 || hasRoom(app: app) else { throw .tooManyMessages }
        if let sender = valid.sender, !apps[app].wanted.contains(sender) {
            _ = apps[app].want(CollectionOfOne(sender))
            requestRegistration(app: app)
        }
        // TTL 0: now or never. It may overtake what waits for the outbox.
        guard valid.timeToLive > 0 || canUpload(app: app) else { throw .serviceNotAvailable }
        lastNumber += 1
        let message = PendingMessage(
            number: lastNumber, category: request.category, to: valid.to, id: valid.id,
            uploadID: nextUploadID(), data: request.data, timeToLive: valid.timeToLive,
            expiry: now + .seconds(valid.timeToLive))
        if valid.timeToLive > 0 {
            store(TrackedMessage(message: message, app: app, place: .storing))
        } else {
            actions.append(.accepted(message.reference))
            transmit(TrackedMessage(message: message, app: app, place: .onWire), now: now)
        }
        return message.number
    }

    /// The index of an app that may send to this sender or, without one, to a device group; nil: it
    /// may not, as there are too many apps or senders, or as it can be in no group.
    private mutating func sendingApp(_ category: Category, to sender: SenderID?) -> Int? {
        guard let sender else {
            return apps.index(of: category).flatMap { apps[$0].mayBeRegistered ? $0 : nil }
        }
        return apps.findOrAdd(category).flatMap { apps[$0].canWant(sender) ? $0 : nil }
    }

    private func hasRoom(app: Int) -> Bool {
        settings.pendingLimit.map { apps[app].pendingCount < $0 } ?? true
    }

    private mutating func store(_ message: TrackedMessage) {
        tracked[message.message.number] = message
        apps[message.app].pendingCount += 1
        outbox.add(message.message)
    }

    /// 90 random bits: the relay remembers uploads beyond the life that made them.
    private mutating func nextUploadID() -> UploadID {
        guard let id = UploadID(entropy.nextBase64URL(count: 15)) else {
            preconditionFailure("base64url characters are an upload ID")
        }
        return id
    }

    // MARK: Uploading

    private func canUpload(app: Int) -> Bool {
        isOnline && window.hasRoom && apps[app].isRegistered
    }

    /// Writes what waits, in order, as far as the window has room.
    mutating func upload(now: Instant) {
        while isOnline, window.hasRoom, let number = waiting.popFirst() {
            guard let message = tracked[number] else {
                preconditionFailure("message \(number) waits and is not known")
            }
            if message.message.expiry <= now {
                fail(number, .serviceNotAvailable, now: now)
            } else if apps[message.app].isRegistered {
                transmit(message, now: now)
            } else if apps[message.app].isUninstalled {
                // It was on the wire, or on its way to the outbox, when its app went.
                fail(number, .invalidParameters, now: now)
            } else {
                block(message)
            }
        }
    }

    /// Writes a message with what is left of its time to live, rounded up: 0 stays for those that
    /// asked for 0.
    private mutating func transmit(_ message: TrackedMessage, now: Instant) {
        var message = message
        message.place = .onWire
        let number = message.message.number
        tracked[number] = message
        window.append(number: number, id: message.message.uploadID)
        let left = message.isStored ? now.duration(to: message.message.expiry) : .zero
        actions.append(.upload(message.message, timeToLive: left.secondsRoundedUp))
    }

    /// The link is gone: its unanswered uploads go up again on the next one, unless it is too
    /// late for them. The app hears of it only then.
    mutating func takeBackUploads(now: Instant) {
        var again: [Int64] = []
        for number in window.reset() {
            guard let message = tracked[number] else { continue }
            if message.isStored, message.message.expiry > now {
                tracked[number]?.place = .waiting
                again.append(number)
            } else {
                fail(number, .serviceNotAvailable, now: now)
            }
        }
        again.sort()
        waiting.merge(.init(again))
    }
}
