package import CloudMessaging

extension RelayMachine {
    /// A device sent a message up.
    ///
    /// It is answered by `taken` once it is on disk, and only then forwarded (design decision 6).
    package mutating func uploaded(
        _ upload: Upload, ticket: Ticket, on stream: DeviceStreamID, now: Instant
    ) {
        guard let index = streams.index(forKey: stream) else { return }
        guard !streams.values[index].isClosing, case .bound(let slot) = streams.values[index].state
        else { return }
        guard streams.values[index].unanswered < Limits.unansweredUploads else {
            streams.values[index].isClosing = true
            return effects.actions.append(.closeStream(stream, .tooManyUploads))
        }
        do throws(UploadRefusal) {
            let place = StreamTicket(stream: stream, ticket: ticket)
            if UpstreamAddress.mayBeKey(upload.to) {
                let registration = try registration(of: upload, slot)
                try check(upload)
                if let known = devices[slot].uploads[upload.id] {
                    return answerDuplicate(known, place)
                }
                return uploadedToGroup(upload, from: registration, place, now: now)
            }
            let route = try route(of: upload, slot)
            try check(upload)
            if let known = devices[slot].uploads[upload.id] {
                return answerDuplicate(known, place)
            }
            let message = message(from: upload, route: route, now: now)
            effects.tell(
                .made(
                    message.key.sequence, of: .upload(ticket, on: stream),
                    sender: route.lane.sender))
            if message.timeToLive == 0 {
                deliverOrDrop(message, place, now: now)
            } else {
                streams.values[index].unanswered += 1
                store(message, upload.id, slot, place)
            }
        } catch {
            uploadRefused(error, of: upload, ticket: ticket, on: stream)
        }
    }

    /// An upload cannot become a message: the device is told why.
    ///
    /// - Parameter upload: nil: what came cannot be read as one.
    package mutating func uploadRefused(
        _ refusal: UploadRefusal, of upload: Upload? = nil, ticket: Ticket,
        on stream: DeviceStreamID
    ) {
        effects.counters.refused += 1
        effects.actions.append(.refuse(ticket, refusal.id, refusal.error, on: stream))
        effects.note(.refusedUpload(upload, ticket, refusal, on: stream))
    }

    // MARK: Validity, judged before the duplicate check

    /// Where the upload goes, by the relay's own record of the device's apps.
    private mutating func route(
        of upload: Upload, _ slot: DeviceSlot
    ) throws(UploadRefusal) -> Route {
        if let route = devices[slot].routes.first(where: { route in
            route.registration.category == upload.category && route.to.hasSameBytes(as: upload.to)
        }) {
            try checkClaim(upload, route.registration)
            return route
        }
        let registration = try registration(of: upload, slot)
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
        if devices[slot].routes.count == Device.rememberedRoutes {
            devices[slot].routes.removeFirst()
        }
        devices[slot].routes.append(route)
        return route
    }

    private func registration(
        of upload: Upload, _ slot: DeviceSlot
    ) throws(UploadRefusal) -> Registration {
        guard
            let registration = devices[slot].registrations.first(where: {
                $0.category == upload.category
            })
        else {
            throw UploadRefusal(
                id: upload.id, .invalidParameters,
                "the app \(upload.category) is not registered on device \(devices[slot].id)")
        }
        try checkClaim(upload, registration)
        return registration
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

    /// The upload is known: it only needs its answer.
    mutating func answerDuplicate(_ known: UploadMemory.Known, _ place: StreamTicket) {
        effects.counters.duplicates += 1
        switch known {
        case .stored:
            effects.actions.append(.taken(place.ticket, count: 1, on: place.stream))
        case .pending(let batch):
            streams[place.stream]?.unanswered += 1
            pipeline.answer(place, withBatch: batch)
        }
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
        _ message: UpstreamMessage, _ id: UploadID, _ slot: DeviceSlot, _ place: StreamTicket
    ) {
        devices[slot].uploads.begin(id, batch: pipeline.next.number)
        pipeline.next.batch.messages.append(message)
        pipeline.next.uploads.append(UploadOrigin(slot: slot, ticket: place))
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
            effects.tell(.upstream(message, .expired))
        }
        effects.actions.append(.taken(place.ticket, count: 1, on: place.stream))
    }
}
