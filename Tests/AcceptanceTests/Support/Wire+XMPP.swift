import Foundation

/// The texts that a client writes to log in, by hand; RFC 6120 in its shortest form.
extension Wire {
    static let header =
        #"<stream:stream to="gcm.googleapis.com" version="1.0" xmlns="jabber:client" "#
        + #"xmlns:stream="http://etherx.jabber.org/streams">"#
    static let bind =
        #"<iq type="set" id="b1"><bind xmlns="urn:ietf:params:xml:ns:xmpp-bind"/></iq>"#

    static func auth(user: String, password: String) -> String {
        let plain = Data("\0\(user)\0\(password)".utf8).base64EncodedString()
        return #"<auth mechanism="PLAIN" xmlns="urn:ietf:params:xml:ns:xmpp-sasl">\#(plain)</auth>"#
    }

    /// Logs in on a stream that offers mechanisms, and binds a resource.
    private func authenticate(user: String, password: String) async throws {
        try await write(Self.auth(user: user, password: password))
        try await read(through: "<success")
        try await write(Self.header)
        try await read(through: "<bind")
        try await write(Self.bind)
        try await read(through: "</iq>")
    }

    // MARK: As an app server

    /// Logs in as the app server of the town's project.
    func logInAsAppServer() async throws {
        try await write(Self.header)
        try await read(through: "</mechanisms>")
        try await authenticate(
            user: "\(Town.sender)@gcm.googleapis.com", password: Town.key)
    }

    /// Writes a frame.
    func write(json: String) async throws {
        try await write(
            #"<message id=""><gcm xmlns="google:mobile:data">\#(json)</gcm></message>"#)
    }

    func acknowledge(_ messageID: String, from token: String) async throws {
        try await write(
            json: #"{"to":"\#(token)","message_id":"\#(messageID)","message_type":"ack"}"#)
    }

    /// The next stanza of an element's name.
    func stanza(_ name: String = "message") async throws -> String {
        let text = try await read(through: "</\(name)>")
        guard let start = text.firstRange(of: "<\(name)")?.lowerBound else { return text }
        return String(text[start...])
    }

    /// Returns what came up to the answer to a ping: the relay has dealt with everything before.
    @discardableResult
    func ping() async throws -> String {
        try await write(#"<iq type="get" id="ping"><ping xmlns="urn:xmpp:ping"/></iq>"#)
        return try await read(through: #"id="ping"/>"#)
    }

    // MARK: As a relay

    /// Lets an app server log in, whoever it says it is.
    func serveLogin() async throws {
        let header =
            #"<stream:stream from="gcm.googleapis.com" id="7C19A0D25E3B48F6" version="1.0" "#
            + #"xmlns:stream="http://etherx.jabber.org/streams" xmlns="jabber:client">"#
        try await read(through: "version=\"1.0\"")
        try await write(
            header + #"<stream:features><mechanisms xmlns="urn:ietf:params:xml:ns:xmpp-sasl">"#
                + "<mechanism>PLAIN</mechanism></mechanisms></stream:features>")
        try await read(through: "</auth>")
        try await write(#"<success xmlns="urn:ietf:params:xml:ns:xmpp-sasl"/>"#)
        try await read(through: "version=\"1.0\"")
        try await write(
            header + #"<stream:features><bind xmlns="urn:ietf:params:xml:ns:xmpp-bind"/>"#
                + "</stream:features>")
        let request = try await stanza("iq")
        try await write(
            #"<iq type="result" id="\#(Self.attribute("id", in: request))">"#
                + #"<bind xmlns="urn:ietf:params:xml:ns:xmpp-bind">"#
                + "<jid>\(Town.sender)@gcm.googleapis.com/1</jid></bind></iq>")
    }

    // MARK: As a device

    /// Checks in, logs in and registers an app; returns its token.
    func logInAsDevice(registering app: String) async throws -> String {
        try await write(Self.header)
        try await read(through: "</stream:features>")
        try await write(
            #"<iq type="get" id="c"><check-in xmlns="urn:gcm-simulator:device"/></iq>"#)
        let identity = try await read(through: "</iq>")
        try await authenticate(
            user: Self.attribute("device-id", in: identity),
            password: Self.attribute("security-token", in: identity))
        try await write(#"<enable xmlns="urn:xmpp:sm:3"/>"#)
        try await read(through: "<enabled")
        try await write(
            #"<iq type="set" id="r"><register xmlns="urn:gcm-simulator:device" app="\#(app)">"#
                + "<sender>\(Town.sender)</sender></register></iq>")
        return Self.attribute("token", in: try await read(through: "</iq>"))
    }

    /// Uploads a message as a device does; the JSON's members are the test's business.
    func upload(_ uploadID: String, json: String) async throws {
        try await write(
            #"<message id="\#(uploadID)" to="\#(Town.address)"><gcm xmlns="google:mobile:data">"#
                + "\(json)</gcm></message>")
    }

    /// The value of an attribute that stands in the text once.
    static func attribute(_ name: String, in text: String) -> String {
        guard let start = text.firstRange(of: "\(name)=\"")?.upperBound else { return "" }
        return String(text[start...].prefix { $0 != "\"" })
    }
}

/// A stanza of the relay, taken to pieces.
struct Frame {
    /// Everything before the JSON.
    let opening: String
    let json: String
    let members: [String: Any]

    /// - Parameter stanza: its JSON needs no escapes in XML.
    init(_ stanza: String) throws {
        guard let start = stanza.firstIndex(of: "{"), let end = stanza.lastIndex(of: "}")
        else { throw NeverHappened(what: "JSON in the stanza", instead: stanza) }
        opening = String(stanza[..<start])
        json = String(stanza[start...end])
        let object = try JSONSerialization.jsonObject(with: Data(json.utf8))
        members = object as? [String: Any] ?? [:]
    }

    subscript(member: String) -> String? { members[member] as? String }
}
