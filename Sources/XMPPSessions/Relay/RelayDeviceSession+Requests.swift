package import CloudMessaging
import RelayMachine
import XMPP

/// The requests of a device, each an `<iq/>` with one answer.
extension RelayDeviceSession {
    /// How many may be open: a registration of each app, and the other requests.
    private static let openRequests = Limits.registrationsPerDevice + Limits.openRequests

    // MARK: Answers

    package mutating func answerRegistration(_ registration: AppRegistration, request: String) {
        let result = DeviceElements.registerResult(registration)
        finish(request, IQ(.result, id: request, payload: result))
    }

    package mutating func answer(_ answer: AppRequest.Answer, request: String) {
        switch answer {
        case .done:
            finish(request, IQ(.result, id: request))
        case .refreshed(let registration):
            finish(
                request,
                IQ(.result, id: request, payload: DeviceElements.refreshResult(registration)))
        case .joined(let key):
            finish(request, IQ(.result, id: request, payload: DeviceElements.joinResult(key)))
        case .refused(let error, let reason):
            refuse(error, reason: reason, request: request)
        }
    }

    /// - Parameter reason: a sentence for whoever reads the device's log.
    package mutating func refuse(_ error: UpstreamError, reason: String, request: String) {
        finish(
            request,
            IQ(.error, id: request, error: DeviceElements.error(error, text: reason)))
    }

    private mutating func finish(_ request: String, _ answer: IQ) {
        guard let ticket = requests.removeValue(forKey: Array(request.utf8)) else { return }
        write(answer)
        prefix?.finish(ticket)
    }

    // MARK: Reading

    mutating func handleIQ(_ element: Element, _ ticket: Ticket) -> Event? {
        guard let iq = IQ(element), iq.kind == .get || iq.kind == .set else {
            prefix?.finish(ticket)
            return nil
        }
        guard requests.count < Self.openRequests else {
            return fail(
                .policyViolation, "more than \(Self.openRequests) requests without an answer")
        }
        guard iq.kind == .set, let id = iq.id, requests[Array(id.utf8)] == nil,
            DeviceElements.isRegistration(iq.payload) || DeviceElements.isRequest(iq.payload)
        else {
            answerOther(iq)
            prefix?.finish(ticket)
            return nil
        }
        requests[Array(id.utf8)] = ticket
        if let (category, senders) = DeviceElements.registration(iq.payload) {
            return .register(category, senders: senders, request: id)
        }
        if let (category, request) = DeviceElements.request(iq.payload) {
            return .appRequest(request, category, request: id)
        }
        refuse(.invalidParameters, reason: "a name in the request is ill-formed", request: id)
        return nil
    }

    /// What any XMPP entity may be asked.
    private mutating func answerOther(_ iq: IQ) {
        if Ping.isRequest(iq) || ResourceBinding.isSessionRequest(iq) {
            write(iq.result())
        } else {
            write(iq.refusal(StanzaError(.cancel, .serviceUnavailable)))
        }
    }
}
