import CloudMessaging
import Testing
import XMPP

@testable import XMPPSessions

/// An app server that hears what the real service wrote, and what its documentation draws.
@Suite("App server and the real service")
struct RealServiceTests {
    private static let mechanisms =
        "<mechanisms xmlns=\"urn:ietf:params:xml:ns:xmpp-sasl\"><mechanism>X-OAUTH2</mechanism>"
        + "<mechanism>X-GOOGLE-TOKEN</mechanism><mechanism>PLAIN</mechanism></mechanisms>"

    private static func header(_ id: String) -> String {
        "<stream:stream from=\"gcm.googleapis.com\" id=\"\(id)\" version=\"1.0\" "
            + "xmlns:stream=\"http://etherx.jabber.org/streams\" xmlns=\"jabber:client\">"
    }

    private static let success = "<success xmlns=\"urn:ietf:params:xml:ns:xmpp-sasl\"/>"

    private static let captured = [
        header("7C19A0D25E3B48F6"), "<stream:features>\(mechanisms)</stream:features>",
        success + header("E05D4412B97F3A68"),
        "<stream:features><bind xmlns=\"urn:ietf:params:xml:ns:xmpp-bind\"/>"
            + "<session xmlns=\"urn:ietf:params:xml:ns:xmpp-session\"/></stream:features>",
        "<iq type=\"result\" id=\"bind-1\"><bind xmlns=\"urn:ietf:params:xml:ns:xmpp-bind\">"
            + "<jid>555000111222@gcm.googleapis.com/3F90A1C7</jid></bind></iq>",
        " ",
        "<message to=\"555000111222@gcm.googleapis.com/3F90A1C7\" "
            + "from=\"devices@gcm.googleapis.com\" type=\"normal\">"
            + "<gcm xmlns=\"google:mobile:data\">{\"data\":{\"greet\":\"coo\",\"n\":\"7\"},"
            + "\"time_to_live\":86400,\"from\":\"dK3:APA\",\"message_id\":\"41\","
            + "\"category\":\"com.example.pigeon\"}</gcm></message>",
        "<message type=\"normal\"><gcm xmlns=\"google:mobile:data\">{\"message_type\":\"receipt\","
            + "\"from\":\"gcm.googleapis.com\",\"message_id\":\"dr2:1\",\"data\":{}}</gcm></message>",
        "<message><data:gcm xmlns:data=\"google:mobile:data\">{\"message_type\":\"ack\","
            + "\"from\":\"dK3:APA\",\"message_id\":\"d-900\"}</data:gcm></message>",
        "<message><data:gcm xmlns:data=\"google:mobile:data\">{\"message_type\":\"nack\","
            + "\"from\":\"dK3:APA\",\"message_id\":\"41\",\"error\":\"BAD_ACK\","
            + "\"error_description\":\"\"}</data:gcm></message>",
        "<message><data:gcm xmlns:data=\"google:mobile:data\">{\"message_type\":\"control\","
            + "\"control_type\":\"CONNECTION_DRAINING\"}</data:gcm></message>",
        "</stream:stream>",
    ]

    /// With its prefixes, empty IDs, white space, and an XML declaration before each header.
    private static let documented = [
        "<?xml version='1.0'?>\n" + header("1"),
        "<str:features xmlns:str=\"http://etherx.jabber.org/streams\">\n  \(mechanisms)\n"
            + "</str:features>",
        success + "<?xml version='1.0'?>" + header("2"),
        "<str:features xmlns:str=\"http://etherx.jabber.org/streams\">"
            + "<bind xmlns=\"urn:ietf:params:xml:ns:xmpp-bind\"><required/></bind></str:features>",
        "<iq type=\"result\" id=\"bind-1\" to=\"x@y/z\">"
            + "<bind xmlns=\"urn:ietf:params:xml:ns:xmpp-bind\">"
            + "<jid>555000111222@gcm.googleapis.com/ABC</jid></bind></iq>",
        "\n\n",
        "<message id=\"\">\n  <gcm xmlns=\"google:mobile:data\">\n{\n  \"category\":"
            + "\"com.example.pigeon\",\n  \"data\":\n  {\n    &quot;greet&quot;:\"coo\"\n  },\n"
            + "  \"message_id\":\"41\",\n  \"from\":\"dK3:APA\"\n}\n  </gcm>\n</message>",
        "<message id=\"\"><gcm xmlns=\"google:mobile:data\">{\"message_id\":\"5\","
            + "\"from\":\"t\"}</gcm></message>",
        "<message id=\"3\" type=\"error\" to=\"555000111222@gcm.googleapis.com/ABC\">\n"
            + "<gcm xmlns=\"google:mobile:data\">{\"to\":\"t\"}</gcm>\n"
            + "<error code=\"400\" type=\"modify\">"
            + "<bad-request xmlns=\"urn:ietf:params:xml:ns:xmpp-stanzas\"/>"
            + "<text xmlns=\"urn:ietf:params:xml:ns:xmpp-stanzas\">InvalidJson</text></error>"
            + "</message>",
        "<stream:error><invalid-xml xmlns=\"urn:ietf:params:xml:ns:xmpp-streams\"/></stream:error>"
            + "</stream:stream>",
    ]

    private static func acknowledgement(_ token: String, _ id: String) -> String {
        "<message id=\"\"><gcm xmlns=\"google:mobile:data\">{\"to\":\"\(token)\","
            + "\"message_id\":\"\(id)\",\"message_type\":\"ack\"}</gcm></message>"
    }

