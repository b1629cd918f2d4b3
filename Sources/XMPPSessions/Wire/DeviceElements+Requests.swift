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
///     <join-group app="com.x" sender="5550001"         <join-group key="APA91b…"/>
///       group="family"/>
///     <leave-group app="com.x" sender="5550001"        empty
///       group="family"/>
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
        case .joinGroup(let group, let sender):
            name = joinGroup
            attributes += [Attribute("sender", sender.text), Attribute("group", group.text)]
        case .leaveGroup(let group, let sender):
            name = leaveGroup
            attributes += [Attribute("sender", sender.text), Attribute("group", group.text)]
        }
        return IQ(
            .set, id: id,
            payload: Element(name, namespace: GCMNamespace.device, attributes: attributes))
    }

    /// Whether a payload is such a request, well-formed or not.
    static func isRequest(_ payload: Element?) -> Bool {
        guard let payload else { return false }
        let names = [
            "unregister", refreshToken, "subscribe", "unsubscribe", joinGroup, leaveGroup,
        ]
        return names.contains { payload.is($0, in: GCMNamespace.device) }
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
        case joinGroup:
            return group(payload).map { (category, .joinGroup($0, of: $1)) }
        case leaveGroup:
            return group(payload).map { (category, .leaveGroup($0, of: $1)) }
        default: return topic.map { (category, .unsubscribe($0)) }
        }
    }

    private static func group(_ payload: Element) -> (GroupName, SenderID)? {
        guard let name = payload[attribute: "group"].flatMap({ GroupName($0) }),
            let sender = payload[attribute: "sender"].flatMap({ SenderID($0) })
        else { return nil }
        return (name, sender)
    }

    static func joinResult(_ key: RegistrationToken) -> Element {
        Element(
            joinGroup, namespace: GCMNamespace.device,
            attributes: [Attribute("key", key.text)])
    }

    static func refreshResult(_ registration: AppRegistration) -> Element {
        element(refreshToken, of: registration)
    }

    /// What an answer says; nil: the result of a refresh has no token, or that of a join no key.
    static func answer(_ iq: IQ, to request: AppRequest) -> AppRequest.Answer? {
        guard iq.kind == .result else {
            let refusal = refusal(iq)
            return .refused(refusal.error, reason: refusal.reason)
        }
        switch request {
        case .refreshToken:
            return appRegistration(iq.payload, as: refreshToken).map { .refreshed($0) }
        case .joinGroup:
            guard let payload = iq.payload, payload.is(joinGroup, in: GCMNamespace.device)
            else { return nil }
            return payload[attribute: "key"].map { .joined(key: RegistrationToken($0)) }
        case .unregister, .subscribe, .unsubscribe, .leaveGroup:
            return .done
        }
    }

    private static let refreshToken = "refresh-token"
    private static let joinGroup = "join-group"
    private static let leaveGroup = "leave-group"
}
