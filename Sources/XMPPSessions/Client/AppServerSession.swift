package import CloudMessaging
package import XMPP

/// An app server's end of its stream to the relay.
///
/// Knows payloads by namespace and local name, never by prefix or attribute, so that it also
/// understands the real service and the form drawn in the documentation.
package struct AppServerSession: Sendable {
    package enum Event: Sendable {
        case bound(JID)
        /// An upstream message; ACKed on this session by `acknowledge(_:)`.
        case upstream(UpstreamFrame)
        /// The answer to a request, whichever of the three forms it has.
        case answer(AnswerFrame)
        /// A delivery receipt; ACKed by `acknowledge(to:messageID:)` with its full ID.
        case receipt(ReceiptFrame)
        /// The relay sends nothing new on this connection.
        case draining
        /// The relay did not accept an ACK, or something that it cannot name, and why.
        case refused(error: String, description: String)
        case loginRefused(SASLFailure)
        case failed(StreamFault)
        /// The relay ended the stream.
        case ended(StreamError?)
    }

    /// An upstream message as it stood in its stanza.
    package struct UpstreamFrame: Sendable {
        package let pair: MessagePair
        /// Which app sent it; some captured stanzas lack it.
        package let category: String?
        package let data: DataPayload
        package let timeToLive: Int?
    }

    /// An answer to a downstream request (protocol sheet §3.2).
    package struct AnswerFrame: Sendable {
        package enum Verdict: Sendable {
            /// - registrationID: the canonical token, when the one that was used is superseded.
            case ack(registrationID: String?)
            case nack(error: String, description: String)
            /// The relay could not attribute the request.
            case stanzaError(StanzaError)
        }

        /// What the answer names; of a stanza error, what the request that it echoes named.
        package let messageID: String?
        /// The `to` of the request.
        package let from: String?
        package let verdict: Verdict
        /// Members of a device group that the message will not reach.
        package let failedRegistrationIDs: [String]
    }

    /// A delivery receipt as it stood in its stanza (protocol sheet §3.5).
    package struct ReceiptFrame: Sendable {
        /// With its `dr2:`.
        package let messageID: String
        /// The relay's own address.
        package let from: String
        package let category: String?
        package let originalMessageID: String
        package let status: String?
        package let registrationID: String?
        /// Milliseconds since 1970.
        package let sentTimestamp: Int64?
    }

    private var stream = XMLStream()
    private var negotiation: InitiatingNegotiation
    private let credentials: SASLPlain
    private var json: [UInt8] = []

    package init(sender: SenderID, key: String, domain: String = "gcm.googleapis.com") {
        credentials = SASLPlain(authenticationID: "\(sender)@\(domain)", password: key)
        negotiation = InitiatingNegotiation(domain: domain, resource: nil)
    }

    // MARK: Bytes

    /// Bytes to be written to the peer; the driver empties it.
    package var output: [UInt8] {
        get { stream.output.bytes }
        _modify { yield &stream.output.bytes }
    }

    package var isEnded: Bool { negotiation.isEnded }

    /// Opens the stream: the TLS connection is there.
    package mutating func start() {
        negotiation.start(&stream)
    }

    package mutating func receive(_ bytes: UnsafeRawBufferPointer) {
        stream.receive(bytes)
    }

    package mutating func nextEvent() -> Event? {
        while let step = negotiation.next(&stream) {
            if let event = handle(step) { return event }
        }
        return nil
    }

    // MARK: What the driver orders

    /// ACKs a message that came on this session (guide page, "Sending an ACK message").
    package mutating func acknowledge(_ pair: MessagePair) {
        acknowledge(to: pair.token.text, messageID: pair.id.text)
    }

    /// ACKs what came on this session: `to` is its `from`.
    package mutating func acknowledge(to: String, messageID: String) {
        guard !stream.isEnded else { return }
        json.removeAll(keepingCapacity: true)
        json.append(contentsOf: #"{"to":"#.utf8)
        JSONStrings.append(to, to: &json)
        json.append(contentsOf: #","message_id":"#.utf8)
        JSONStrings.append(messageID, to: &json)
        json.append(contentsOf: #","message_type":"ack"}"#.utf8)
        stream.output.bytes.append(
            contentsOf: #"<message id=""><gcm xmlns="google:mobile:data">"#.utf8)
        stream.output.text(json)
        stream.output.bytes.append(contentsOf: "</gcm></message>".utf8)
    }

    /// Asks for a message to be delivered downstream (protocol sheet §3.1).
    ///
    /// - Parameter messageID: the stanza gets it as `id`: a stanza error may repeat nothing else.
    package mutating func request(_ messageID: MessageID, json: [UInt8]) {
        write(json: json, messageID: messageID)
    }

    /// Writes a stanza with this text in its `<gcm>`, whatever it means.
    ///
    /// - Parameter messageID: the stanza's `id`; nil: it is empty.
    package mutating func write(json: [UInt8], messageID: MessageID?) {
        guard !stream.isEnded else { return }
        stream.output.openTag("message")
        stream.output.attribute("id", messageID?.text ?? "")
        stream.output.markup(#"><gcm xmlns="google:mobile:data">"#)
        stream.output.text(json)
        stream.output.markup("</gcm></message>")
    }

    package mutating func end() {
        guard !negotiation.isEnded else { return }
        negotiation.end(&stream)
    }

    // MARK: Steps

    private mutating func handle(_ step: InitiatingNegotiation.Step) -> Event? {
        switch step {
        case .offered:
            negotiation.logIn(credentials, &stream)
            return nil
        case .loginRefused(let failure):
            return .loginRefused(failure)
        case .bound(let jid, _):
            return .bound(jid)
        case .stanza(let element):
            return handle(element)
        case .early:
            return nil
        case .ended(let error):
            return .ended(error)
        case .failed(let fault):
            return .failed(fault)
        }
    }

    private mutating func handle(_ element: Element) -> Event? {
        switch element.stanzaKind {
        case .message:
            let json = element.child("gcm", in: GCMNamespace.data)?.text
            if element.type == "error" { return refusal(element, echo: json) }
            return json.flatMap { read($0) }
        case .iq:
            answer(element)
            return nil
        case .presence, nil:
            return nil
        }
    }

    /// A stanza error answers a request, unless what it echoes was an ACK or it names nothing.
    private func refusal(_ element: Element, echo json: [UInt8]?) -> Event {
        let error = StanzaError(in: element) ?? StanzaError(.cancel, .undefinedCondition)
        let echo = json.flatMap { try? RelayFrame($0) }
        let messageID = echo?.messageID ?? element.id
        guard echo?.messageType != "ack", let messageID, !messageID.isEmpty else {
            return .refused(
                error: error.legacyCode.map(String.init) ?? error.condition.rawValue,
                description: error.text ?? "")
        }
        return .answer(
            AnswerFrame(
                messageID: messageID, from: nil, verdict: .stanzaError(error),
                failedRegistrationIDs: []))
    }

    private mutating func answer(_ element: Element) {
        guard let iq = IQ(element), iq.kind == .get || iq.kind == .set else { return }
        if Ping.isRequest(iq) {
            stream.write(iq.result().element)
        } else {
            stream.write(iq.refusal(StanzaError(.cancel, .serviceUnavailable)).element)
        }
    }

    /// Dispatches on `message_type`: absent means upstream (protocol sheet §10, app server).
    private func read(_ json: [UInt8]) -> Event? {
        guard let frame = try? RelayFrame(json) else { return nil }
        switch frame.messageType {
        case nil:
            guard let from = frame.from, let id = frame.messageID.flatMap({ MessageID($0) })
            else { return nil }
            return .upstream(
                UpstreamFrame(
                    pair: MessagePair(token: RegistrationToken(from), id: id),
                    category: frame.category, data: frame.data ?? .empty,
                    timeToLive: frame.timeToLive))
        case "control" where frame.controlType == "CONNECTION_DRAINING":
            return .draining
        case "ack":
            return answer(frame, .ack(registrationID: frame.registrationID))
        case "nack" where frame.error == "BAD_ACK":
            return .refused(error: "BAD_ACK", description: frame.errorDescription ?? "")
        case "nack":
            let verdict = AnswerFrame.Verdict.nack(
                error: frame.error ?? "", description: frame.errorDescription ?? "")
            return answer(frame, verdict)
        case "receipt":
            return receipt(frame)
        default:
            // The documentation wants what is not known to be ignored.
            return nil
        }
    }

    private func answer(_ frame: RelayFrame, _ verdict: AnswerFrame.Verdict) -> Event {
        .answer(
            AnswerFrame(
                messageID: frame.messageID, from: frame.from, verdict: verdict,
                failedRegistrationIDs: frame.failedRegistrationIDs))
    }

    private func receipt(_ frame: RelayFrame) -> Event? {
        guard let messageID = frame.messageID, let from = frame.from else { return nil }
        let details = ReceiptDetails(frame.data)
        return .receipt(
            ReceiptFrame(
                messageID: messageID, from: from, category: frame.category,
                originalMessageID: details.originalMessageID
                    ?? ReceiptDetails.messageID(ofReceipt: messageID),
                status: details.status, registrationID: details.registrationID,
                sentTimestamp: details.sentTimestamp))
    }
}