    private static let clientHeader =
        "<stream:stream to=\"gcm.googleapis.com\" version=\"1.0\" "
        + "xmlns:stream=\"http://etherx.jabber.org/streams\" xmlns=\"jabber:client\">"

    private static let clientHandshake =
        clientHeader + "<auth xmlns=\"urn:ietf:params:xml:ns:xmpp-sasl\" mechanism=\"PLAIN\">"
        + Sample.credentials + "</auth>" + clientHeader
        + "<iq type=\"set\" id=\"bind-1\"><bind xmlns=\"urn:ietf:params:xml:ns:xmpp-bind\"/></iq>"

    /// The same, however the bytes are cut.
    private func check(_ script: [String], _ events: [String], _ output: String) throws {
        let server = try AppServer()
        let pieces = script.map { Array($0.utf8)[...] }
        let whole = Transcript(server, pieces)
        #expect(whole.events == events)
        #expect(String(decoding: whole.output, as: UTF8.self) == output)
        let bytes = Array(pieces.joined())
        #expect(Transcript(server, bytes.indices.map { bytes[$0...$0] }) == whole)
        for cut in bytes.indices {
            #expect(Transcript(server, [bytes[..<cut], bytes[cut...]]) == whole)
        }
    }

    @Test("The captured form is understood and ACKed")
    func capturedForm() throws {
        try check(
            Self.captured,
            [
                "bound 555000111222@gcm.googleapis.com/3F90A1C7",
                #"upstream dK3:APA 41 com.example.pigeon {"greet":"coo","n":"7"} 86400"#,
                "receipt dr2:1 from gcm.googleapis.com: 1 - - - -",
                "answer dK3:APA d-900 ack, now -", "refused BAD_ACK: ", "draining", "ended",
            ],
            Self.clientHandshake + Self.acknowledgement("dK3:APA", "41") + "</stream:stream>")
    }

    @Test("The documented form is understood and ACKed")
    func documentedForm() throws {
        try check(
            Self.documented,
            [
                "bound 555000111222@gcm.googleapis.com/ABC",
                "upstream dK3:APA 41 com.example.pigeon {\n    \"greet\":\"coo\"\n  } -",
                "upstream t 5 - {} -", "answer - 3 stanza error bad-request: InvalidJson",
                "ended: invalid-xml ",
            ],
            Self.clientHandshake + Self.acknowledgement("dK3:APA", "41")
                + Self.acknowledgement("t", "5") + "</stream:stream>")
    }

    @Test("A refused login is told, and the stream ended")
    func refusedLogin() throws {
        var server = try AppServer()
        server.hear(Self.captured[0] + Self.captured[1])
        _ = server.written()
        #expect(
            server.hear(
                "<failure xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><not-authorized/></failure>"
                    + "</stream:stream>") == ["login refused: not-authorized"])
        #expect(server.written() == "</stream:stream>")
        #expect(server.session.isEnded)
    }

    @Test(
        "A service that breaks the protocol is told so, and left",
        arguments: [
            (0, "<message/>"), (0, "<stream:features/>"),
            (
                0,
                "<stream:features><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/></stream:features>"
            ),
            (0, "x</y>"), (2, "<message/>"),
            (2, "<challenge xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>"),
            (3, "<message/>"), (4, "<message/>"), (4, "<iq type='result' id='bind-1'/>"),
            (4, "<iq type='error' id='bind-1'><error type='cancel'/></iq>"),
            (
                4,
                "<iq type='result' id='x'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'>"
                    + "<jid>a@b/c</jid></bind></iq>"
            ), (5, "<message>" + "&nbsp;</message>"),
        ])
    func protocolFault(after steps: Int, text: String) throws {
        var server = try AppServer()
        let script = Self.captured[0..<min(steps, 2)] + Self.captured[2..<max(2, steps)]
        server.hear(steps == 0 ? Self.captured[0] : script.joined())
        let before = server.written()
        let events = server.hear(text)
        #expect(events.count == 1 && events[0].hasPrefix("failed "), "\(events)")
        let written = server.written()
        #expect(written.hasPrefix("<stream:error>") && written.hasSuffix("</stream:stream>"))
        #expect(throws: Never.self) { try ReadBack.stanzas(Array((before + written).utf8)) }
        #expect(server.session.isEnded)
        #expect(server.hear("<message/>").isEmpty && server.written().isEmpty)
    }

    @Test("Frames that mean nothing are passed over; pings and other requests are answered")
    func oddFrames() throws {
        var server = try AppServer()
        server.hear(Self.captured[0..<5].joined())
        _ = server.written()
        for json in [
            "{", "[]", "{}", #"{"from":"t"}"#, #"{"message_id":"1"}"#,
            #"{"from":"t","message_id":""}"#, #"{"message_type":"control","control_type":"X"}"#,
            #"{"message_type":"new","from":"t","message_id":"1"}"#,
        ] {
            #expect(server.hear(Sample.frame(json)).isEmpty)
        }
        #expect(server.hear("<presence/><message/><x xmlns='urn:x'/>").isEmpty)
        #expect(server.written().isEmpty)
        #expect(
            server.answer(to: "<iq type='get' id='1'><ping xmlns='urn:xmpp:ping'/></iq>")
                == "<iq type=\"result\" id=\"1\"/>")
        #expect(
            server.answer(to: "<iq type='set' id='2'><x xmlns='urn:x'/></iq>").contains(
                "service-unavailable"))
        server.session.end()
        #expect(server.written() == "</stream:stream>")
        server.session.acknowledge(try Sample.message().pair)
        #expect(server.written().isEmpty)
    }
}
