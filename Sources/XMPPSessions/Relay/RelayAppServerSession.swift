package import CloudMessaging
package import RelayMachine
package import XMPP

/// The relay's end of an app server's stream, as the real connection server spoke it
/// (protocol sheet §1–3).
package struct RelayAppServerSession: Sendable {
    /// What the driver hands on to the machine, or to the log.
    package enum Event: Sendable {
        /// Credentials came; `acceptLogin()` or `refuseLogin()` answers them.
        case login(SenderID, key: String)
        /// The login was refused by the session itself, and why.
        case loginRefused(LoginFault)
        case bound(SenderID, JID)
        case acknowledgement(MessagePair)
        /// An ACK that names nothing; `BAD_ACK` is written.
        case badAcknowledgement(reason: String)
        /// A downstream request, its form checked; `answer(_:to:_:)` answers it.
        ///
        /// Its `message_type`, if it has one, is none that the service knows.
        case request(DownstreamRequest, messageType: String?)
        /// A request whose form is wrong; a NACK is written.
        case badRequest(reason: String, messageType: String?)
        /// A frame without an ID to answer; a stanza error is written.
        case unattributable(reason: String)
        case failed(StreamFault)
        /// The app server ended its stream, with an error or without.
        case ended(StreamError?)
    }

    /// In the order of the real service; only PLAIN was ever used (protocol sheet §1.3).
    private static let mechanisms = ["X-OAUTH2", "X-GOOGLE-TOKEN", "PLAIN"]

    private let quirks: WireQuirks
    private var stream = XMLStream()
    private var negotiation: ReceivingNegotiation
    private var sender: SenderID?
    /// The domain that the app server logged in with.
    private var loginDomain: String?
    private var jid: JID?
    private var writer: MessageWriter?
    /// Bytes of the answer to the binding.
    private var bindingAnswerSize = 0

    package init(quirks: WireQuirks, entropy: Entropy) {
        self.quirks = quirks
        let offer = ReceivingNegotiation.Offer(
            mechanisms: Self.mechanisms, streamManagement: false, brokenXML: .invalidXML,
            explainsRefusals: false, quirks: quirks)
        negotiation = ReceivingNegotiation(offer: offer, entropy: entropy)
    }

    // MARK: Bytes

    /// Bytes to be written to the peer; the driver empties it.
    package var output: [UInt8] {
        get { stream.output.bytes }
        _modify { yield &stream.output.bytes }
    }

    /// Whether our side of the stream has ended: the connection is closed once the output is out.
    package var isEnded: Bool { negotiation.isEnded }

    /// Whether the peer waits for the decision about its login.
    package var isAwaitingDecision: Bool { negotiation.isLoginUnderWay }

    package mutating func receive(_ bytes: UnsafeRawBufferPointer) {
        stream.receive(bytes)
    }

    /// Gives back what an idle stream does not need.
    package mutating func releaseMemory() {
        stream.releaseMemory()
        writer?.releaseMemory()
    }

    /// The next event; nil: more bytes, or the login's decision, are needed first.
    package mutating func nextEvent() -> Event? {
        while let step = negotiation.next(&stream) {
            if let event = handle(step) { return event }
        }
        return nil
    }

    /// Takes the answer to the binding back from the output, right after `.bound`, if it is not to
    /// be written yet.
    package mutating func takeBindingAnswer() -> [UInt8] {
        let start = output.count - bindingAnswerSize
        let answer = Array(output[start...])
        output.removeSubrange(start...)
        return answer
    }

    // MARK: What the driver orders

    package mutating func acceptLogin() {
        negotiation.acceptLogin(&stream)
    }

    package mutating func refuseLogin() {
        negotiation.refuseLogin(.notAuthorized, nil, &stream)
    }

    package mutating func transmit(_ message: UpstreamMessage) {
        guard !stream.isEnded else { return }
        writer?.upstream(message, to: &stream.output)
    }

    /// Answers an ACK for something that this connection did not carry (protocol sheet §2.3).
    package mutating func rejectAcknowledgement(_ pair: MessagePair) {
        var json = Array(#"{"to":"#.utf8)
        JSONStrings.append(pair.token.text, to: &json)
        json += Array(#","message_id":"#.utf8)
        JSONStrings.append(pair.id.text, to: &json)
        json += Array(#","message_type":"ack"}"#.utf8)
        writeError(
            StanzaError(
                .modify, .notAcceptable,
                text: "Received acks for messages not sent over this connection",
                legacyCode: 406),
            echo: json, id: nil)
    }

    /// Answers a request (protocol sheet §3.2).
    package mutating func answer(
        _ answer: DownstreamAnswer, to addressee: String, _ id: MessageID
    ) {
        guard !stream.isEnded else { return }
        switch answer {
        case .ack(let canonical):
            writer?.ack(
                to: addressee, messageID: id.text, canonical: canonical, to: &stream.output)
        case .group(let reached, let failed):
            writer?.group(
                reached: reached, failed: failed, to: addressee, messageID: id.text,
                to: &stream.output)
        case .nack(let error, let description):
            writer?.nack(
                error.rawValue, description, to: addressee, messageID: id.text, to: &stream.output)
        }
    }

    /// Answers a request or an ACK with a NACK of any code, as the real service never did.
    package mutating func refuse(
        _ id: MessageID, to addressee: String, code: String, description: String
    ) {
        guard !stream.isEnded else { return }
        writer?.nack(
            code, description, to: addressee, messageID: id.text, to: &stream.output)
    }

    package mutating func announceDraining() {
        guard !stream.isEnded else { return }
        writer?.draining(to: &stream.output)
    }

    /// One blank between stanzas: the real service's sign of life (protocol sheet §1.7).
    package mutating func writeKeepalive() {
        guard negotiation.isBound else { return }
        stream.output.bytes.append(UInt8(ascii: " "))
    }

    /// Ends the stream, with an error or without.
    package mutating func end(_ fault: StreamFault? = nil) {
        guard !negotiation.isEnded else { return }
        if let fault {
            negotiation.fail(fault, &stream)
        } else {
            negotiation.end(&stream)
        }
    }

    // MARK: Steps

    private mutating func handle(_ step: consuming ReceivingNegotiation.Step) -> Event? {
        switch consume step {
        case .login(let credentials): login(credentials)
        case .loginRefused(let fault): .loginRefused(fault)
        case .bind(let request): bind(request)
        case .early(let element):
            fail(.notAuthorized, "<\(element.name)/> came before the login")
        case .stanza(let element): handle(element)
        case .ended(let error): .ended(error)
        case .failed(let fault): .failed(fault)
        }
    }

    private mutating func login(_ credentials: SASLPlain) -> Event {
        guard let (sender, domain) = Self.address(credentials.authenticationID) else {
            refuseLogin()
            return .loginRefused(.noSenderID(credentials.authenticationID))
        }
        if !credentials.authorizationID.isEmpty,
            !credentials.authorizationID.utf8.elementsEqual(credentials.authenticationID.utf8)
        {
            let fault = LoginFault.authorizationID(credentials.authorizationID)
            negotiation.refuseLogin(.invalidAuthzid, fault, &stream)
            return .loginRefused(fault)
        }
        self.sender = sender
        loginDomain = domain
        return .login(sender, key: credentials.password)
    }

    /// The sender that a login names, and the domain if it names one too.
    private static func address(_ name: String) -> (SenderID, domain: String?)? {
        let parts = name.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
        guard let sender = SenderID(String(parts[0])) else { return nil }
        guard parts.count == 2, !parts[1].isEmpty else { return (sender, nil) }
        guard let jid = try? JID(local: sender.text, domain: String(parts[1])) else { return nil }
        return (sender, jid.domain)
    }

    private mutating func bind(_ request: IQ) -> Event? {
        guard let sender else { preconditionFailure("nobody binds before the login") }
        let resource = negotiation.resource(
            proposed: ResourceBinding.proposedResource(request))
        do throws(JIDError) {
            let jid = try JID(
                local: sender.text, domain: loginDomain ?? negotiation.domain,
                resource: resource)
            self.jid = jid
            writer = MessageWriter(quirks: quirks, jid: jid)
            let start = output.count
            negotiation.bind(jid, request, &stream)
            bindingAnswerSize = output.count - start
            return .bound(sender, jid)
        } catch {
            stream.write(
                request.refusal(
                    StanzaError(.modify, .badRequest, text: error.description)
                ).element)
            return nil
        }
    }

    private mutating func handle(_ element: Element) -> Event? {
        switch element.stanzaKind {
        case .message: return handleMessage(element)
        case .iq: answer(element)
        case .presence: break
        case nil:
            return fail(.unsupportedStanzaType, "<\(element.name)/> is no stanza of this service")
        }
        return nil
    }

    private mutating func handleMessage(_ element: Element) -> Event? {
        guard element.type != "error" else { return nil }
        guard let gcm = element.firstChild("gcm", in: GCMNamespace.data) else {
            let reason = "a message needs <gcm xmlns=\"google:mobile:data\">"
            writeError(
                StanzaError(.modify, .badRequest, text: reason, legacyCode: 400),
                echo: nil, id: element.id)
            return .unattributable(reason: reason)
        }
        switch AppServerFrame(element.children[gcm].text, bound: quirks.condition) {
        case .acknowledgement(let pair):
            return .acknowledgement(pair)
        case .badAcknowledgement(let reason, let to, let messageID):
            writer?.nack(
                DownstreamError.badAcknowledgement.rawValue, reason, to: to, messageID: messageID,
                to: &stream.output)
            return .badAcknowledgement(reason: reason)
        case .request(let request, let messageType):
            return .request(request, messageType: messageType)
        case .badRequest(let fault, let to, let messageID, let messageType):
            writer?.nack(
                DownstreamError.invalidJSON.rawValue, fault.description, to: to,
                messageID: messageID, to: &stream.output)
            return .badRequest(reason: fault.description, messageType: messageType)
        case .unattributable(let reason):
            let text = "InvalidJson: JSON_PARSING_ERROR : \(reason)"
            writeError(
                StanzaError(.modify, .badRequest, text: text, legacyCode: 400),
                echo: element.children[gcm].text, id: element.id)
            return .unattributable(reason: reason)
        }
    }

    private mutating func answer(_ element: Element) {
        guard let iq = IQ(element), iq.kind == .get || iq.kind == .set else { return }
        if Ping.isRequest(iq) || ResourceBinding.isSessionRequest(iq) {
            stream.write(iq.result().element)
        } else {
            stream.write(iq.refusal(StanzaError(.cancel, .serviceUnavailable)).element)
        }
    }

    // MARK: Errors

    private mutating func fail(_ condition: StreamError.Condition, _ reason: String) -> Event {
        let fault = StreamFault(condition, reason)
        negotiation.fail(fault, &stream)
        return .failed(fault)
    }

    /// A stanza error in the shape of the real service (protocol sheet §2.3, §3.2).
    private mutating func writeError(_ error: StanzaError, echo json: [UInt8]?, id: String?) {
        var attributes: [Attribute] = []
        // An empty ID, as documented, makes some XMPP libraries fall over.
        if let id, !id.isEmpty {
            attributes.append(Attribute("id", id))
        } else if quirks.stanzaID == .empty {
            attributes.append(Attribute("id", ""))
        }
        attributes.append(Attribute("type", "error"))
        if let jid { attributes.append(Attribute("to", jid.description)) }
        let echo = json.map { [Element("gcm", namespace: GCMNamespace.data, text: $0)] } ?? []
        stream.write(
            Element(
                "message", namespace: Namespace.client, attributes: attributes,
                children: echo + [error.element]))
    }
}
