package import CloudMessaging

extension RelayMachine {
    /// A device sent a message up.
    ///
    /// It is answered by `taken` once it is on disk, and only then forwarded (design decision 6).
    package mutating func uploaded(
        _ upload: Upload, ticket: Ticket, on stream: DeviceStreamID, now: Instant
    ) {
        guard let state = streams[stream], !state.isClosing, case .bound(let id) = state.state,
            devices[id] != nil
        else { return }
        guard state.unanswered < Limits.unansweredUploads else {
            streams[stream]?.isClosing = true
            return effects.actions.append(.closeStream(stream, .tooManyUploads))
        }
        do throws(UploadRefusal) {
            let route = try route(of: upload, device: id)
            try check(upload)
            let place = StreamTicket(stream: stream, ticket: ticket)
            guard !answerAsDuplicate(upload.id, device: id, place) else { return }
            let message = message(from: upload, route: route, now: now)
            if message.timeToLive == 0 {
                deliverOrDrop(message, place, now: now)
            } else {
                store(message, upload.id, device: id, place)
            }
        } catch {
            uploadRefused(error, ticket: ticket, on: stream)
        }
    }

    /// An upload cannot become a message: the device is told why.
    package mutating func uploadRefused(
        _ refusal: UploadRefusal, ticket: Ticket, on stream: DeviceStreamID
    ) {
        effects.counters.refused += 1
        effects.actions.append(.refuse(ticket, refusal.id, refusal.error, on: stream))
        effects.note(.refusedUpload(refusal.id, refusal.error, refusal.reason, on: stream))
    }

    // MARK: Validity, judged before the duplicate check

    /// Where the upload goes, by the relay's own record of the device's apps.
    private mutating func route(
        of upload: Upload, device id: DeviceID
    ) throws(UploadRefusal) -> Route {
        if let route = devices[id]?.routes.first(where: { route in
            route.registration.category == upload.category && route.to.hasSameBytes(as: upload.to)
        }) {
            try checkClaim(upload, route.registration)
            return route
        }
        guard
            let registration = devices[id]?.registrations.first(where: {
                $0.category == upload.category
            })
        else {
            throw UploadRefusal(
                id: upload.id, .invalidParameters,
                "the app \(upload.category) is not registered on device \(id)")
        }
        try checkClaim(upload, registration)
        guard let sender = UpstreamAddress.senderID(in: upload.to),
            registration.senders.contains(sender)
        else {
            throw UploadRefusal(
                id: upload.id, .invalidParameters,
                "\"\(upload.to)\" is not the address of a sender that \(upload.category) is "
                    + "registered with; an address is SENDER_ID@gcm.googleapis.com")
        }
        let lane = LaneID(
            sender: senderNumber(of: sender), index: LaneHash.lane(of: registration.token))
        let route = Route(registration: registration, to: upload.to, lane: lane)
        if devices[id]?.routes.count == Device.rememberedRoutes {
            devices[id]?.routes.removeFirst()
        }
        devices[id]?.routes.append(route)
        return route
    }

    private func checkClaim(
        _ upload: Upload, _ registration: Registration
    ) throws(UploadRefusal) {
        guard let claimed = upload.claimedToken, claimed != registration.token else { return }
        throw UploadRefusal(
            id: upload.id, .invalidParameters, "the upload claims a token of somebody else")
    }

    private func check(_ upload: Upload) throws(UploadRefusal) {
        if upload.payloadSize > Limits.payloadBytes {
            throw UploadRefusal(
                id: upload.id, .messageTooBig,
                "keys and values of data have \(upload.payloadSize) bytes, "
                    + "at most \(Limits.payloadBytes) are allowed")
        }
        if let timeToLive = upload.timeToLive, timeToLive < 0 {
            throw UploadRefusal(
                id: upload.id, .invalidParameters, "time_to_live \(timeToLive) is negative")
        }
    }

    // MARK: What becomes of it

    /// Whether the upload is known: then it only needs its answer.
    private mutating func answerAsDuplicate(
        _ id: UploadID, device: DeviceID, _ place: StreamTicket
    ) -> Bool {
        switch devices[device]?.uploads[id] {
        case nil:
            return false
        case .stored:
            effects.actions.append(.taken(place.ticket, on: place.stream))
        case .pending(let batch):
            streams[place.stream]?.unanswered += 1
            pipeline.answer(place, withBatch: batch)
        }
        effects.counters.duplicates += 1
        return true
    }

    private mutating func message(
        from upload: Upload, route: Route, now: Instant
    ) -> UpstreamMessage {
        let cap = settings.timeToLiveCap
        let timeToLive = min(upload.timeToLive ?? cap, cap)
        return UpstreamMessage(
            key: nextKey(in: route.lane), origin: route.registration, id: upload.messageID,
            data: upload.data, timeToLive: timeToLive, expiry: now + .seconds(timeToLive))
    }

    private mutating func store(
        _ message: UpstreamMessage, _ id: UploadID, device: DeviceID, _ place: StreamTicket
    ) {
        streams[place.stream]?.unanswered += 1
        devices[device]?.uploads.begin(id, batch: pipeline.next.number)
        pipeline.next.batch.messages.append(message)
        pipeline.next.uploads.append(UploadOrigin(device: device, ticket: place))
        if pipeline.waitingUploads >= Limits.uploadsAwaitingStore, !uploadsArePaused {
            uploadsArePaused = true
            effects.actions.append(.pauseUploads)
        }
    }

    /// TTL 0: delivered now to a connection with a free slot, or dropped (design decision 13).
    private mutating func deliverOrDrop(
        _ message: UpstreamMessage, _ place: StreamTicket, now: Instant
    ) {
        effects.counters.accepted += 1
        let sender = Int(message.key.lane.sender.rawValue)
        if senders[sender].sendNow(message, now: now, &effects) {
            effects.counters.live += 1
        } else {
            effects.counters.expired += 1
        }
        effects.actions.append(.taken(place.ticket, on: place.stream))
    }
}
