import CloudMessaging
import XMPP

/// The requests of apps, each the payload of an `<iq type="set"/>`, in the namespace
/// `urn:gcm-simulator:device`. Refused like a registration, by `DeviceElements.error`.
///
///     request                                          result
///     <unregister app="com.x"/>                        empty
///     <refresh-token app="com.x"/>                     <refresh-token app="com.x" token="NEW">
///                                                        <sender>5550001</sender>…</refresh-token>
///     <subscribe app="com.x" topic="news"/>            empty
///     <unsubscribe app="com.x" topic="news"/>          empty
extension DeviceElements {
    static func request(_ request: AppRequest, of category: Category, id: String) -> IQ {
        var attributes = [Attribute("app", category.text)]
        let name: String
        switch request {
        case .unregister: name = "unregister"
        case .refreshToken: name = refreshToken
        case .subscribe(let topic):
            name = "subscribe"
            attributes.append(Attribute("topic", topic.text))
        case .unsubscribe(let topic):
            name = "unsubscribe"
            attributes.append(Attribute("topic", topic.text))
        }
        return IQ(
            .set, id: id,
            payload: Element(name, namespace: GCMNamespace.device, attributes: attributes))
    }

    /// Whether a payload is such a request, well-formed or not.
    static func isRequest(_ payload: Element?) -> Bool {
        guard let payload else { return false }
        return ["unregister", refreshToken, "subscribe", "unsubscribe"].contains {
            payload.is($0, in: GCMNamespace.device)
        }
    }

    /// App and request; nil: it is none, or app or topic is ill-formed.
    static func request(_ payload: Element?) -> (Category, AppRequest)? {
        guard let payload, isRequest(payload),
            let category = payload[attribute: "app"].flatMap({ Category($0) })
        else { return nil }
        let topic = payload[attribute: "topic"].flatMap { TopicName($0) }
        switch payload.name {
        case "unregister": return (category, .unregister)
        case refreshToken: return (category, .refreshToken)
        case "subscribe": return topic.map { (category, .subscribe($0)) }
        default: return topic.map { (category, .unsubscribe($0)) }
        }
    }

    static func refreshResult(_ registration: AppRegistration) -> Element {
        element(refreshToken, of: registration)
    }

    /// What an answer says; nil: the result of a refresh has no token.
    static func answer(_ iq: IQ, to request: AppRequest) -> AppRequest.Answer? {
        guard iq.kind == .result else {
            return .refused(upstreamError(iq.error), reason: iq.error?.text ?? "")
        }
        guard request == .refreshToken else { return .done }
        return appRegistration(iq.payload, as: refreshToken).map { .refreshed($0) }
    }

    private static let refreshToken = "refresh-token"
}
