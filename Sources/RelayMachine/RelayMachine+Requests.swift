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
        guard senders[sender].beginRequest(on: connection) else {
            return write(
                .nack(.connectionDraining, description: "send it on another connection"),
                to: pending)
        }
        switch request.target {
        case .registration(let token): ask(token, for: pending, now: now)
        case .subscribers(let condition): fanOut(pending, to: condition, now: now)
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
        guard let number = connections[connection] else { return true }
        return senders[Int(number.rawValue)].unansweredRequests(on: connection)
            < settings.maxUnansweredRequests
    }

    // MARK: Whose token it is

    private mutating func ask(
        _ token: RegistrationToken, for pending: PendingRequest, now: Instant
    ) {
        if let record = tokens.record(for: token) {
            return judge(pending, record, now: now)
        }
        if pendingTokens[token] == nil {
            pipeline.next.batch.tokenLoads.append(token)
            pipeline.next.tokenLoads.append(token)
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

    private mutating func judge(
        _ pending: PendingRequest, _ record: TokenRecord?, now: Instant
    ) {
        let addressee = pending.request.addressee
        guard let registration = record?.registration else {
            return answer(
                pending,
                .nack(.badRegistration, description: "Invalid token on 'to' field: \(addressee)"))
        }
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
                .nack(.deviceUnregistered, description: "the app is not registered any more"))
        }
        var pending = pending
        if !registration.token.text.hasSameBytes(as: addressee) {
            pending.canonical = registration.token
        }
        guard !pending.request.isDryRun else { return acknowledge(pending) }
        deposit(pending, for: registration, now: now)
    }

    // MARK: Into the mailbox

    private mutating func deposit(
        _ pending: PendingRequest, for registration: Registration, now: Instant
    ) {
        let message = DownstreamMessage(
            pending.request,
            key: MailboxKey(registration: registration.number, sequence: takeSequence()),
            to: registration, from: pending.sender, now: now)
        guard message.timeToLive > 0 else {
            deliverOrDrop(message, now: now)
            return acknowledge(pending)
        }
        pipeline.next.batch.deposits.append(
            Deposit(message: message, after: lastDelivered(to: registration)))
        pipeline.next.deposits.append(pending)
    }

    /// A request's message is in its mailbox.
    mutating func deposited(
        _ deposit: Deposit, _ result: DepositResult, for pending: PendingRequest, now: Instant
    ) {
        acknowledge(pending)
        expiryCheck = min(expiryCheck ?? .never, deposit.message.expiry)
        mailboxChanged(deposit.message, result, now: now)
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
        if case .nack = answer { effects.counters.nacks += 1 }
        guard connections[pending.connection] != nil else { return }
        effects.actions.append(
            .answer(
                answer, to: pending.request.addressee, pending.request.id, on: pending.connection))
    }
}

/// A request that waits for its answer.
struct PendingRequest {
    let request: DownstreamRequest
    let connection: ConnectionID
    let sender: SenderNumber
    /// The token to use from now on, where the request named an older one.
    var canonical: RegistrationToken?
}
