package import CloudMessaging

/// Downstream, up to the mailbox: each request of an app server gets one answer.
extension RelayMachine {
    /// An app server sent a request, its form already checked.
    package mutating func requested(
        _ request: DownstreamRequest, on connection: ConnectionID, now: Instant
    ) {
        guard let number = connections[connection] else { return }
        effects.counters.requests += 1
        let sender = Int(number.rawValue)
        let pending = PendingRequest(request: request, connection: connection, sender: number)
        guard !isPastLimit(connection) else {
            return write(
                .nack(
                    .serviceUnavailable,
                    description: "\(settings.maxUnansweredRequests) messages of this connection "
                        + "wait for their answer; send no more until some have it"),
                to: pending)
        }
        guard senders[sender].beginRequest(on: connection, settings.quirks.draining) else {
            return write(
                .nack(.connectionDraining, description: "send it on another connection"),
                to: pending)
        }
        switch request.target {
        case .registration(let token): ask(token, for: .request(pending), now: now)
        case .topic(let topic):
            deposit(pending, forSubscribersOf: .topic(topic.text), now: now)
        case .condition(let condition):
            deposit(pending, forSubscribersOf: condition, now: now)
        }
    }

    /// The session itself refused a request that could not be read.
    package mutating func requestWasIllFormed() {
        effects.counters.requests += 1
        effects.counters.nacks += 1
    }

    /// Whether a connection may send one more request; if not, `.resumeRequests` says when it may
    /// (protocol sheet §3.4).
    package func takesRequests(on connection: ConnectionID) -> Bool {
        settings.quirks.requestsPastLimit == .nack || !hasManyRequests(connection)
    }

    private func isPastLimit(_ connection: ConnectionID) -> Bool {
        settings.quirks.requestsPastLimit == .nack && hasManyRequests(connection)
    }

    private func hasManyRequests(_ connection: ConnectionID) -> Bool {
        guard let number = connections[connection] else { return false }
        return senders[Int(number.rawValue)].unansweredRequests(on: connection)
            >= settings.maxUnansweredRequests
    }

    // MARK: Whose token it is

    private static let longestToken = 1_024

    mutating func ask(
        _ token: RegistrationToken, for pending: Addressed, now: Instant
    ) {
        // None of ours is that long, and what is asked about is kept in memory.
        guard token.text.utf8.count <= Self.longestToken else {
            return judge(pending, nil, now: now)
        }
        if let record = tokens.record(for: token) {
            return judge(pending, record, now: now)
        }
        if pendingTokens[token] == nil {
            pipeline.next.batch.tokenLoads.append(token)
            pipeline.next.questions.tokens.append(token)
        }
        pendingTokens[token, default: []].append(pending)
    }

    /// The registry said whose token it is.
    mutating func tokenLoaded(_ record: TokenRecord?, for token: RegistrationToken, now: Instant) {
        tokens.insert(record, for: token)
        for pending in pendingTokens.removeValue(forKey: token) ?? [] {
            judge(pending, record, now: now)
        }
    }

    private mutating func judge(_ pending: Addressed, _ record: TokenRecord?, now: Instant) {
        switch (pending, record) {
        case (.upload(let upload), _):
            judge(upload, record, now: now)
        case (.request(let request), .registration(let registration)):
            judge(request, registration, now: now)
        case (.request(let request), .group(let group)):
            judge(request, group, now: now)
        case (.request(let request), nil):
            refuseToken(of: request)
        }
    }

    mutating func refuseToken(of pending: PendingRequest) {
        let addressee = pending.request.addressee
        answer(
            pending,
            .nack(.badRegistration, description: "Invalid token on 'to' field: \(addressee)"))
    }

    private mutating func judge(
        _ pending: PendingRequest, _ registration: Registration, now: Instant
    ) {
        guard registration.senders.contains(senders[Int(pending.sender.rawValue)].id) else {
            return answer(
                pending,
                .nack(
                    .badRegistration,
                    description: "the token in 'to' is not registered with this sender"))
        }
        guard registration.isActive else {
            return answer(
                pending,
                .nack(.deviceUnregistered, description: Self.isGone))
        }
        var pending = pending
        if !registration.token.text.hasSameBytes(as: pending.request.addressee) {
            pending.canonical = registration.token
        }
        guard !lacksCredential(pending.request) else {
            return answer(
                pending,
                .nack(
                    .invalidAPNSCredential,
                    description: "the project has no valid APNs credential"))
        }
        guard !pending.request.isDryRun else { return acknowledge(pending) }
        guard takes(pending.request, for: registration, now: now) else {
            return answer(
                pending,
                .nack(
                    .deviceMessageRateExceeded,
                    description: "Downstream message rate exceeded for this registration id"))
        }
        deposit(pending, for: registration, now: now)
    }

