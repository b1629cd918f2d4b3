import CloudMessaging
import Foundation
import XMPP

/// What peers say, byte by byte.
enum Words {
    static let header =
        "<stream:stream to=\"gcm.googleapis.com\" version=\"1.0\" xmlns=\"jabber:client\" "
        + "xmlns:stream=\"http://etherx.jabber.org/streams\">"
    static let bind =
        "<iq type=\"set\" id=\"b1\"><bind xmlns=\"urn:ietf:params:xml:ns:xmpp-bind\"/></iq>"
    static let enable = "<enable xmlns=\"urn:xmpp:sm:3\"/>"

    static func auth(_ message: String, mechanism: String = "PLAIN") -> String {
        "<auth mechanism=\"\(mechanism)\" xmlns=\"urn:ietf:params:xml:ns:xmpp-sasl\">"
            + "\(message)</auth>"
    }

    static func plain(_ user: String, _ password: String) -> String {
        auth(base64("\0\(user)\0\(password)"))
    }

    static func base64(_ text: String) -> String {
        String(decoding: Base64.encode(Array(text.utf8)), as: UTF8.self)
    }

    static func gcm(_ json: String, attributes: String = "") -> String {
        "<message\(attributes)><gcm xmlns=\"google:mobile:data\">\(json)</gcm></message>"
    }

    // MARK: What the relay answers

    static func failure(_ condition: String, _ text: String? = nil) -> String {
        "<failure xmlns=\"urn:ietf:params:xml:ns:xmpp-sasl\"><\(condition)/>"
            + (text.map { "<text>\($0)</text>" } ?? "") + "</failure></stream:stream>"
    }

    static let unknownDevice = failure(
        "not-authorized", "unknown device or wrong security token; check in anew")

    static func streamError(_ condition: String, _ text: String? = nil) -> String {
        let namespace = "urn:ietf:params:xml:ns:xmpp-streams"
        let text = text.map { "<text xmlns=\"\(namespace)\">\($0)</text>" } ?? ""
        return "<stream:error><\(condition) xmlns=\"\(namespace)\"/>\(text)</stream:error>"
            + "</stream:stream>"
    }
}

extension RawClient {
    /// Logs in on the app-server port and binds.
    func logInAsAppServer() async throws {
        try await send(Words.header + Words.plain(TestRelay.sender.text, TestRelay.key))
        try await wait(for: "<success")
        try await send(Words.header + Words.bind)
        try await wait(for: "<jid>")
    }

    /// Checks in on the device port, logs in, binds, and turns acknowledgements on.
    func logInAsDevice() async throws {
        let (device, securityToken) = try await checkIn()
        try await send(Words.plain(device, securityToken))
        try await wait(for: "<success")
        try await send(Words.header + Words.bind + Words.enable)
        try await wait(for: "<enabled")
    }

    /// Asks for an identity.
    func checkIn() async throws -> (device: String, securityToken: String) {
        try await send(
            Words.header
                + "<iq type=\"get\" id=\"c\"><check-in xmlns=\"urn:gcm-simulator:device\"/></iq>")
        try await wait(for: "</iq>")
        return (attribute("device-id"), attribute("security-token"))
    }

    /// Registers an app, and gives its token.
    func register(_ app: String) async throws -> String {
        try await send(
            "<iq type=\"set\" id=\"r\"><register xmlns=\"urn:gcm-simulator:device\" app=\"\(app)\">"
                + "<sender>\(TestRelay.sender)</sender></register></iq>")
        try await wait(for: "</register>")
        return attribute("token")
    }

    /// The last value of an attribute in what came.
    func attribute(_ name: String) -> String {
        guard let start = text.range(of: " \(name)=\"", options: .backwards)?.upperBound
        else { return "" }
        return String(text[start...].prefix { $0 != "\"" })
    }
}
