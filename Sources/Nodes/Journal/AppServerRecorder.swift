import AppServerMachine
package import CloudMessaging
package import Journal

/// Writes what an app server does and sees into a journal (docs/journal.md): that a message reached
/// it is another event than that the relay wrote it.
package final class AppServerRecorder {
    private struct Request {
        let names: JournalEvent.Names
        var number: UInt64?
        var connection: AppServerConnectionID?
        var tries = 0
    }

    /// Deliveries without an ACK, and requests without an answer, that are remembered as causes.
    private static let limit = 4_096

    private let name: Participant
    private let sender: SenderID
    /// Whether the relay has taken the sender ID for one; before, it may be the key.
    private var isKnown = false
    private let journal: any EventRecorder
    private let scheduler: any Scheduler
    private var deliveries = RecentEvents<Delivery>(limit: limit)
    /// How the relay counts the connections, as far as the driver says so.
    private var numbers = RecentValues<AppServerConnectionID, Int>(limit: 256)
    private var requests = RecentValues<DownstreamRequestID, Request>(limit: limit)

    private struct Delivery: Hashable {
        let pair: MessagePair
        let connection: AppServerConnectionID
    }

    /// - Parameters:
    ///   - name: of the app server in the cast.
    ///   - scheduler: gives the instants of the events.
    package init(
        _ name: Participant, sender: SenderID, journal: any EventRecorder,
        scheduler: any Scheduler
    ) {
        self.name = name
        self.sender = sender
        self.journal = journal
        self.scheduler = scheduler
    }

    /// The driver connects the app server and knows how the relay counts the connection.
    ///
    /// - Parameter owner: as the app server gave it to its connector.
    package func connects(_ owner: any TransportEvents, as number: Int) {
        guard let uplink = owner as? AppServerUplink else { return }
        numbers.append(number, for: uplink.id)
    }

    private func crossing(
        on id: AppServerConnectionID
    ) -> (crossings: Crossings, connection: Int)? {
        guard let crossings = journal.crossings, let number = numbers[id] else { return nil }
        return (crossings, number)
    }

    // MARK: What the machine orders and tells

    func carriesOut(_ action: AppServerAction) {
        switch action {
        case .request(let request, let id): written(request, on: id)
        case .requestEnded(let id, let outcome): ended(id, outcome)
        case .acknowledge(let pair, let id): acknowledged(pair, on: id)
        case .upstream(let message, let id, let attempt): received(message, id, attempt)
        case .receipt(let receipt, let id): received(receipt, id)
        case .skipped(let pair):
            record(.appServerSkipped, .named(pair.names))
        case .acknowledgeReceipt(let receipt, let id):
            let pair = MessageID(receipt.receiptID).map {
                MessagePair(token: RegistrationToken(receipt.from), id: $0)
            }
            if let pair { acknowledged(pair, on: id) }
        case .connected, .connectionFailed, .authenticationFailed, .draining, .disconnected,
            .connect, .close:
            connection(action)
        case .rejected(let id, let error, let description): refused(id, error, description)
        case .acknowledged: break
        }
    }

    private func connection(_ action: AppServerAction) {
        switch action {
        case .connected(let id):
            isKnown = true
            record(.appServerConnected, on: id)
        case .connectionFailed(let id, let reason, let retryAt):
            record(
                .appServerDisconnected, on: id, delay: scheduler.now.duration(to: retryAt),
                detail: JournalEvent.Detail(reason: reason))
        case .authenticationFailed(let id, let reason):
            record(
                .appServerDisconnected, on: id,
                detail: JournalEvent.Detail(error: "not-authorized", reason: reason))
        case .draining(let id): record(.appServerDraining, on: id)
        case .disconnected(let id, let reason):
            record(
                .appServerDisconnected, on: id,
                detail: JournalEvent.Detail(reason: reason.description))
        default: break
        }
    }

    func refused(_ id: AppServerConnectionID, _ error: String, _ description: String) {
        record(
            .appServerRefused, on: id,
            detail: JournalEvent.Detail(error: error, reason: description))
    }

    // MARK: Upstream

    private func received(
        _ message: ReceivedMessage, _ id: AppServerConnectionID, _ attempt: Int
    ) {
        let names = JournalEvent.Names(
            messageID: message.pair.id, from: message.pair.token,
            category: message.category.flatMap { Category($0) }, data: message.data)
        let cause = arrived(message.pair, on: id)
        let number = record(
            .upstreamReceived, .named(names), on: id, attempt: attempt, cause: cause)
        deliveries.note(number, for: Delivery(pair: message.pair, connection: id))
    }

    private func received(_ receipt: ReceivedReceipt, _ id: AppServerConnectionID) {
        let messageID = MessageID(receipt.receiptID)
        let names = JournalEvent.Names(
            messageID: messageID, from: receipt.token.map { RegistrationToken($0) },
            category: receipt.category.flatMap { Category($0) })
        guard let messageID else { return }
        let pair = MessagePair(token: RegistrationToken(receipt.from), id: messageID)
        let cause = arrived(pair, on: id)
        let number = record(.upstreamReceived, .named(names), on: id, cause: cause)
        deliveries.note(number, for: Delivery(pair: pair, connection: id))
    }

    private func acknowledged(_ pair: MessagePair, on id: AppServerConnectionID) {
        let number = record(
            .appServerAcknowledged, .named(pair.names), on: id,
            cause: deliveries[Delivery(pair: pair, connection: id)])
        guard let (crossings, connection) = crossing(on: id) else { return }
        crossings.appServerWrote(pair, number, on: connection)
    }

    private func arrived(_ pair: MessagePair, on id: AppServerConnectionID) -> UInt64? {
        guard let (crossings, connection) = crossing(on: id) else { return nil }
        return crossings.reachedAppServer(pair, on: connection)
    }

    // MARK: Downstream

    func asked(_ request: DownstreamRequest) {
        let isToken = !request.target.hasPrefix("/") && !request.target.contains(" ")
        let names = JournalEvent.Names(
            messageID: request.messageID, from: isToken ? RegistrationToken(request.target) : nil,
            content: request.json)
        requests.append(Request(names: names), for: request.id)
    }

    private func written(_ request: DownstreamRequest, on id: AppServerConnectionID) {
        guard var known = requests.remove(request.id) else { return }
        known.tries += 1
        known.connection = id
        known.number = record(
            .appServerSent, .named(known.names), on: id, attempt: known.tries)
        requests.append(known, for: request.id)
    }

    private func ended(_ id: DownstreamRequestID, _ outcome: DownstreamOutcome) {
        guard let known = requests.remove(id) else { return }
        let names = JournalEvent.Names(messageID: known.names.messageID, from: known.names.from)
        record(
            .appServerAnswered, .named(names), on: known.connection, cause: known.number,
            detail: outcome.detail)
    }

    // MARK: The process

    func started() { record(.processStarted) }

    func stopped() { record(.processStopped) }

    /// The process ended without a word; only its driver knows.
    package func crashed() { record(.processCrashed) }

    // MARK: Events

    @discardableResult
    private func record(
        _ kind: JournalEvent.Kind, _ subject: JournalEvent.Subject = .nothing,
        on id: AppServerConnectionID? = nil, attempt: Int? = nil, cause: UInt64? = nil,
        delay: Duration? = nil, detail: JournalEvent.Detail? = nil
    ) -> UInt64 {
        journal.record(
            JournalEvent(
                kind, at: scheduler.now, by: name, about: subject, sender: isKnown ? sender : nil,
                connection: id.map { numbers[$0] ?? $0.rawValue }, attempt: attempt, cause: cause,
                delay: delay, detail: detail))
    }
}

extension MessagePair {
    fileprivate var names: JournalEvent.Names {
        JournalEvent.Names(messageID: id, from: token)
    }
}

extension DownstreamOutcome {
    fileprivate var detail: JournalEvent.Detail? {
        switch self {
        case .accepted: nil
        case .refused(let refusal):
            JournalEvent.Detail(error: refusal.error.name, reason: refusal.description)
        case .unanswered(let reason):
            JournalEvent.Detail(error: "unanswered", reason: reason)
        case .notSent(let reason):
            JournalEvent.Detail(error: "not-sent", reason: "\(reason)")
        }
    }
}
