import CloudMessaging
import Testing
import XMPP

@testable import XMPPSessions

@Suite("Deliveries on the device stream")
struct DeliveryStanzaTests {
    private static func registration(_ app: String = Sample.category) throws -> Registration {
        Registration(
            number: 7, device: DeviceID(4_711), category: try Category(app).orThrow(),
            token: RegistrationToken(Sample.token), senders: [])
    }

    private static func message(
        _ content: String, id: String = "d-900", app: String = Sample.category,
        topic: String? = nil
    ) throws -> DownstreamMessage {
        DownstreamMessage(
            sequence: 1, registration: try registration(app),
            template: DownstreamTemplate(
                sender: SenderNumber(rawValue: 1), id: try MessageID(id).orThrow(),
                topic: topic.flatMap { TopicName($0) }, content: Array(content.utf8),
                timeToLive: 60, expiry: .never))
    }

    private static func written(_ message: DownstreamMessage) throws -> String {
        var writer = XMLWriter()
        DeliveryStanza.write(message, from: try SenderID(Sample.sender).orThrow(), to: &writer)
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    /// The delivery that a device reads from the stanza.
    private static func read(_ stanza: String) throws -> DeliveryStanza.Delivery? {
        var parser = StreamParser()
        Array((Sample.header() + stanza).utf8).withUnsafeBytes { parser.append($0) }
        while let event = try parser.next() {
            if case .stanza(let element) = event { return DeliveryStanza.read(element) }
        }
        return nil
    }

    private static func delivered(_ json: String) -> String {
        "<message><gcm xmlns='google:mobile:data'>\(json)</gcm></message>"
    }

    private static func line(_ delivery: DeliveryStanza.Delivery?) -> String {
        switch delivery {
        case nil: "none"
        case .message(let message): DeviceSession.Event.received(message).line
        case .deletion(let app, let total): "deleted \(total) of \(app)"
        case .unusable(let reason): "unusable: \(reason)"
        }
    }

    @Test("A message to a topic comes from it; its stanza comes from the sender all the same")
    func topic() throws {
        let stanza = try Self.written(Self.message("{}", topic: "news"))
        #expect(stanza.hasPrefix(#"<message id="d-900" from="555000111222@gcm.googleapis.com">"#))
        #expect(try Self.line(Self.read(stanza)).contains("from /topics/news"))
    }

    @Test("A message is written with the app server's members behind ours, byte by byte")
    func bytes() throws {
        let content = #"{"data":{"k":"<&> \u0001"},"collapse_key":"score","priority":"high"}"#
        #expect(
            try Self.written(Self.message(content)) == """
                <message id="d-900" from="555000111222@gcm.googleapis.com">\
                <gcm xmlns="google:mobile:data">{"app":"com.example.pigeon",\
                "message_id":"d-900","from":"555000111222","data":{"k":"&lt;&amp;&gt; \\u0001"},\
                "collapse_key":"score","priority":"high"}</gcm></message>
                """)
    }

    @Test("Without content there are our members only", arguments: ["{}", "{ }", "{\n\t}"])
    func noContent(content: String) throws {
        #expect(
            try Self.written(Self.message(content, id: "<\"\t&", app: "a>b")) == """
                <message id="&lt;&quot;&#9;&amp;" from="555000111222@gcm.googleapis.com">\
                <gcm xmlns="google:mobile:data">{"app":"a&gt;b","message_id":"&lt;\\"\\t&amp;",\
                "from":"555000111222"}</gcm></message>
                """)
    }

    @Test("A device reads what the relay writes")
    func readBack() throws {
        let content = """
            {"data":{"k":"<v>","n":1.50},"notification":{"title":"T"},"collapse_key":"c\\u00e9",\
            "content_available":true,"mutable_content":false,"priority":"high"}
            """
        let stanza = try Self.written(Self.message(content, id: "<\"&\u{e9}"))
        guard case .message(let message) = try Self.read(stanza) else {
            Issue.record("\(stanza) is no message")
            return
        }
        #expect(
            message
                == DeliveredMessage(
                    category: try Category(Sample.category).orThrow(),
                    id: try MessageID("<\"&\u{e9}").orThrow(), from: Sample.sender,
                    data: DataPayload(json: Array(#"{"k":"<v>","n":1.50}"#.utf8)),
                    notification: DataPayload([("title", "T")]), collapseKey: "cé",
                    contentAvailable: true))
    }

    @Test("A deletion notice is written as GCM did, and read back")
    func deletion() throws {
        var writer = XMLWriter()
        DeliveryStanza.write(
            DeletionNotice(registration: 7, total: 101, through: 101),
            of: try Self.registration(), to: &writer)
        let stanza = String(decoding: writer.bytes, as: UTF8.self)
        #expect(
            stanza == """
                <message from="gcm.googleapis.com"><gcm xmlns="google:mobile:data">\
                {"app":"com.example.pigeon","message_type":"deleted_messages",\
                "total_deleted":"101"}</gcm></message>
                """)
        #expect(Self.line(try Self.read(stanza)) == "deleted 101 of com.example.pigeon")
    }

    @Test(
        "What no app can get is named",
        arguments: [
            ("[]", "unusable: a JSON object was expected at byte 0 of a delivery's JSON"),
            (#"{"message_id":"1","from":"5"}"#, "unusable: a delivery names no app"),
            (#"{"app":"","message_id":"1","from":"5"}"#, "unusable: a delivery names no app"),
            (#"{"app":"a","from":"5"}"#, "unusable: a delivery to a has no message_id"),
            (#"{"app":"a","message_id":1}"#, "unusable: a delivery to a has no message_id"),
            (
                #"{"app":"a","message_id":"1"}"#,
                "unusable: message 1 to a does not say who sent it"
            ),
            (
                #"{"app":"a","message_type":"gcm","message_id":"1","from":"5"}"#,
                "unusable: a delivery to a is of an unknown message_type"
            ),
            (
                #"{"app":"a","message_type":"deleted_messages","total_deleted":101}"#,
                "unusable: a deletion notice for a has no total_deleted"
            ),
        ])
    func unusable(json: String, line: String) throws {
        #expect(Self.line(try Self.read(Self.delivered(json))) == line)
    }

    @Test("Members of unknown names and types are passed over; of equal names the last counts")
    func tolerance() throws {
        let json = """
            {"app":"x","app":"a","message_id":"1","from":"5","data":[1],"notification":"n",\
            "collapse_key":7,"content_available":"yes","later":{"a":[]}}
            """
        #expect(Self.line(try Self.read(Self.delivered(json))) == "received 1 for a from 5: {}")
        #expect(Self.line(try Self.read("<message><body>hi</body></message>")) == "none")
    }
}
