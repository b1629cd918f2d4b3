import CloudMessaging
import RelayMachine
import XMPP

/// The names that the protocol sheet's samples use.
enum Sample {
    static let sender = "555000111222"
    static let category = "com.example.pigeon"
    static let key = "DEMO-SERVER-KEY"
    static let token = "dK3vQ0p1ZxA:APA91bDemoTokenAAAA"
    /// `NUL 555000111222@gcm.googleapis.com NUL DEMO-SERVER-KEY` as in protocol sheet §1.3.
    static let credentials = "ADU1NTAwMDExMTIyMkBnY20uZ29vZ2xlYXBpcy5jb20AREVNTy1TRVJWRVItS0VZ"

    static func header(to domain: String = "gcm.googleapis.com") -> String {
        "<stream:stream to=\"\(domain)\" version=\"1.0\" xmlns=\"jabber:client\" "
            + "xmlns:stream=\"http://etherx.jabber.org/streams\">"
    }

    static func auth(_ base64: String = credentials, mechanism: String = "PLAIN") -> String {
        "<auth mechanism=\"\(mechanism)\" xmlns=\"urn:ietf:params:xml:ns:xmpp-sasl\">\(base64)</auth>"
    }

    /// `<auth/>` for a user and a password.
    static func auth(user: String, password: String) -> String {
        let text = SASLPlain(authenticationID: user, password: password).encoded
        return auth(String(decoding: text, as: UTF8.self))
    }

    static let bind =
        "<iq type=\"set\" id=\"b1\"><bind xmlns=\"urn:ietf:params:xml:ns:xmpp-bind\"/></iq>"

    static func bind(resource: String) -> String {
        "<iq type=\"set\" id=\"b1\"><bind xmlns=\"urn:ietf:params:xml:ns:xmpp-bind\">"
            + "<resource>\(resource)</resource></bind></iq>"
    }

    /// A stanza with JSON that needs no escapes.
    static func frame(_ json: String, id: String = "") -> String {
        "<message id=\"\(id)\"><gcm xmlns=\"google:mobile:data\">\(json)</gcm></message>"
    }

    /// A text as it stands between tags.
    static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;")
    }

    /// An upstream message as the relay keeps it.
    static func message(
        id: String = "41", data: String = #"{"greet":"coo","n":"7"}"#, token: String = token,
        category: String = category, timeToLive: Int = 86_400
    ) throws -> UpstreamMessage {
        let origin = Registration(
            number: 1, device: DeviceID(1), category: try Category(category).orThrow(),
            token: RegistrationToken(token), senders: [try SenderID(sender).orThrow()])
        return UpstreamMessage(
            key: MessageKey(rawValue: 1), origin: origin, id: try MessageID(id).orThrow(),
            data: DataPayload(json: Array(data.utf8)), timeToLive: timeToLive, expiry: .never)
    }
}

struct UnexpectedNil: Error {}

extension Optional {
    /// The value; a test that finds none has failed.
    func orThrow() throws -> Wrapped {
        guard let self else { throw UnexpectedNil() }
        return self
    }
}
