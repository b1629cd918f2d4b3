package import CloudMessaging
import Journal
package import RelayMachine
import XMPPSessions

extension RelayRecorder {
    package func transmitted(
        _ message: UpstreamMessage, to id: ConnectionID, attempt: Int, timeout: Duration?
    ) {
        let sequence = message.key.sequence
        let sender = appServers[id]?.sender
        let retry = retryCause.take().map(Self.words)
        let number = record(
            message.kind == .receipt ? .receipt : .upstreamStanza, about: .upstream(message),
            sender: sender, connection: id.rawValue, attempt: attempt, state: .inFlight,
            cause: trail[sequence].latest, delay: retry?.delay, detail: retry?.detail)
        trail.noteAttempt(of: sequence, number, on: id.rawValue)
        crossings?.relayWrote(message.pair, number, on: id.rawValue)
        guard let timeout else { return }
        trail[sequence].timer = record(
            .timerSet, about: .upstream(message), sender: sender, connection: id.rawValue,
            attempt: attempt, cause: number, delay: timeout)
    }

    private static func words(
        for cause: RetryCause
    ) -> (detail: JournalEvent.Detail, delay: Duration?) {
        switch cause {
        case .noAcknowledgement(let delay): (JournalEvent.Detail(reason: "no ACK"), delay)
        case .connectionLost: (JournalEvent.Detail(reason: "connection lost"), nil)
        }
    }

    package func note(_ note: RelayNote) {
        switch note {
        case .redelivered(_, _, _, let cause):
            retryCause = cause
        case .discarded(let message, let id):
            recordState(
                .discarded, of: message, sender: appServers[id]?.sender, connection: id.rawValue,
                cause: closings[id.rawValue], reason: "--redelivery never")
        case .uselessAcknowledgement(let pair, let fault, let id):
            uselessAcknowledgement(pair, fault, id)
        case .refusedUpload(let upload, let ticket, let refusal, let stream):
            uploadRefused(upload, ticket, refusal, stream)
        case .storeFailed(let failure), .storeUnsteady(let failure):
            storeFailed(failure)
        case .storeRecovered:
            storeRecovered()
        case .rowDamaged(let row):
            storeDamaged(row)
        case .refusedRequest, .draining, .mailboxesOverflowed:
            // The answer, the announcement and the messages that were dropped have their own lines.
            break
        }
    }

    private func uselessAcknowledgement(
        _ pair: MessagePair, _ fault: AcknowledgementFault, _ id: ConnectionID
    ) {
        let names = JournalEvent.Names(messageID: pair.id, from: pair.token)
        record(
            .ackRejected, about: .named(names), sender: appServers[id]?.sender,
            connection: id.rawValue, cause: appServers[id]?.useless.remove(pair),
            detail: JournalEvent.Detail(
                error: isRejectionWritten ? "406" : nil,
                reason: Diagnosis.acknowledgement(pair, fault).description))
        isRejectionWritten = false
    }

    private func uploadRefused(
        _ upload: Upload?, _ ticket: Ticket, _ refusal: UploadRefusal, _ stream: DeviceStreamID
    ) {
        let peer = devices[stream]
        let names =
            upload.map { JournalEvent.Names(answering: $0) }
            ?? JournalEvent.Names(upload: refusal.id)
        record(
            .uploadRefused, about: .named(names),
            sender: upload.flatMap { peer?.sender(in: $0.to) },
            connection: stream.rawValue, cause: peer?.uploads[ticket],
            detail: JournalEvent.Detail(
                error: refusal.error.androidName, reason: refusal.reason))
    }

    // MARK: Steps

    package func told(_ note: MessageNote, of sender: SenderID?) {
        switch note {
        case .made(let message, let source, _):
            trail[message].latest = event(of: source)
        case .upstream(let message, let step):
            upstream(message, step, sender)
        case .downstream(let message, let step):
            downstream(message, step, sender)
        case .expired(let message):
            let names = JournalEvent.Names(
                messageID: message.pair.id, from: message.pair.token,
                message: message.key.sequence, direction: .upstream)
            recordEnd(.expired, message.key.sequence, about: .named(names), sender: sender)
        case .fannedOut(let message, let template, let count):
            let names = JournalEvent.Names(
                messageID: template.id, content: template.content, message: message,
                direction: .downstream)
            trail[message].latest = record(
                .messageState, about: .named(names), sender: sender, state: .queued,
                cause: trail[message].latest, detail: JournalEvent.Detail(count: count))
        case .dropped(let messages, let cause, let newer):
            dropped(messages, cause, by: newer, sender)
        case .depositExpired(let key):
            let names = JournalEvent.Names(message: key.sequence, direction: .downstream)
            recordEnd(.expired, key.sequence, about: .named(names), sender: nil)
        }
    }

