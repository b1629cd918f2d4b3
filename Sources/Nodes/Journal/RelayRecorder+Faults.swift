import CloudMessaging
package import Faults
package import Journal
import RelayMachine

extension RelayRecorder {
    package func bitten(_ step: JournalEvent, by bites: [FaultBite]) -> UInt64? {
        let cause = cause(of: step)
        let names = JournalEvent.Names(messageID: step.messageID, from: step.from)
        var last: UInt64?
        for bite in bites {
            last = record(
                .fault, about: .named(names), sender: step.sender, connection: step.connection,
                cause: cause, delay: bite.delay, detail: bite.detail)
        }
        return last
    }

    /// The stanza that was bitten; of one that is to be written, what it answers.
    private func cause(of step: JournalEvent) -> UInt64? {
        let peer = step.connection.flatMap { appServers[ConnectionID($0)] }
        switch step.kind {
        case .upstreamStanza, .receipt:
            guard case .upstream(let message) = step.subject else { return nil }
            crossings?.relayKept(message.pair, on: step.connection ?? 0)
            return trail[message.key.sequence].attempt
        case .upstreamAck: return unheardAcknowledgement.take()
        case .downstreamStanza, .downstreamAnswer:
            return step.messageID.flatMap { peer?.requests.remove($0) }
        default: return peer?.arrival
        }
    }

    /// A stanza that met faults, or what they left of it.
    func bitten(_ stanza: RelayStanza) {
        switch stanza {
        case .unheardAcknowledgement(let pair, let id):
            let names = JournalEvent.Names(messageID: pair.id, from: pair.token)
            unheardAcknowledgement = record(
                .upstreamAck, by: name(of: id), about: .named(names),
                sender: appServers[id]?.sender, connection: id.rawValue,
                cause: crossings?.reachedRelay(pair, on: id.rawValue))
        case .belatedAcknowledgement(let pair, let use, let fault, let id):
            switch use {
            case .settled(let message): trail[message.key.sequence].latest = fault
            case .leftover: break
            case .none: fault.map { appServers[id]?.useless.append($0, for: pair) }
            }
        case .belatedRequest(let message, let fault, let id):
            fault.map { appServers[id]?.requests.append($0, for: message) }
        case .belatedMessage(let pair, let fault, let id):
            fault.map { crossings?.relayWrote(pair, $0, on: id.rawValue) }
        case .belatedAnswer(let answer, let addressee, let message, let fault, let id):
            record(
                .downstreamAnswer,
                about: .named(JournalEvent.Names(answering: message, addressee)),
                sender: appServers[id]?.sender, connection: id.rawValue, cause: fault,
                detail: answer.detail)
        case .refused(let message, let addressee, let code, let fault, let id):
            record(
                .downstreamAnswer,
                about: .named(JournalEvent.Names(answering: message, addressee)),
                sender: appServers[id]?.sender, connection: id.rawValue, cause: fault,
                detail: JournalEvent.Detail(error: code, reason: "a fault"))
        default: break
        }
    }
}

extension FaultBite {
    fileprivate var detail: JournalEvent.Detail {
        var error: String?
        if case .nack(let code) = deed { error = code }
        return JournalEvent.Detail(error: error, deed: deed.name.rawValue, fault: fault)
    }

    fileprivate var delay: Duration? {
        guard case .delay(let time) = deed else { return nil }
        return time
    }
}
