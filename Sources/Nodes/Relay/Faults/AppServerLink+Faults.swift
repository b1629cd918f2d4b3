import CloudMessaging
import Faults
import Journal
import RelayMachine
import XMPPSessions

/// How a fault has struck a connection down.
struct Stun {
    /// Nothing is read or written any more.
    var isMute = false
    /// How the connection ended, if its transport cannot say it.
    var reason: TransportClosing?
    /// The answer to the binding while it is kept back; nothing else is dealt with meanwhile.
    var bindingAnswer: [UInt8]?

    /// Whether a stanza waits for another to overtake it.
    var keepsStanzas = false

    var isWaiting: Bool { isMute || bindingAnswer != nil }
}

/// What faults have done on a connection; `LinkFaults` says when.
extension AppServerLink {
    /// Whether a step may meet a fault there, or one that was kept waits for it.
    @inline(__always)
    func mayBeBitten(at point: FaultPoint) -> Bool {
        node.faults.box.isLive(at: point) || stunned.keepsStanzas
    }

    func meet(_ step: FaultedStep, at point: FaultPoint) {
        if mayBeBitten(at: point) { faults.meet(step) } else { carryOut(step) }
    }

    /// Whether it makes sense to go on with a step that had to wait.
    var isUsable: Bool { transport != nil && !stunned.isMute && !session.isEnded }

    /// Deals with what came while a step had to wait.
    func catchUp() {
        guard isUsable else { return }
        handleEvents()
        node.touch(self)
    }

    // MARK: Steps

    /// The step as faults see it.
    func view(of step: FaultedStep) -> JournalEvent {
        let peer = peer.map { Participant($0) } ?? .appServer
        switch step {
        case .message(let message, let attempt):
            return view(
                message.kind == .receipt ? .receipt : .upstreamStanza, by: .relay,
                .upstream(message), attempt: attempt, state: .inFlight)
        case .answer(let answer, let addressee, let message):
            return view(
                .downstreamAnswer, by: .relay,
                .named(JournalEvent.Names(answering: message, addressee)), detail: answer.detail)
        case .acknowledgement(let pair):
            let names = JournalEvent.Names(messageID: pair.id, from: pair.token)
            guard let (message, attempts) = node.machine.inFlight(pair, on: id) else {
                return view(.upstreamAck, by: peer, .named(names))
            }
            return view(
                .upstreamAck, by: peer, .upstream(message), attempt: attempts, state: .inFlight)
        case .request(let request):
            return view(.downstreamStanza, by: peer, .named(JournalEvent.Names(request)))
        case .binding: return view(.connectionBound, by: peer, .nothing)
        case .login(let sender, _):
            return view(.loginAccepted, by: peer, .nothing, sender: sender)
        }
    }

    private func view(
        _ kind: JournalEvent.Kind, by actor: Participant, _ subject: JournalEvent.Subject,
        sender other: SenderID? = nil, attempt: Int? = nil, state: MessageState? = nil,
        detail: JournalEvent.Detail? = nil
    ) -> JournalEvent {
        JournalEvent(
            kind, at: node.now, by: actor, about: subject, sender: other ?? sender,
            connection: id.rawValue, attempt: attempt, state: state, detail: detail)
    }

    /// The observer hears of what came before it hears of the faults.
    func tellArrival(of step: FaultedStep) {
        switch step {
        case .acknowledgement(let pair): tell(.unheardAcknowledgement(pair, id))
        case .request(let request): tell(.request(request, id))
        case .message, .answer, .binding, .login: break
        }
    }

    /// Does a step that no fault bit.
    func carryOut(_ step: FaultedStep) {
        switch step {
        case .message(let message, _):
            session.transmit(message)
            node.touch(self)
        case .answer(let answer, let addressee, let message):
            write(answer, to: addressee, message)
        case .acknowledgement(let pair):
            let use = acknowledged(pair, now: node.now)
            tell(.acknowledgement(pair, use, id))
        case .request(let request):
            tell(.request(request, id))
            requested(request)
        case .binding(let sender, let jid): bind(sender, jid)
        case .login(let sender, let key): logIn(sender, key: key)
        }
    }