    // MARK: Into mailboxes

    private mutating func deposit(
        _ pending: PendingRequest, for registration: Registration, now: Instant
    ) {
        let message = DownstreamMessage(
            sequence: takeSequence(), registration: registration,
            template: template(of: pending, timeToLive: pending.request.timeToLive, now: now))
        tellMade(message.key.sequence, of: pending)
        guard message.timeToLive > 0 else {
            deliverOrDrop(message)
            return acknowledge(pending)
        }
        if let failure = pipeline.failure { return refuse(pending, failure) }
        pipeline.next.batch.downstream.deposits.append(message)
        pipeline.next.deposits.append(pending)
    }

    /// A message to a topic is put into the mailboxes of all subscribers at once.
    ///
    /// With TTL 0, too, as only the store knows them: it lives for the second that this may take.
    private mutating func deposit(
        _ pending: PendingRequest, forSubscribersOf condition: TopicCondition, now: Instant
    ) {
        guard !pending.request.isDryRun else { return acknowledge(pending) }
        guard takes(pending, now: now) else {
            return answer(
                pending,
                .nack(
                    .topicsMessageRateExceeded,
                    description: "Downstream message rate exceeded for this topic"))
        }
        fanOut(pending, to: .subscribers(condition), now: now)
    }

    /// A dry run finds out whom it would reach.
    mutating func fanOut(_ pending: PendingRequest, to audience: Audience, now: Instant) {
        if let failure = pipeline.failure { return refuse(pending, failure) }
        let sequence = takeSequence()
        tellMade(sequence, of: pending)
        pipeline.next.batch.downstream.topicDeposits.append(
            TopicDeposit(
                audience, sequence: sequence,
                template: template(
                    of: pending, timeToLive: max(1, pending.request.timeToLive), now: now),
                isDryRun: pending.request.isDryRun))
        pipeline.next.topicDeposits.append(.request(pending))
    }

    private mutating func tellMade(_ sequence: Int64, of pending: PendingRequest) {
        effects.tell(
            .made(
                sequence, of: .request(pending.request.id, on: pending.connection),
                sender: pending.sender))
    }

    private func template(
        of pending: PendingRequest, timeToLive: Int, now: Instant
    ) -> DownstreamTemplate {
        let request = pending.request
        let topic: TopicName? = if case .topic(let topic) = request.target { topic } else { nil }
        return DownstreamTemplate(
            sender: pending.sender, id: request.id, topic: topic,
            collapseKey: request.collapseKey, content: request.content,
            wantsReceipt: request.wantsReceipt, timeToLive: timeToLive,
            expiry: now + .seconds(timeToLive))
    }

    /// The batch with deposits is durable.
    mutating func deposited(
        _ entry: StorePipeline.Entry, _ results: StoreResults, now: Instant
    ) {
        var requests = (toOne: entry.deposits[...], toTopics: entry.topicDeposits[...])
        var answers = (toOne: results.deposits[...], toTopics: results.topicDeposits[...])
        // In order: a mailbox reads on behind the last message that it knows.
        entry.batch.downstream.forEachDeposit(
            toOne: { message in
                deposited(
                    message, answers.toOne.removeFirst(),
                    for: requests.toOne.removeFirst(), now: now)
            },
            toTopics: { deposit in
                let result = answers.toTopics.removeFirst()
                effects.tell(
                    .fannedOut(deposit.sequence, deposit.template, count: result.count))
                answer(requests.toTopics.removeFirst(), deposit.audience, result, now: now)
                guard !deposit.isDryRun else { return }
                note(result.overflow, by: deposit.template, to: nil)
                mailboxesChanged(result.registrations, now: now)
                noteExpiry(deposit.template.expiry)
            })
    }

