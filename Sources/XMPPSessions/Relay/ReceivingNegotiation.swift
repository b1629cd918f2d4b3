import CloudMessaging
import XMPP

/// The receiving side's way from the first byte to a bound resource (RFC 6120 §4–7).
///
/// Shared by both doors of the relay, which differ in what they offer and in who may log in.
struct ReceivingNegotiation {
    /// What a door offers.
    struct Offer {
        let mechanisms: [String]
        let streamManagement: Bool
        /// What broken XML is called on this door.
        let brokenXML: StreamError.Condition
        /// Whether a peer is told why its login is refused; the real service never did.
        let explainsRefusals: Bool
        var quirks = WireQuirks()
    }

    /// What a session has to deal with itself.
    enum Step {
        /// Credentials came: `acceptLogin` or `refuseLogin` goes on.
        case login(SASLPlain)
        /// Credentials could not be read; the refusal is written.
        case loginRefused(LoginFault)
        /// A resource is wanted: `bind(_:_:)` goes on.
        case bind(IQ)
        /// A stanza before login.
        case early(Element)
        /// A stanza of a bound stream.
        case stanza(Element)
        /// The peer ended its stream, with an error or without; ours is ended too.
        case ended(StreamError?)
        /// The peer broke a rule; the error is written.
        case failed(StreamFault)
    }

    private enum State {
        case awaitingHeader
        case awaitingLogin
        /// Somebody looks at the credentials; nothing is read meanwhile.
        case loginUnderWay
        case awaitingRestart
        case awaitingBind
        case bound
        case ended
    }

    private static let serviceDomains = ["gcm.googleapis.com", "fcm.googleapis.com"]

    /// Refused logins of one connection; RFC 6120 §6.4.5 wants two to five.
    private static let loginAttempts = 5

    private let offer: Offer
    private var refusedLogins = 0
    private var state = State.awaitingHeader
    private var entropy: Entropy
    /// The name that the peer asked for, whatever it is: real app servers put any text there.
    private var requestedDomain: String?

    init(offer: Offer, entropy: Entropy) {
        self.offer = offer
        self.entropy = entropy
    }

    var isBound: Bool { state == .bound }
    var isEnded: Bool { state == .ended }
    /// Whether the peer waits for the decision about its login.
    var isLoginUnderWay: Bool { state == .loginUnderWay }

    /// The domain for addresses of this stream: the one asked for, if it is the service's.
    var domain: String {
        guard let requestedDomain, Self.serviceDomains.contains(requestedDomain)
        else { return Self.serviceDomains[0] }
        return requestedDomain
    }

    /// The next thing to deal with; nil: more bytes, or the login's decision, are needed first.
    mutating func next(_ stream: inout XMLStream) -> Step? {
        do throws(StreamParserError) {
            while state != .ended, state != .loginUnderWay, let event = try stream.next() {
                if let step = handle(event, &stream) { return step }
            }
            return state == .loginUnderWay ? refuseFlood(&stream) : nil
        } catch {
            let condition = error.condition == .notWellFormed ? offer.brokenXML : error.condition
            return fail(StreamFault(condition, error.reason), &stream)
        }
    }

    /// Lets the peer in; it opens its stream anew.
    mutating func acceptLogin(_ stream: inout XMLStream) {
        guard state == .loginUnderWay else { return }
        stream.write(SASLFailure.success)
        stream.restart()
        state = .awaitingRestart
    }

    /// Refuses the peer. That ends the stream, unless it may try again.
    ///
    /// - Parameter fault: what the peer is told, if it is told anything.
    mutating func refuseLogin(
        _ condition: SASLFailure.Condition, _ fault: LoginFault?, _ stream: inout XMLStream
    ) {
        let text = offer.explainsRefusals ? fault?.description : nil
        stream.write(SASLFailure(condition, text: text).element)
        refusedLogins += 1
        if offer.quirks.afterLoginFailure == .close || refusedLogins == Self.loginAttempts {
            end(&stream)
        } else {
            state = .awaitingLogin
        }
    }

    /// Binds the address that the session chose.
    mutating func bind(_ jid: JID, _ request: IQ, _ stream: inout XMLStream) {
        stream.write(ResourceBinding.result(to: request, jid: jid).element)
        state = .bound
    }

    /// A resource: the proposal, if any, and eight digits; or the proposal alone.
    mutating func resource(proposed: String?) -> String {
        let digits = entropy.nextHex(count: 8)
        guard let proposed, !proposed.isEmpty else { return digits }
        return offer.quirks.resource == .suffix ? proposed + digits : proposed
    }