    /// Does what faults left of a step.
    func carryOut(_ bitten: BittenStep) {
        let event = bitten.event
        switch bitten.step {
        case .message(let message, _):
            tell(.belatedMessage(message.pair, after: event, id))
            write(bitten)
        case .answer(let answer, let addressee, let message):
            tell(.belatedAnswer(answer, to: addressee, message, after: event, id))
            write(bitten)
        case .acknowledgement(let pair):
            let use = acknowledged(pair, now: node.now)
            tell(.belatedAcknowledgement(pair, use, after: event, id))
        case .request(let request):
            tell(.belatedRequest(request.id, after: event, id))
            requested(request)
        case .binding(let sender, let jid):
            writeBindingAnswer()
            bind(sender, jid)
        case .login(let sender, let key): logIn(sender, key: key)
        }
    }

    /// Writes a stanza, with its bits turned over; returns where it begins in the output.
    @discardableResult
    private func write(_ bitten: BittenStep) -> Int {
        let start = session.output.count
        switch bitten.step {
        case .message(let message, _): session.transmit(message)
        case .answer(let answer, let addressee, let message):
            session.answer(answer, to: addressee, message)
        case .acknowledgement, .request, .binding, .login: break
        }
        let bits = (session.output.count - start) * 8
        for draw in bitten.turns where bits > 0 {
            session.output.turnBit(start * 8 + Int(draw % UInt64(bits)))
        }
        node.touch(self)
        return start
    }

    private func tell(_ stanza: RelayStanza) {
        node.hearer?.passed(stanza)
    }

    // MARK: Deeds

    func refuse(_ bitten: BittenStep, code: String) {
        let (message, addressee): (MessageID, String)
        switch bitten.step {
        case .acknowledgement(let pair): (message, addressee) = (pair.id, pair.token.text)
        case .request(let request): (message, addressee) = (request.id, request.addressee)
        case .answer(_, let to, let id): (message, addressee) = (id, to)
        case .message, .binding, .login: preconditionFailure("no NACK answers it")
        }
        // The NACK of an ACK is no answer to a request; the fault tells it.
        if bitten.step.point != .upstreamAck {
            tell(.refused(message, to: addressee, code: code, after: bitten.event, id))
        }
        session.refuse(message, to: addressee, code: code, description: "a fault")
        node.touch(self)
    }

    /// Breaks the connection off in the middle of what was to be written.
    func reset(instead bitten: BittenStep) {
        let start = write(bitten)
        session.output.removeSubrange((start + (session.output.count - start) / 2)...)
        flush(now: node.now)
        stunned.isMute = true
        stunned.reason = .failed("a fault reset the connection")
        transport?.reset()
    }

    /// Ends the stream, and the connection after it.
    func finish() {
        stunned.bindingAnswer = nil
        session.end()
        node.touch(self)
    }

    func fallSilent() {
        flush(now: node.now)
        transport?.isReading = false
        stunned.isMute = true
    }

    /// Refuses a login, or ends the connection as if the sender had too many.
    func refuseEntry(_ bitten: BittenStep) {
        switch bitten.step {
        case .login(let sender, _):
            node.observer.refused(id, nil, .login(.onPurpose(sender)))
            session.refuseLogin()
            node.touch(self)
        case .binding:
            writeBindingAnswer()
            end(.tooManyConnections)
        case .message, .answer, .acknowledgement, .request:
            preconditionFailure("only who comes in is refused")
        }
    }

    // MARK: The answer to the binding

    func keepBindingAnswer() {
        stunned.bindingAnswer = session.takeBindingAnswer()
    }

    private func writeBindingAnswer() {
        guard let answer = stunned.bindingAnswer else { return }
        stunned.bindingAnswer = nil
        session.output += answer
        node.touch(self)
    }
}