    private func event(of source: MessageSource) -> UInt64? {
        switch source {
        case .upload(let ticket, let stream): devices[stream]?.uploads[ticket]
        case .request(let message, let connection): appServers[connection]?.requests[message]
        case .delivery(let stream): devices[stream]?.acknowledgement
        case .order: nil
        }
    }

    private func upstream(
        _ message: UpstreamMessage, _ step: UpstreamStep, _ sender: SenderID?
    ) {
        let steps = trail[message.key.sequence]
        switch step {
        case .queued(.stored):
            recordState(.queued, of: message, sender: sender, cause: steps.latest)
        case .queued(.noRoom):
            recordState(
                .queued, of: message, sender: sender, cause: steps.latest,
                reason: "no ACK, and no connection takes it now")
        case .queued(.connectionLost(let id)):
            recordState(
                .queued, of: message, sender: sender, connection: id.rawValue,
                cause: closings[id.rawValue], reason: "connection lost")
        case .queued(.released):
            recordState(.queued, of: message, sender: sender, cause: steps.latest)
        case .held:
            recordState(
                .held, of: message, sender: sender, cause: steps.latest,
                reason: "an earlier message has the same token and ID")
        case .timerFired(let id, let attempt, let delay):
            trail[message.key.sequence].latest = record(
                .timerFired, about: .upstream(message), sender: sender, connection: id.rawValue,
                attempt: attempt, cause: steps.timer, delay: delay)
        case .settled(let id):
            recordState(
                .settled, of: message, sender: sender, connection: id.rawValue,
                cause: steps.latest)
        case .expired:
            recordState(
                .expired, of: message, sender: sender, cause: steps.latest,
                reason: "time to live 0")
        case .endedByHand(let ending):
            recordState(
                MessageState(ending), of: message, sender: sender, cause: steps.latest,
                reason: "by hand")
        }
    }

    private func recordState(
        _ state: MessageState, of message: UpstreamMessage, sender: SenderID?,
        connection: Int? = nil, cause: UInt64?, reason: String? = nil
    ) {
        trail[message.key.sequence].latest = record(
            .messageState, about: .upstream(message), sender: sender, connection: connection,
            state: state, cause: cause, detail: reason.map { JournalEvent.Detail(reason: $0) })
    }

    private func downstream(
        _ message: DownstreamMessage, _ step: DownstreamStep, _ sender: SenderID?
    ) {
        let latest = trail[message.key.sequence].latest
        var connection: Int?
        let state: MessageState
        let cause: UInt64?
        var reason: String?
        switch step {
        case .queued:
            (state, cause) = (.queued, latest)
        case .queuedAgain(let stream):
            (state, cause) = (.queued, closings[stream.rawValue])
            (connection, reason) = (stream.rawValue, "connection lost")
        case .settled(let stream):
            (state, cause) = (.settled, devices[stream]?.acknowledgement)
            connection = stream.rawValue
        case .expired:
            (state, cause, reason) = (.expired, latest, "time to live 0")
        case .endedByHand(let ending):
            (state, cause, reason) = (MessageState(ending), latest, "by hand")
        }
        trail[message.key.sequence].latest = record(
            .messageState, about: .downstream(message), sender: sender, connection: connection,
            state: state, cause: cause, detail: reason.map { JournalEvent.Detail(reason: $0) })
    }

    private func dropped(
        _ messages: [Int64], _ cause: DropCause, by newer: DownstreamMessage, _ sender: SenderID?
    ) {
        let led = trail[newer.key.sequence].latest
        let reason =
            switch cause {
            case .collapsed: "a newer message took its place"
            case .overflowed: "the mailbox was full"
            }
        for message in messages {
            let names = JournalEvent.Names(
                from: newer.registration.token, category: newer.registration.category,
                message: message, direction: .downstream)
            record(
                .messageState,
                about: message == newer.key.sequence ? .downstream(newer) : .named(names),
                sender: message == newer.key.sequence ? sender : nil, state: .discarded,
                cause: led, detail: JournalEvent.Detail(reason: reason))
        }
    }

    private func recordEnd(
        _ state: MessageState, _ message: Int64, about subject: JournalEvent.Subject,
        sender: SenderID?
    ) {
        record(
            .messageState, about: subject, sender: sender, state: state,
            cause: trail[message].latest)
    }
}

extension MessageState {
    fileprivate init(_ ending: HandEnding) {
        switch ending {
        case .settled: self = .settled
        case .discarded: self = .discarded
        }
    }
}
