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
        /// The relay sends nothing new on this connection.
        case draining
        /// The relay did not understand an ACK or a request, and why.
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
        guard !stream.isEnded else { return }
        json.removeAll(keepingCapacity: true)
        json.append(contentsOf: #"{"to":"#.utf8)
        JSONStrings.append(pair.token.text, to: &json)
        json.append(contentsOf: #","message_id":"#.utf8)
        JSONStrings.append(pair.id.text, to: &json)
        json.append(contentsOf: #","message_type":"ack"}"#.utf8)
        stream.output.bytes.append(
            contentsOf: #"<message id=""><gcm xmlns="google:mobile:data">"#.utf8)
        stream.output.text(json)
        stream.output.bytes.append(contentsOf: "</gcm></message>".utf8)
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
            if element.type == "error" { return refusal(StanzaError(in: element)) }
            return element.child("gcm", in: GCMNamespace.data).flatMap { read($0.text) }
        case .iq:
            answer(element)
            return nil
        case .presence, nil:
            return nil
        }
    }

    private func refusal(_ error: StanzaError?) -> Event {
        .refused(
            error: error?.legacyCode.map(String.init) ?? error?.condition.rawValue ?? "error",
            description: error?.text ?? "")
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
        case "nack":
            return .refused(
                error: frame.error ?? "", description: frame.errorDescription ?? "")
        default:
            // Answers and receipts come with downstream; what is not known is ignored.
            return nil
        }
    }
}
