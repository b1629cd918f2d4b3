import CloudMessaging
import XMPP

/// The initiating side's way from the first byte to a bound resource (RFC 6120 §4–7).
struct InitiatingNegotiation {
    /// What a session has to deal with itself.
    enum Step {
        /// The stream is open and offers a login; `logIn(_:_:)` goes on.
        case offered
        /// The login was refused.
        case loginRefused(SASLFailure)
        case bound(JID, StreamFeatures)
        /// A stanza before login.
        case early(Element)
        /// A stanza of a bound stream.
        case stanza(Element)
        /// The peer ended its stream, with an error or without.
        case ended(StreamError?)
        /// The peer broke a rule; the error is written.
        case failed(StreamFault)
    }

    private enum State {
        case awaitingHeader
        case awaitingMechanisms
        case offered
        case awaitingSuccess
        case awaitingFeatures
        case awaitingBind
        case bound
        case ended
    }

    private static let bindID = "bind-1"

    private let domain: String
    private let resource: String?
    private var state = State.awaitingHeader
    private var features = StreamFeatures()

    /// - Parameter domain: the name of the service, whatever host it runs on.
    init(domain: String, resource: String?) {
        self.domain = domain
        self.resource = resource
    }

    var isEnded: Bool { state == .ended }
    var isBound: Bool { state == .bound }

    mutating func start(_ stream: inout XMLStream) {
        stream.open(StreamHeader(to: domain))
    }

    /// The next thing to deal with; nil: more bytes are needed first.
    mutating func next(_ stream: inout XMLStream) -> Step? {
        do throws(StreamParserError) {
            while state != .ended, let event = try stream.next() {
                if let step = handle(event, &stream) { return step }
            }
            return nil
        } catch {
            return fail(StreamFault(error), &stream)
        }
    }

    mutating func logIn(_ credentials: SASLPlain, _ stream: inout XMLStream) {
        guard state == .offered else { return }
        stream.write(credentials.element)
        state = .awaitingSuccess
    }

    mutating func end(_ stream: inout XMLStream) {
        stream.end()
        state = .ended
    }

    /// Ends our side with an error.
    @discardableResult
    mutating func fail(_ fault: StreamFault, _ stream: inout XMLStream) -> Step {
        stream.end(StreamError(fault.condition, text: fault.reason))
        state = .ended
        return .failed(fault)
    }

    // MARK: Events

    private mutating func handle(_ event: StreamEvent, _ stream: inout XMLStream) -> Step? {
        switch event {
        case .opened:
            if state == .awaitingHeader { state = .awaitingMechanisms }
            return nil
        case .closed:
            end(&stream)
            return .ended(nil)
        case .stanza(let element):
            if let error = StreamError(element) {
                end(&stream)
                return .ended(error)
            }
            return handle(element, &stream)
        }
    }

    private mutating func handle(_ element: Element, _ stream: inout XMLStream) -> Step? {
        switch state {
        case .bound:
            return .stanza(element)
        case .awaitingMechanisms:
            guard let features = StreamFeatures(element) else { break }
            guard features.mechanisms.contains(SASLPlain.mechanism) else {
                return fail(
                    StreamFault(
                        .undefinedCondition, "the relay does not offer the mechanism PLAIN"),
                    &stream)
            }
            state = .offered
            return .offered
        case .offered where element.stanzaKind == .iq:
            return .early(element)
        case .awaitingSuccess:
            return handleLoginAnswer(element, &stream)
        case .awaitingFeatures:
            guard let features = StreamFeatures(element) else { break }
            self.features = features
            stream.write(
                ResourceBinding.request(id: Self.bindID, resource: resource).element)
            state = .awaitingBind
            return nil
        case .awaitingBind:
            return handleBindAnswer(element, &stream)
        case .awaitingHeader, .offered, .ended:
            break
        }
        return fail(
            StreamFault(.undefinedCondition, "<\(element.name)/> came out of turn"), &stream)
    }

    private mutating func handleLoginAnswer(
        _ element: Element, _ stream: inout XMLStream
    ) -> Step? {
        if element.is("success", in: Namespace.sasl) {
            stream.restart()
            stream.open(StreamHeader(to: domain))
            state = .awaitingFeatures
            return nil
        }
        if let failure = SASLFailure(element) {
            end(&stream)
            return .loginRefused(failure)
        }
        return fail(
            StreamFault(.undefinedCondition, "<\(element.name)/> is no answer to a login"),
            &stream)
    }

    private mutating func handleBindAnswer(
        _ element: Element, _ stream: inout XMLStream
    ) -> Step? {
        guard let iq = IQ(element), iq.id == Self.bindID,
            let jid = try? ResourceBinding.boundJID(iq)
        else {
            return fail(
                StreamFault(.undefinedCondition, "the relay did not bind a resource"), &stream)
        }
        state = .bound
        return .bound(jid, features)
    }
}