    private mutating func deposited(
        _ message: DownstreamMessage, _ result: DepositResult, for pending: PendingRequest,
        now: Instant
    ) {
        if case .unregistered = result {
            return answer(pending, .nack(.deviceUnregistered, description: Self.isGone))
        }
        if case .stored = result { effects.tell(.downstream(message, .queued)) }
        acknowledge(pending)
        var overflow = MailboxOverflow()
        overflow.add(result)
        note(overflow, by: message.template, to: message.registration)
        mailboxChanged(message, result, now: now)
        noteExpiry(message.expiry)
    }

    private mutating func note(
        _ overflow: MailboxOverflow, by template: DownstreamTemplate, to addressee: Registration?
    ) {
        guard overflow.messages > 0 else { return }
        effects.counters.deliveriesDropped += overflow.messages
        effects.note(
            .mailboxesOverflowed(
                by: template, to: addressee, mailboxes: overflow.mailboxes,
                messages: overflow.messages))
    }

    private mutating func answer(
        _ origin: FanOutOrigin, _ audience: Audience, _ result: TopicDepositResult, now: Instant
    ) {
        guard case .request(let pending) = origin else { return }
        switch audience {
        case .subscribers:
            count(pending, for: result.registrations, now: now)
            acknowledge(pending)
        case .group: answer(pending, result)
        }
    }

    private static let isGone = "the app is not registered any more"

    private mutating func noteExpiry(_ expiry: Instant) {
        expiryCheck = min(expiryCheck ?? .never, expiry)
    }

    // MARK: A store that fails

    /// The store does not do as asked: those who wait for it are told, unless what they sent may be
    /// stored all the same.
    mutating func refuseRequests(_ failure: StoreFailure, now: Instant) {
        for token in pipeline.withdrawTokens() {
            for pending in pendingTokens.removeValue(forKey: token) ?? [] {
                switch pending {
                case .request(let request): refuse(request, failure)
                // Uploads wait for the store: it is asked again.
                case .upload: ask(token, for: pending, now: now)
                }
            }
        }
        for pending in pipeline.withdrawRequests() { refuse(pending, failure) }
        guard pipeline.needsProbe else { return }
        // Higher than what the store has: else there would be nothing to write.
        sequenceCeiling = max(sequenceCeiling, nextSequence + Limits.sequencesReserved) + 1
        pipeline.probe(withSequenceCeiling: sequenceCeiling)
    }

    private mutating func refuse(_ pending: PendingRequest, _ failure: StoreFailure) {
        switch failure.kind {
        case .unavailable:
            answer(
                pending,
                .nack(
                    .serviceUnavailable,
                    description: "the store takes nothing for now; send it again after a while"))
        // Writing failed; what comes now is surely not stored.
        case .broken, .unknownOutcome:
            answer(
                pending,
                .nack(
                    .internalServerError,
                    description: "the store has failed, the log says how; send it again later"))
        }
    }

    // MARK: Answers

    mutating func acknowledge(_ pending: PendingRequest) {
        effects.counters.acceptedRequests += 1
        answer(pending, .ack(canonical: pending.canonical))
    }

    mutating func answer(_ pending: PendingRequest, _ answer: DownstreamAnswer) {
        write(answer, to: pending)
        senders[Int(pending.sender.rawValue)].endRequest(
            on: pending.connection, limit: settings.maxUnansweredRequests, &effects)
    }

    private mutating func write(_ answer: DownstreamAnswer, to pending: PendingRequest) {
        switch answer {
        case .nack(let error, let reason): noteRefusal(of: pending, error, reason)
        case .group(reached: 0, let failed):
            noteRefusal(
                of: pending, .deviceUnregistered,
                "of the group's \(failed.count) members none is reached")
        case .ack, .group: break
        }
        guard connections[pending.connection] != nil else { return }
        senders[Int(pending.sender.rawValue)].answered(pending.request.id, on: pending.connection)
        effects.actions.append(
            .answer(
                answer, to: pending.request.addressee, pending.request.id, on: pending.connection))
    }
}

extension RelayMachine {
    private mutating func noteRefusal(
        of pending: PendingRequest, _ error: DownstreamError, _ reason: String
    ) {
        let request = pending.request
        effects.counters.nacks += 1
        effects.note(
            .refusedRequest(
                request.id, to: request.addressee, error, reason, on: pending.connection))
    }
}

/// A request that waits for its answer.
struct PendingRequest: Hashable {
    let request: DownstreamRequest
    let connection: ConnectionID
    let sender: SenderNumber
    /// The token to use from now on, where the request named an older one.
    var canonical: RegistrationToken?
}
