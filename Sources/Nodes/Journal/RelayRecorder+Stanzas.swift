import CloudMessaging
import Journal
import RelayMachine
import XMPPSessions

extension RelayRecorder {
    package func passed(_ stanza: RelayStanza) {
        switch stanza {
        case .acknowledgement(let pair, let use, let id): acknowledgement(pair, use, id)
        case .request(let request, let id): self.request(request, id)
        case .acknowledgementRejected: isRejectionWritten = true
        case .answer(let answer, let addressee, let message, let id):
            self.answer(answer, addressee, message, id)
        case .unheardAcknowledgement, .belatedAcknowledgement, .belatedRequest, .belatedMessage,
            .belatedAnswer, .refused:
            bitten(stanza)
        case .upload(let upload, let ticket, let id): self.upload(upload, ticket, id)
        case .unusableUpload(let refusal, let ticket, let id):
            unusableUpload(refusal, ticket, id)
        case .taken(let first, let count, let id): taken(first, count, id)
        case .delivery(let delivery, let id): self.delivery(delivery, id)
        case .deliveriesAcknowledged(let count, let id): deliveriesAcknowledged(count, id)
        case .deliveryRefused(let category, let message, let id):
            deliveryRefused(category, message, id)
        case .checkIn, .registration, .appRequest, .registered, .registrationRefused,
            .appRequestAnswered:
            registry(stanza)
        }
    }

    // MARK: App servers

    private func acknowledgement(
        _ pair: MessagePair, _ use: AcknowledgementUse, _ id: ConnectionID
    ) {
        let peer = appServers[id]
        let sender = peer?.sender
        let name = peer?.name ?? .appServer
        let written = crossings?.reachedRelay(pair, on: id.rawValue)
        if case .settled(let message) = use {
            let steps = trail[message.key.sequence]
            let attempt = steps.connection == id.rawValue ? steps.attempt : nil
            trail[message.key.sequence].latest = record(
                .upstreamAck, by: name, about: .upstream(message), sender: sender,
                connection: id.rawValue, cause: written ?? attempt)
            return
        }
        let names = JournalEvent.Names(messageID: pair.id, from: pair.token)
        let number = record(
            .upstreamAck, by: name, about: .named(names), sender: sender, connection: id.rawValue,
            cause: written)
        if case .none = use { peer?.useless.append(number, for: pair) }
    }

    private func request(_ request: DownstreamRequest, _ id: ConnectionID) {
        let peer = appServers[id]
        let number = record(
            .downstreamStanza, by: peer?.name ?? .appServer,
            about: .named(JournalEvent.Names(request)), sender: peer?.sender,
            connection: id.rawValue)
        peer?.requests.append(number, for: request.id)
    }

    private func answer(
        _ answer: DownstreamAnswer, _ addressee: String, _ message: MessageID, _ id: ConnectionID
    ) {
        let peer = appServers[id]
        record(
            .downstreamAnswer, about: .named(JournalEvent.Names(answering: message, addressee)),
            sender: peer?.sender, connection: id.rawValue, cause: peer?.requests.remove(message),
            detail: answer.detail)
    }

    // MARK: Devices

    private func upload(_ upload: Upload, _ ticket: Ticket, _ id: DeviceStreamID) {
        let peer = devices[id]
        heard(JournalEvent.Names(upload), peer?.sender(in: upload.to), ticket, of: peer, id)
    }

    private func unusableUpload(
        _ refusal: UploadRefusal, _ ticket: Ticket, _ id: DeviceStreamID
    ) {
        heard(JournalEvent.Names(upload: refusal.id), nil, ticket, of: devices[id], id)
    }

    private func heard(
        _ names: JournalEvent.Names, _ sender: SenderID?, _ ticket: Ticket, of peer: DevicePeer?,
        _ id: DeviceStreamID
    ) {
        let number = record(
            .upload, by: peer?.name ?? .unknownDevice, about: .named(names), sender: sender,
            connection: id.rawValue)
        peer?.uploads.append(number, for: ticket)
    }

    private func taken(_ first: Ticket, _ count: Int, _ id: DeviceStreamID) {
        let last = devices[id]?.uploads.removeLast { $0 &- first < Ticket(count) }
        record(
            .uploadTaken, connection: id.rawValue, cause: last,
            detail: JournalEvent.Detail(count: count))
    }

    private func delivery(_ delivery: Delivery, _ id: DeviceStreamID) {
        switch delivery {
        case .message(let message, let sender):
            trail[message.key.sequence].latest = record(
                .delivery, about: .downstream(message), sender: sender, connection: id.rawValue,
                state: .inFlight, cause: trail[message.key.sequence].latest)
        case .deletion(let notice, let registration):
            let names = JournalEvent.Names(
                from: registration.token, category: registration.category)
            record(
                .delivery, about: .named(names), connection: id.rawValue,
                detail: JournalEvent.Detail(deed: "deleted-messages", count: notice.total))
        }
    }

    private func deliveriesAcknowledged(_ count: Int, _ id: DeviceStreamID) {
        let number = record(
            .deliveryAcknowledged, by: name(of: id), connection: id.rawValue,
            detail: JournalEvent.Detail(count: count))
        devices[id]?.acknowledgement = number
    }

    private func deliveryRefused(
        _ category: Category, _ message: MessageID?, _ id: DeviceStreamID
    ) {
        record(
            .deliveryRefused, by: name(of: id),
            about: .named(JournalEvent.Names(messageID: message, category: category)),
            connection: id.rawValue, detail: JournalEvent.Detail(error: "unregistered"))
    }
}