    mutating func end(_ stream: inout XMLStream) {
        stream.end()
        state = .ended
    }

    /// Ends our side with an error.
    @discardableResult
    mutating func fail(_ fault: StreamFault, _ stream: inout XMLStream) -> Step {
        if !stream.isOpen { openStream(&stream) }
        stream.end(StreamError(fault.condition, text: text(of: fault)))
        state = .ended
        return .failed(fault)
    }

    // MARK: Events

    private mutating func handle(
        _ event: consuming StreamEvent, _ stream: inout XMLStream
    ) -> Step? {
        switch consume event {
        case .opened(let header):
            return opened(header, &stream)
        case .closed:
            end(&stream)
            return .ended(nil)
        case .stanza(let element):
            if let error = StreamError(element) {
                end(&stream)
                return .ended(error)
            }
            return state == .bound ? .stanza(element) : handleUnbound(element, &stream)
        }
    }

    private mutating func opened(_ header: StreamHeader, _ stream: inout XMLStream) -> Step? {
        requestedDomain = header.to
        openStream(&stream)
        if case .awaitingRestart = state {
            let features = StreamFeatures(
                bind: true, session: offer.quirks.sessionFeature == .advertised,
                streamManagement: offer.streamManagement)
            stream.write(features, offer.quirks.featuresPrefix)
            state = .awaitingBind
        } else {
            stream.write(
                StreamFeatures(mechanisms: offer.mechanisms), offer.quirks.featuresPrefix)
            state = .awaitingLogin
        }
        return nil
    }

    private mutating func openStream(_ stream: inout XMLStream) {
        if offer.quirks.xmlDeclaration == .sent {
            stream.output.markup("<?xml version=\"1.0\"?>")
        }
        stream.open(
            StreamHeader(from: requestedDomain ?? domain, id: entropy.nextHex(count: 16)))
    }

    private mutating func handleUnbound(_ element: Element, _ stream: inout XMLStream) -> Step? {
        switch state {
        case .bound:
            preconditionFailure("the stanzas of a bound stream are the session's")
        case .awaitingLogin where element.is("auth", in: Namespace.sasl):
            return login(element, &stream)
        case .awaitingLogin where element.stanzaKind == .iq:
            return .early(element)
        case .awaitingBind:
            if let iq = IQ(element) { return handleBeforeBind(iq, &stream) }
            return fail(
                StreamFault(.notAuthorized, "<\(element.name)/> came before a resource was bound"),
                &stream)
        case .awaitingHeader, .awaitingLogin, .loginUnderWay, .awaitingRestart, .ended:
            return fail(
                StreamFault(.notAuthorized, "<\(element.name)/> came before the login"), &stream)
        }
    }

    private mutating func login(_ element: Element, _ stream: inout XMLStream) -> Step {
        let mechanism = element[attribute: "mechanism"] ?? ""
        guard mechanism == SASLPlain.mechanism else {
            refuseLogin(.invalidMechanism, .mechanism(mechanism), &stream)
            return .loginRefused(.mechanism(mechanism))
        }
        do throws(SASLPlainError) {
            let credentials = try SASLPlain(decoding: element.text)
            state = .loginUnderWay
            return .login(credentials)
        } catch {
            refuseLogin(error.condition, .unreadable(error), &stream)
            return .loginRefused(.unreadable(error))
        }
    }

    private mutating func handleBeforeBind(_ iq: IQ, _ stream: inout XMLStream) -> Step? {
        if ResourceBinding.isRequest(iq) { return .bind(iq) }
        if Ping.isRequest(iq) || ResourceBinding.isSessionRequest(iq) {
            stream.write(iq.result().element)
        } else if iq.kind == .get || iq.kind == .set {
            stream.write(iq.refusal(StanzaError(.cancel, .serviceUnavailable)).element)
        }
        return nil
    }

    /// A peer that goes on talking while its login is looked at must not fill our memory.
    private mutating func refuseFlood(_ stream: inout XMLStream) -> Step? {
        let limit = ParserLimits().stanzaBytes
        guard stream.bufferedBytes > limit else { return nil }
        return fail(
            StreamFault(.policyViolation, "more than \(limit) bytes came during the login"),
            &stream)
    }

    /// The real service sent no text with its one stream error; RFC 6120 errors carry one.
    private func text(of fault: StreamFault) -> String? {
        fault.condition == .invalidXML ? nil : fault.reason
    }
}
