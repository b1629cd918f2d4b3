import AppServerMachine
import CloudMessaging

extension GCMAppServer {
    /// The relay's word that it has taken a downstream message; the device has not got it yet.
    public struct Acceptance: Hashable, Sendable {
        /// The message's ID, given or made.
        public let messageID: String
        /// The token that the device has now, to be stored in place of the one that was used. Nil:
        /// that one is good.
        public let canonicalRegistrationID: String?
        /// Members of a device group that the message will not reach.
        public let failedRegistrationIDs: [String]
    }

    /// Sends a message downstream and waits for the relay's answer, at most
    /// ``Configuration/sendTimeout``.
    ///
    /// It may be called before ``run()``, and from many tasks at the same time. Messages are
    /// written in the order of the calls, each on the connection with the fewest unanswered ones.
    /// A connection carries at most 100 of those; up to 10,000 further messages are kept in memory
    /// until it is their turn, and the next call fails.
    ///
    /// A message that the relay refuses for the time being is sent again on the same connection
    /// with growing pauses, ``Configuration/tries`` times in all, and holds its place among the
    /// 100 meanwhile. One that a draining connection refuses goes to another at once.
    ///
    /// A message whose connection ends before the answer is *not* sent again: the relay may have
    /// taken it, and only the application knows whether the device may get it twice.
    ///
    /// When the time is over, a message that was not written is forgotten. One that was written
    /// keeps its place among the 100 until its connection ends or its late answer comes; the relay
    /// may have taken it.
    ///
    /// If the task is cancelled, the call ends at once; what was written cannot be taken back.
    ///
    /// - Throws: `SendError`, when there is no ACK.
    @discardableResult
    public func send(_ message: DownstreamMessage) async throws(SendError) -> Acceptance {
        let messageID = message.messageID ?? Self.makeMessageID()
        guard let id = MessageID(messageID) else {
            throw SendError(
                .invalidMessage, messageID: messageID,
                "a message ID has 1 to \(Limits.messageIDBytes.upperBound) bytes of UTF-8 that XML "
                    + "can carry; this one is \"\(messageID)\"")
        }
        let outgoing = OutgoingMessage(message, id: id)
        guard outgoing.stanzaBytes <= OutgoingMessage.longestStanza else {
            throw SendError(
                .invalidMessage, messageID: messageID,
                "the message takes \(outgoing.stanzaBytes) bytes of XML; a relay breaks off a "
                    + "connection that brings more than \(OutgoingMessage.longestStanza), with all "
                    + "other messages on it")
        }
        guard let outcome = await requests.send(outgoing) else {
            throw SendError(
                .cancelled, messageID: messageID,
                "the wait for the relay's answer was cancelled; it may have taken the message")
        }
        return try Acceptance(outcome, messageID: messageID)
    }

    /// 64 random bits: nobody else uses it.
    private static func makeMessageID() -> String {
        var entropy = Entropy(seed: .random(in: .min ... .max))
        return entropy.nextHex(count: 16)
    }
}

extension GCMAppServer.Acceptance {
    init(_ outcome: DownstreamOutcome, messageID: String) throws(GCMAppServer.SendError) {
        switch outcome {
        case .accepted(let acceptance):
            self.init(
                messageID: messageID, canonicalRegistrationID: acceptance.canonicalToken,
                failedRegistrationIDs: acceptance.failedTokens)
        case .refused(let refusal):
            let nack = GCMAppServer.Nack(
                error: .init(name: refusal.error.name), description: refusal.description,
                failedRegistrationIDs: refusal.failedTokens)
            throw .init(
                .refused, messageID: messageID, nack: nack,
                "the relay refused the message: \(nack.error.name)"
                    + (nack.description.isEmpty ? "" : ": \(nack.description)"))
        case .unanswered(let reason):
            throw .init(
                .unanswered, messageID: messageID,
                "no answer (\(reason)): the relay may have taken the message or not")
        case .notSent(let reason):
            throw .init(reason, messageID: messageID)
        }
    }
}

extension GCMAppServer.SendError {
    fileprivate init(_ reason: DownstreamOutcome.Reason, messageID: String) {
        switch reason {
        case .tooManyWaiting:
            self.init(
                .tooManyWaiting, messageID: messageID,
                "10000 messages wait to be sent already: wait for some answers first")
        case .timedOut:
            self.init(
                .timedOut, messageID: messageID,
                "the time for sending is over, and the relay does not have the message")
        case .stopped:
            self.init(
                .stopped, messageID: messageID,
                "the app server has ended and has not sent the message")
        case .loginRefused(let reason):
            self.init(.loginRefused, messageID: messageID, reason)
        }
    }
}

extension OutgoingMessage {
    /// What a relay reads at most, the stanza's tags included (`XMPP.ParserLimits`).
    fileprivate static let longestStanza = 65_536

    /// The bytes of the stanza around the JSON, its markup characters escaped.
    fileprivate var stanzaBytes: Int {
        let tags = 96 + 6 * id.text.utf8.count
        return json.reduce(into: tags) { bytes, byte in
            switch byte {
            case UInt8(ascii: "&"): bytes += 5
            case UInt8(ascii: "<"), UInt8(ascii: ">"): bytes += 4
            default: bytes += 1
            }
        }
    }
}
