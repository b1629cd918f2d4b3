import AppServerMachine
import XMPP
import XMPPSessions

// What the session reads, as the machine wants it.

extension ReceivedMessage {
    init(_ frame: AppServerSession.UpstreamFrame) {
        self.init(
            frame.pair, category: frame.category, data: frame.data,
            timeToLive: frame.timeToLive)
    }
}

extension ReceivedReceipt {
    init(_ frame: AppServerSession.ReceiptFrame) {
        self.init(
            receiptID: frame.messageID, from: frame.from, messageID: frame.originalMessageID,
            token: frame.registrationID, status: frame.status,
            sentTimestamp: frame.sentTimestamp, category: frame.category)
    }
}

extension DownstreamAnswer {
    init(_ frame: AppServerSession.AnswerFrame) {
        let failed = frame.failedRegistrationIDs
        let verdict: Verdict =
            switch frame.verdict {
            case .ack(let registrationID):
                .accepted(
                    DownstreamAcceptance(canonicalToken: registrationID, failedTokens: failed))
            case .nack(let error, let description):
                .refused(
                    DownstreamRefusal(
                        DownstreamError(nack: error), description, failedTokens: failed))
            case .stanzaError(let error):
                .refused(
                    DownstreamRefusal(DownstreamError(error), error.text ?? "", failedTokens: []))
            }
        self.init(messageID: frame.messageID, from: frame.from, verdict)
    }
}

extension DownstreamError {
    /// A stanza error has no code of GCM; the nearest one, so that an application has to know one
    /// list only.
    fileprivate init(_ error: StanzaError) {
        switch error.condition {
        case .badRequest: self.init(nack: "INVALID_JSON")
        case .serviceUnavailable: self.init(nack: "SERVICE_UNAVAILABLE")
        case .internalServerError: self.init(nack: "INTERNAL_SERVER_ERROR")
        default: self.init(final: error.condition.rawValue)
        }
    }
}
