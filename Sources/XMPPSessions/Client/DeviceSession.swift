package import CloudMessaging
import DequeModule
package import XMPP

/// A device's end of its stream to the relay.
///
/// Stanzas are acknowledged as soon as they became events. So a driver writes the output only after
/// it has carried out what the events led to: what the relay may forget the apps were told.
package struct DeviceSession: Sendable {
    package enum Event: Sendable {
        /// The stream is open: check in or log in now.
        case opened
        case checkedIn(DeviceIdentity)
        /// The relay does not know the identity; the reason is its sentence.
        case identityUnknown(reason: String)
        /// Bound, and acknowledgements count from 0.
        case ready
        case registered(AppRegistration)
        case registrationRefused(Category, AppRequest.Refusal)
        /// The relay's answer to the request of that number.
        case answered(Int64, AppRequest.Answer)
        /// The relay dealt with the first so many uploads of this stream.
        case taken(count: Int)
        case refused(UploadID, UpstreamError)
        /// A downstream message; it may be a repeat.
        case received(DeliveredMessage)
        /// The relay dropped so many messages for the app.
        case messagesDeleted(Category, total: Int)
        /// A delivery that no app can get; the relay will not send it again.
        case unusableDelivery(reason: String)
        /// A newer login of the same device.
        case replaced
        case failed(StreamFault)
        /// The relay ended the stream.
        case ended(StreamError?)
    }

    private enum Question {
        case registration(Category)
        case request(AppRequest, number: Int64)
    }

    private var stream = XMLStream()
    private var negotiation: InitiatingNegotiation
    private var nextRequest = 1
    /// What is not answered, by the ID of the IQ.
    private var questions: [String: Question] = [:]
    private var sent = SentStanzaCounter()
    /// Of each stanza without an acknowledgement, whether it is an upload.
    private var unacknowledged: Deque<Bool> = []
    private var takenUploads = 0
    /// Stanzas of the relay since acknowledgements were turned on; nil before that.
    private var handled: HandledStanzaCounter?
    /// What the relay was told last.
    private var toldHandled: UInt32 = 0

    package init(domain: String = "gcm.googleapis.com") {
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

    package mutating func checkIn() {
        stream.write(DeviceElements.checkInRequest(id: takeRequestID()).element)
    }

    package mutating func authenticate(_ identity: DeviceIdentity) {
        negotiation.logIn(
            SASLPlain(
                authenticationID: identity.id.description, password: identity.securityToken),
            &stream)
    }

    package mutating func register(_ category: Category, senders: [SenderID]) {
        guard !stream.isEnded else { return }
        let id = takeRequestID()
        questions[id] = .registration(category)
        stream.write(
            DeviceElements.registerRequest(category, senders: senders, id: id).element)
        didSend(isUpload: false)
    }

    /// - Parameter number: names the request in its answer.
    package mutating func request(_ request: AppRequest, of category: Category, number: Int64) {
        guard !stream.isEnded else { return }
        let id = takeRequestID()
        questions[id] = .request(request, number: number)
        stream.write(DeviceElements.request(request, of: category, id: id).element)
        didSend(isUpload: false)
    }

    /// Tells the relay that a delivery is for an app that is not on this device.
    package mutating func refuseDelivery(_ category: Category, _ id: MessageID?) {
        guard !stream.isEnded else { return }
        stream.write(DeviceElements.refusal(ofDelivery: id, to: category))
        didSend(isUpload: false)
    }

    package mutating func upload(_ message: PendingMessage, timeToLive: Int) {
        guard !stream.isEnded else { return }
        UploadStanza.write(message, timeToLive: timeToLive, to: &stream.output)
        didSend(isUpload: true)
    }

    package mutating func end() {
        guard !negotiation.isEnded else { return }
        negotiation.end(&stream)
    }

    // MARK: Steps

    private mutating func handle(_ step: InitiatingNegotiation.Step) -> Event? {
        switch step {
        case .offered: return .opened
        case .loginRefused(let failure): return loginRefused(failure)
        case .bound(_, let features): return enable(features)
        case .early(let element): return handleCheckIn(element)
        case .stanza(let element): return handle(element)
        case .ended(let error) where error?.condition == .conflict: return .replaced
        case .ended(let error): return .ended(error)
        case .failed(let fault): return .failed(fault)
        }
    }

    /// Only `not-authorized` says something about the identity, which is dear: all tokens go with it.
    private func loginRefused(_ failure: SASLFailure) -> Event {
        guard failure.condition != .notAuthorized else {
            return .identityUnknown(reason: failure.text ?? failure.condition.rawValue)
        }
        let text = failure.text.map { " (\($0))" } ?? ""
        let reason = "the relay refused the login: \(failure.condition.rawValue)\(text)"
        return .failed(StreamFault(.undefinedCondition, reason))
    }

    private mutating func enable(_ features: StreamFeatures) -> Event? {
        guard features.streamManagement else {
            return fail("the relay does not acknowledge stanzas (XEP-0198)")
        }
        stream.write(StreamManagement.enable.element)
        return nil
    }

    private mutating func handleCheckIn(_ element: Element) -> Event? {
        guard let iq = IQ(element), iq.kind == .result,
            let identity = DeviceElements.identity(iq.payload)
        else { return fail("the relay's answer to the check-in names no identity") }
        return .checkedIn(identity)
    }

    private mutating func handle(_ element: Element) -> Event? {
        guard let kind = element.stanzaKind else {
            return StreamManagement(element).flatMap { handle($0) }
        }
        defer { didHandleStanza() }
        switch kind {
        case .iq:
            return handleIQ(element)
        case .message where element.type == "error":
            guard let id = element.id.flatMap({ UploadID($0) }) else { return nil }
            return .refused(id, DeviceElements.upstreamError(StanzaError(in: element)))
        case .message:
            return DeliveryStanza.read(element).map { event(of: $0) }
        case .presence:
            return nil
        }
    }

    private func event(of delivery: DeliveryStanza.Delivery) -> Event {
        switch delivery {
        case .message(let message): .received(message)
        case .deletion(let category, let total): .messagesDeleted(category, total: total)
        case .unusable(let reason): .unusableDelivery(reason: reason)
        }
    }

    private mutating func handle(_ management: StreamManagement) -> Event? {
        switch management {
        case .enabled:
            handled = HandledStanzaCounter()
            return .ready
        case .answer(let handled):
            guard let count = sent.didReceiveAnswer(handled: handled) else {
                return fail("the relay acknowledges stanzas that were never sent")
            }
            for _ in 0..<count where unacknowledged.popFirst() == true { takenUploads += 1 }
            return .taken(count: takenUploads)
        case .failed:
            return fail("the relay does not acknowledge stanzas (XEP-0198)")
        case .request:
            writeAcknowledgement()
            return nil
        case .enable:
            return nil
        }
    }

    private mutating func handleIQ(_ element: Element) -> Event? {
        guard let iq = IQ(element), let id = iq.id else { return nil }
        switch iq.kind {
        case .result, .error:
            return questions.removeValue(forKey: id).flatMap { handleAnswer(iq, to: $0) }
        case .get, .set:
            let answer =
                Ping.isRequest(iq)
                ? iq.result() : iq.refusal(StanzaError(.cancel, .serviceUnavailable))
            stream.write(answer.element)
            didSend(isUpload: false)
            return nil
        }
    }

    private mutating func handleAnswer(_ iq: IQ, to question: Question) -> Event {
        switch question {
        case .registration(let category) where iq.kind == .error:
            return .registrationRefused(category, DeviceElements.refusal(iq))
        case .registration:
            guard let registration = DeviceElements.appRegistration(iq.payload) else {
                return fail("the relay's answer to a registration names no token")
            }
            return .registered(registration)
        case .request(let request, let number):
            guard let answer = DeviceElements.answer(iq, to: request) else {
                return fail("the relay's answer to a request names no token")
            }
            return .answered(number, answer)
        }
    }

    // MARK: Helpers

    private mutating func takeRequestID() -> String {
        defer { nextRequest += 1 }
        return "device-\(nextRequest)"
    }

    /// Acknowledges unasked from time to time (Chromium: every 10 messages).
    private mutating func didHandleStanza() {
        handled?.didHandle()
        guard let count = handled?.handled, count &- toldHandled >= Limits.stanzasPerAcknowledgement
        else { return }
        writeAcknowledgement()
    }

    private mutating func writeAcknowledgement() {
        guard let count = handled?.handled else { return }
        toldHandled = count
        stream.write(StreamManagement.answer(handled: count).element)
    }

    private mutating func didSend(isUpload: Bool) {
        sent.didSend()
        unacknowledged.append(isUpload)
    }

    private mutating func fail(_ reason: String) -> Event {
        let fault = StreamFault(.undefinedCondition, reason)
        negotiation.fail(fault, &stream)
        return .failed(fault)
    }
}
