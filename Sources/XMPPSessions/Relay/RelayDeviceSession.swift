package import CloudMessaging
import DequeModule
package import RelayMachine
package import XMPP

/// The relay's end of a device's stream: check-in, login, registration, uploads, and stream
/// management acknowledgements (XEP-0198, no resumption).
package struct RelayDeviceSession: Sendable {
    /// What the driver hands on to the machine, or to the log.
    package enum Event: Sendable {
        /// A device without identity asks for one; `answerCheckIn(_:)` answers.
        case checkIn
        /// Credentials came; `acceptLogin()` or `refuseLogin(_:)` answers them.
        case login(DeviceID, securityToken: String)
        case loginRefused(LoginFault)
        case bound
        /// The device acknowledges stanzas from now on: it may get deliveries.
        case ready
        /// It acknowledged so many more deliveries, oldest first.
        case delivered(Int)
        /// `answerRegistration(_:request:)` or `refuse(_:reason:request:)` answers.
        case register(Category, senders: [SenderID], request: String)
        /// `answer(_:request:)` answers.
        case appRequest(AppRequest, Category, request: String)
        /// A delivery, named by its ID or not, was for an app that is not on the device any more.
        case appIsGone(Category, MessageID?)
        case upload(Upload, Ticket)
        /// An upload that cannot become a message; `refuse` answers.
        case unusableUpload(UploadRefusal, Ticket)
        case failed(StreamFault)
        /// The device ended its stream, with an error or without.
        case ended(StreamError?)
    }

    private static let offer = ReceivingNegotiation.Offer(
        mechanisms: [SASLPlain.mechanism], streamManagement: true, brokenXML: .notWellFormed,
        explainsRefusals: true)

    private var stream = XMLStream()
    private var negotiation: ReceivingNegotiation
    private var device: DeviceID?
    /// The IQ of a check-in that was not answered yet.
    private var checkInID: String?
    /// Nil until the device turned acknowledgements on.
    var prefix: HandledPrefix?
    /// What we sent since acknowledgements were turned on, and which of it were deliveries.
    private var sent = SentStanzaCounter()
    private var unacknowledged: Deque<Bool> = []
    private var wantsAcknowledgement = false
    /// The stanza numbers of requests under way, by the bytes of their IDs.
    var requests: [[UInt8]: Ticket] = [:]

    package init(entropy: Entropy) {
        negotiation = ReceivingNegotiation(offer: Self.offer, entropy: entropy)
    }

    // MARK: Bytes

    /// Bytes to be written to the peer; the driver empties it.
    package var output: [UInt8] {
        get { stream.output.bytes }
        _modify { yield &stream.output.bytes }
    }

    /// Whether our side of the stream has ended: the connection is closed once the output is out.
    package var isEnded: Bool { negotiation.isEnded }

    /// Whether there are stanzas dealt with that the device does not know of.
    package var hasAcknowledgement: Bool { prefix?.hasNews ?? false }

    /// Whether the peer waits for the answer to its check-in, or the decision about its login.
    package var isAwaitingDecision: Bool { checkInID != nil || negotiation.isLoginUnderWay }

    package mutating func receive(_ bytes: UnsafeRawBufferPointer) {
        stream.receive(bytes)
    }

    /// Gives back what an idle stream does not need.
    package mutating func releaseMemory() {
        stream.releaseMemory()
    }

    /// The next event; nil: more bytes, or the login's decision, are needed first.
    package mutating func nextEvent() -> Event? {
        while let step = negotiation.next(&stream) {
            if let event = handle(step) { return event }
        }
        return nil
    }

    // MARK: What the driver orders

    package mutating func answerCheckIn(_ identity: DeviceIdentity) {
        guard let id = checkInID else { return }
        checkInID = nil
        stream.write(IQ(.result, id: id, payload: DeviceElements.checkInResult(identity)).element)
    }

    package mutating func acceptLogin() {
        negotiation.acceptLogin(&stream)
    }

    package mutating func refuseLogin(_ fault: LoginFault = .unknownDevice) {
        negotiation.refuseLogin(.notAuthorized, fault, &stream)
    }

    /// So many uploads, from one on, are on disk or finally dealt with.
    package mutating func finish(_ first: Ticket, count: Int = 1) {
        prefix?.finish(first, count: count)
    }

    /// Answers an upload with an error; the acknowledgement that covers it comes after.
    package mutating func refuse(
        _ id: UploadID?, _ error: UpstreamError, _ ticket: Ticket
    ) {
        var attributes = [Attribute("type", "error")]
        if let id { attributes.append(Attribute("id", id.text)) }
        stream.write(
            Element(
                "message", namespace: Namespace.client, attributes: attributes,
                children: [DeviceElements.error(error, text: nil).element]))
        didSend(isDelivery: false)
        prefix?.finish(ticket)
    }

    /// Writes a message, or the notice of dropped ones.
    package mutating func deliver(_ delivery: Delivery) {
        guard prefix != nil, !stream.isEnded else { return }
        switch delivery {
        case .message(let message, let sender):
            DeliveryStanza.write(message, from: sender, to: &stream.output)
        case .deletion(let notice, let registration):
            DeliveryStanza.write(notice, of: registration, to: &stream.output)
        }
        didSend(isDelivery: true)
        wantsAcknowledgement = true
    }

    /// Writes `<a h=…/>` if `h` has grown, and asks for the device's after deliveries.
    package mutating func writeAcknowledgements() {
        if prefix?.hasNews == true, let answer = prefix?.tell() { stream.write(answer.element) }
        if wantsAcknowledgement {
            wantsAcknowledgement = false
            stream.write(StreamManagement.request.element)
        }
    }

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
        case .login(let credentials): return login(credentials)
        case .loginRefused(let fault): return .loginRefused(fault)
        case .bind(let request): return bind(request)
        case .early(let element): return handleEarly(element)
        case .stanza(let element): return handle(element)
        case .ended(let error): return .ended(error)
        case .failed(let fault): return .failed(fault)
        }
    }

    private mutating func handleEarly(_ element: Element) -> Event? {
        guard let iq = IQ(element), let id = iq.id, DeviceElements.isCheckInRequest(iq),
            checkInID == nil
        else {
            return fail(.notAuthorized, "<\(element.name)/> came before the login")
        }
        checkInID = id
        return .checkIn
    }

    private mutating func login(_ credentials: SASLPlain) -> Event {
        guard let device = DeviceID(credentials.authenticationID) else {
            let fault = LoginFault.noDeviceID(credentials.authenticationID)
            refuseLogin(fault)
            return .loginRefused(fault)
        }
        self.device = device
        return .login(device, securityToken: credentials.password)
    }

    private mutating func bind(_ request: IQ) -> Event {
        let resource = negotiation.resource(proposed: nil)
        guard let device,
            let jid = try? JID(
                local: device.description, domain: negotiation.domain, resource: resource)
        else { preconditionFailure("digits and the service's name make an address") }
        negotiation.bind(jid, request, &stream)
        return .bound
    }

    private mutating func handle(_ element: Element) -> Event? {
        guard let kind = element.stanzaKind else {
            if let management = StreamManagement(element) { return handle(management) }
            return fail(.unsupportedStanzaType, "<\(element.name)/> is no stanza of this service")
        }
        guard let ticket = prefix?.receive() else {
            return fail(.policyViolation, "turn stream management on before the first stanza")
        }
        guard unacknowledged.count < Limits.unacknowledgedStanzas else {
            return fail(
                .policyViolation,
                "acknowledge what you get: \(unacknowledged.count) stanzas wait for an <a/>")
        }
        switch kind {
        case .message where element.type != "error":
            do throws(UploadRefusal) {
                return .upload(try UploadStanza.read(element), ticket)
            } catch {
                return .unusableUpload(error, ticket)
            }
        case .iq:
            return handleIQ(element, ticket)
        case .message:
            prefix?.finish(ticket)
            return DeviceElements.missingApp(element).map {
                .appIsGone($0, element.id.flatMap { MessageID($0) })
            }
        case .presence:
            prefix?.finish(ticket)
            return nil
        }
    }

    private mutating func handle(_ management: StreamManagement) -> Event? {
        switch management {
        case .enable where prefix == nil:
            prefix = HandledPrefix()
            stream.write(StreamManagement.enabled.element)
            return .ready
        case .request:
            if let answer = prefix?.tell() { stream.write(answer.element) }
        case .answer(let handled) where prefix != nil:
            guard let count = sent.didReceiveAnswer(handled: handled) else {
                return fail(.policyViolation, "acknowledges stanzas that were never sent")
            }
            var deliveries = 0
            for _ in 0..<count where unacknowledged.popFirst() == true { deliveries += 1 }
            return deliveries > 0 ? .delivered(deliveries) : nil
        case .enable, .enabled, .failed, .answer:
            return fail(.unsupportedStanzaType, "out of turn: stream management is on")
        }
        return nil
    }

    mutating func write(_ iq: IQ) {
        stream.write(iq.element)
        didSend(isDelivery: false)
    }

    /// Notes a stanza that the device is to acknowledge; one that lets them pile up is reminded.
    private mutating func didSend(isDelivery: Bool) {
        guard prefix != nil else { return }
        sent.didSend()
        unacknowledged.append(isDelivery)
        if unacknowledged.count.isMultiple(of: Limits.unacknowledgedStanzas / 4) {
            wantsAcknowledgement = true
        }
    }

    mutating func fail(_ condition: StreamError.Condition, _ reason: String) -> Event {
        let fault = StreamFault(condition, reason)
        negotiation.fail(fault, &stream)
        return .failed(fault)
    }
}
