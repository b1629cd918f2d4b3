import CloudMessaging
import Journal
import RelayMachine

extension JournalEvent.Names {
    /// What a request names.
    convenience init(_ request: DownstreamRequest) {
        self.init(
            messageID: request.id, from: request.target.token, content: request.content)
    }

    /// What an upload names.
    convenience init(_ upload: Upload) {
        self.init(
            messageID: upload.messageID, from: upload.claimedToken, category: upload.category,
            data: upload.data, upload: upload.id)
    }

    /// What the answer to an upload names: it repeats no payload.
    convenience init(answering upload: Upload) {
        self.init(
            messageID: upload.messageID, from: upload.claimedToken, category: upload.category,
            upload: upload.id)
    }

    /// What the answer to a request names.
    convenience init(answering message: MessageID, _ addressee: String) {
        let isCondition = addressee.hasPrefix("/") || addressee.contains(" ")
        self.init(messageID: message, from: isCondition ? nil : RegistrationToken(addressee))
    }
}

extension DownstreamRequest.Target {
    /// The device's token, or the notification key of a group.
    fileprivate var token: RegistrationToken? {
        switch self {
        case .registration(let token): token
        case .topic, .condition: nil
        }
    }
}

extension DownstreamAnswer {
    var detail: JournalEvent.Detail? {
        switch self {
        case .ack:
            nil
        case .nack(let error, let description):
            JournalEvent.Detail(error: error.rawValue, reason: description)
        case .group(let reached, let failed):
            JournalEvent.Detail(
                reason: failed.isEmpty ? nil : "\(failed.count) members are registered no more",
                count: reached)
        }
    }
}
