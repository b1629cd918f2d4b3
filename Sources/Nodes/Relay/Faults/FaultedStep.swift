import CloudMessaging
import Faults
import RelayMachine
import XMPP

/// What happens on an app server's connection where faults may bite.
enum FaultedStep {
    /// A message or a receipt is to be written.
    case message(UpstreamMessage, attempt: Int)
    /// The answer to a request is to be written.
    case answer(DownstreamAnswer, to: String, MessageID)
    case acknowledgement(MessagePair)
    case request(DownstreamRequest)
    case binding(SenderID, JID)
    case login(SenderID, key: String)

    var point: FaultPoint {
        switch self {
        case .message(let message, _): message.kind == .receipt ? .receipt : .upstreamStanza
        case .answer: .downstreamAnswer
        case .acknowledgement: .upstreamAck
        case .request: .downstreamStanza
        case .binding: .connection
        case .login: .login
        }
    }
}

/// A step that faults bit, as far as it is still to be done.
struct BittenStep {
    var step: FaultedStep
    /// Each chooses a bit of the stanza that is turned over when it is written.
    var turns: [UInt64] = []
    /// The event that tells of the faults, if somebody keeps it.
    let event: UInt64?

    /// Turns one bit over: of what is read in its `message_id`, so that it can still be read.
    func corrupted(by draw: UInt64) -> BittenStep {
        var bitten = self
        switch step {
        case .acknowledgement(let pair):
            bitten.step = .acknowledgement(
                MessagePair(token: pair.token, id: pair.id.withBitTurned(draw)))
        case .request(let request):
            bitten.step = .request(request.renamed(request.id.withBitTurned(draw)))
        case .message, .answer: bitten.turns.append(draw)
        case .binding, .login: preconditionFailure("no bit of a login is turned over")
        }
        return bitten
    }
}

extension MessageID {
    /// The ID with another bit: the one that was drawn, or the next whose turn leaves an ID.
    fileprivate func withBitTurned(_ draw: UInt64) -> MessageID {
        let bytes = Array(text.utf8)
        let bits = bytes.count * 8
        let first = Int(draw % UInt64(bits))
        for bit in first..<(first + bits) {
            var turned = bytes
            turned.turnBit(bit % bits)
            if let text = String(validating: turned, as: UTF8.self), let id = MessageID(text) {
                return id
            }
        }
        return self
    }
}

extension [UInt8] {
    /// Turns over one bit, counted from the first byte's lowest.
    mutating func turnBit(_ bit: Int) {
        self[bit / 8] ^= 1 << (bit % 8)
    }
}

extension DownstreamRequest {
    fileprivate func renamed(_ id: MessageID) -> DownstreamRequest {
        DownstreamRequest(
            target: target, addressee: addressee, id: id, collapseKey: collapseKey,
            timeToLive: timeToLive, wantsReceipt: wantsReceipt, isDryRun: isDryRun,
            needsAPNS: needsAPNS, content: content)
    }
}
