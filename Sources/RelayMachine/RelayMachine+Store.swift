package import CloudMessaging

extension RelayMachine {
    /// The earliest time between two sweeps for expired messages.
    private static let expirySpacing = Duration.milliseconds(250)

    /// The next batch for the store, if one is due; to be called at the end of every round of
    /// events. At the relay's end removals do not wait for company.
    package mutating func takeBatch(now: Instant) -> StoreBatch? {
        let isRepeated = pipeline.underWay != nil
        if !isRepeated { addRecentUploads() }
        guard var batch = pipeline.take(now: now, flushRemovals: isShuttingDown) else { return nil }
        batch.downstream.onWire = sequencesOnWire(
            for: batch.downstream, forgettingSettled: !isRepeated)
        return batch
    }

    /// The store executed the batch under way.
    package mutating func storeAnswered(_ results: StoreResults, now: Instant) {
        results.damagedRows.forEach { note($0) }
        answerQuestions(results, now: now)
        if let failure = results.failure {
            if let note = storeHealth.failed(failure, now: now) { effects.note(note) }
            // Whatever became of the transaction: the time of these messages is over, and after an
            // unknown outcome the repeated sweep may not find them any more.
            expire(pipeline.newlyExpired(in: results), now: now)
            pipeline.failed(failure, now: now)
            refuseRequests(failure, now: now)
        } else {
            if pipeline.underWay?.batch.hasChanges == true { noteStoreWorks(now: now) }
            if let entry = pipeline.completed() { committed(entry, results, now: now) }
        }
        deliverStalled(now: now)
        collectQueueEffects(now: now)
    }

    mutating func noteStoreWorks(now: Instant) {
        if let note = storeHealth.worked(now: now) { effects.note(note) }
    }

    private mutating func note(_ row: DamagedRow) {
        if damagedRows.count >= Limits.damagedRows { damagedRows = [] }
        if damagedRows.insert(row).inserted { effects.note(.rowDamaged(row)) }
    }

    // MARK: Questions

    private mutating func answerQuestions(_ results: StoreResults, now: Instant) {
        guard let batch = pipeline.underWay?.batch,
            results.lanes.count == batch.laneReads.count,
            results.devices.count == batch.deviceLoads.count,
            results.tokens.count == batch.tokenLoads.count,
            results.mailboxes.count == batch.mailboxReads.count
        else { return }
        let questions = pipeline.takeQuestions()
        for (wanted, messages) in zip(questions.reads, results.lanes) {
            let sender = Int(wanted.read.lane.sender.rawValue)
            senders[sender].laneRead(
                wanted, messages, without: endedByHand, now: now, &effects)
            noteDeadline(ofSender: sender)
        }
        for (login, record) in zip(questions.logins, results.devices) {
            deviceLoaded(record, for: login)
        }
        for (token, record) in zip(questions.tokens, results.tokens) {
            tokenLoaded(record, for: token, now: now)
        }
        guard !questions.mailboxes.isEmpty else { return }
        let confirmed = pipeline.confirmedDeliveries
        for (wanted, content) in zip(questions.mailboxes, results.mailboxes) {
            mailboxRead(content, for: wanted, confirmed: confirmed, now: now)
        }
    }

    // MARK: Changes

    private mutating func committed(
        _ entry: StorePipeline.Entry, _ results: StoreResults, now: Instant
    ) {
        if !entry.uploads.isEmpty {
            effects.counters.commits += 1
            effects.counters.committedMessages += entry.uploads.count
            effects.counters.accepted += entry.uploads.count
        }
        // Receipts among them.
        effects.counters.live += entry.batch.messages.count
        for origin in entry.uploads {
            devices[origin.slot].uploads.commitOldest()
            devices.forgetIfIdle(origin.slot)
        }
        for message in entry.batch.messages {
            effects.tell(.upstream(message, .queued(.stored)))
        }
        answer(entry.uploads.lazy.map(\.ticket))
        answer(entry.repeats)
        for message in entry.batch.messages { forward(message, now: now) }
        for checkIn in entry.checkIns where streams[checkIn.stream] != nil {
            effects.actions.append(.checkedIn(checkIn.identity, on: checkIn.stream))
        }
        entry.registrations.forEach { registryChanged($0) }
        for (change, result) in zip(entry.groupChanges, results.groupChanges) {
            groupChanged(change, result)
        }
        deposited(entry, results, now: now)
        if entry.batch.expireBefore != nil { swept(entry, results, now: now) }
        if uploadsArePaused, pipeline.waitingUploads < Limits.uploadsAwaitingStore / 2 {
            uploadsArePaused = false
            effects.actions.append(.resumeUploads)
        }
    }

    private mutating func forward(_ message: UpstreamMessage, now: Instant) {
        let sender = Int(message.key.lane.sender.rawValue)
        senders[sender].committed(message, now: now, &effects)
        noteDeadline(ofSender: sender)
        expiryCheck = min(expiryCheck ?? .never, message.expiry)
    }

    /// Tells devices that uploads are taken, a whole run of them at a time: a device's uploads come
    /// in bursts.
    private mutating func answer(_ places: some Sequence<StreamTicket>) {
        var run: (first: StreamTicket, count: Int)?
        for place in places {
            if let (first, count) = run {
                if place.stream == first.stream, place.ticket == first.ticket &+ Ticket(count) {
                    run = (first, count + 1)
                    continue
                }
                answer(first, count: count)
            }
            run = (place, 1)
        }
        if let (first, count) = run { answer(first, count: count) }
    }

    private mutating func answer(_ first: StreamTicket, count: Int) {
        guard let index = streams.index(forKey: first.stream) else { return }
        streams.values[index].unanswered -= count
        effects.actions.append(.taken(first.ticket, count: count, on: first.stream))
    }

    private mutating func swept(
        _ entry: StorePipeline.Entry, _ results: StoreResults, now: Instant
    ) {
        expire(results.expired.filter { !entry.expired.contains($0.key) }, now: now)
        effects.counters.expired += results.expiredDamaged
        effects.counters.live -= results.expiredDamaged
        effects.counters.deliveriesExpired += results.expiredDeposits.count
        for key in results.expiredDeposits { effects.tell(.depositExpired(key)) }
        guard let next = results.nextExpiry else { return }
        let count =
            results.expired.count + results.expiredDamaged + results.expiredDeposits.count
        let soonest = count == Limits.expiryBatch ? now : now + Self.expirySpacing
        expiryCheck = min(expiryCheck ?? .never, max(next, soonest))
    }

    /// Ends messages that the store found expired, except those that were settled or discarded while
    /// the sweep was under way.
    private mutating func expire(_ expired: [ExpiredMessage], now: Instant) {
        guard !expired.isEmpty else { return }
        let ended = Set(pipeline.next.batch.removals)
        for message in expired where !ended.contains(message.key) {
            let sender = Int(message.key.lane.sender.rawValue)
            let former = formerTokens[message.pair.token]
            senders[sender].expire(message, formerTokens: former, now: now, &effects)
            noteDeadline(ofSender: sender)
        }
    }

    /// What each device with messages in the next batch is to be remembered by.
    private mutating func addRecentUploads() {
        guard !pipeline.next.uploads.isEmpty else { return }
        var added: Set<DeviceSlot> = []
        pipeline.next.batch.recentUploads = pipeline.next.uploads.compactMap { origin in
            guard added.insert(origin.slot).inserted else { return nil }
            return RecentUploads(
                device: devices[origin.slot].id, uploads: devices[origin.slot].uploads.afterCommit)
        }
    }
}
