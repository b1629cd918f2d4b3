import CloudMessaging
import XMPP

/// Check-in, registration and error codes on the device stream: our own dialect, since real
/// devices speak MCS (design, "Device stream").
enum DeviceElements {
    // MARK: Check-in

    static func checkInRequest(id: String) -> IQ {
        IQ(.get, id: id, payload: Element("check-in", namespace: GCMNamespace.device))
    }

    static func isCheckInRequest(_ iq: IQ) -> Bool {
        iq.kind == .get && iq.payload?.is("check-in", in: GCMNamespace.device) == true
    }

    static func checkInResult(_ identity: DeviceIdentity) -> Element {
        Element(
            "check-in", namespace: GCMNamespace.device,
            attributes: [
                Attribute("device-id", identity.id.description),
                Attribute("security-token", identity.securityToken),
            ])
    }

    static func identity(_ payload: Element?) -> DeviceIdentity? {
        guard let payload, payload.is("check-in", in: GCMNamespace.device),
            let id = payload[attribute: "device-id"].flatMap({ DeviceID($0) }),
            let securityToken = payload[attribute: "security-token"], !securityToken.isEmpty
        else { return nil }
        return DeviceIdentity(id: id, securityToken: securityToken)
    }

    // MARK: Registration

    static func registerRequest(_ category: Category, senders: [SenderID], id: String) -> IQ {
        IQ(.set, id: id, payload: element("register", category, senders: senders, token: nil))
    }

    static func registerResult(_ registration: AppRegistration) -> Element {
        element("register", of: registration)
    }

    static func element(_ name: String, of registration: AppRegistration) -> Element {
        element(
            name, registration.category, senders: registration.senders, token: registration.token)
    }

    private static func element(
        _ name: String, _ category: Category, senders: [SenderID], token: RegistrationToken?
    ) -> Element {
        var attributes = [Attribute("app", category.text)]
        if let token { attributes.append(Attribute("token", token.text)) }
        return Element(
            name, namespace: GCMNamespace.device, attributes: attributes,
            children: senders.map {
                Element("sender", namespace: GCMNamespace.device, text: $0.text)
            })
    }

    static func isRegistration(_ payload: Element?) -> Bool {
        payload?.is("register", in: GCMNamespace.device) == true
    }

    /// App and senders of a request; nil: it is none, or one of them is ill-formed.
    static func registration(_ payload: Element?) -> (Category, [SenderID])? {
        registration(payload, as: "register")
    }

    private static func registration(
        _ payload: Element?, as name: String
    ) -> (Category, [SenderID])? {
        guard let payload, payload.is(name, in: GCMNamespace.device),
            let category = payload[attribute: "app"].flatMap({ Category($0) })
        else { return nil }
        let senders = payload.children.map { SenderID($0.textString) }
        guard !senders.contains(nil) else { return nil }
        return (category, senders.compactMap(\.self))
    }

    /// What a relay's result gives the app.
    static func appRegistration(
        _ payload: Element?, as name: String = "register"
    ) -> AppRegistration? {
        guard let (category, senders) = registration(payload, as: name),
            let token = payload?[attribute: "token"], !token.isEmpty
        else { return nil }
        return AppRegistration(
            category: category, token: RegistrationToken(token), senders: senders)
    }

    // MARK: Deliveries that no app can get

    private static let notRegistered = "not_registered"

    static func refusal(ofDelivery id: MessageID?, to category: Category) -> Element {
        var attributes = [Attribute("type", "error")]
        if let id { attributes.append(Attribute("id", id.text)) }
        let error = StanzaError(
            .cancel, .itemNotFound,
            applicationCondition: Element(
                "error", namespace: GCMNamespace.device,
                attributes: [
                    Attribute("code", notRegistered), Attribute("app", category.text),
                ]))
        return Element(
            "message", namespace: Namespace.client, attributes: attributes,
            children: [error.element])
    }

    /// The app that is not on the device, as a stanza error says; nil: it says something else.
    static func missingApp(_ stanza: Element) -> Category? {
        guard let error = StanzaError(in: stanza)?.applicationCondition,
            error.is("error", in: GCMNamespace.device),
            error[attribute: "code"]?.hasSameBytes(as: notRegistered) == true
        else { return nil }
        return error[attribute: "app"].flatMap { Category($0) }
    }

    // MARK: Errors

    /// A stanza error with a GCM code.
    static func error(_ error: UpstreamError, text: String?) -> StanzaError {
        StanzaError(
            .modify, .badRequest, text: text,
            applicationCondition: Element(
                "error", namespace: GCMNamespace.device,
                attributes: [Attribute("code", error.androidName)]))
    }

    /// Why a request was refused, by code and text.
    static func refusal(_ iq: IQ) -> AppRequest.Refusal {
        AppRequest.Refusal(upstreamError(iq.error), reason: iq.error?.text ?? "")
    }

    /// The GCM code in a stanza error; an error without one is the relay's own trouble.
    static func upstreamError(_ error: StanzaError?) -> UpstreamError {
        error?.applicationCondition?[attribute: "code"].flatMap { UpstreamError(wireName: $0) }
            ?? .serviceNotAvailable
    }
}
