import CloudMessaging
import Testing
import XMPP

@testable import XMPPSessions

@Suite("App-server stream: upstream stanzas")
struct UpstreamStanzaTests {
    private func transmit(_ message: UpstreamMessage, _ profile: Profile) -> String {
        var door = AppServerDoor.bound(profile: profile)
        door.session.transmit(message)
        return door.written()
    }

    @Test("Profile observed writes what was captured, and the message ID as the last attribute")
    func observed() throws {
        #expect(
            transmit(try Sample.message(), .observed)
                == "<message to=\"\(AppServerDoor.address)\" from=\"devices@gcm.googleapis.com\" "
                + "type=\"normal\" id=\"41\"><gcm xmlns=\"google:mobile:data\">"
                + "{\"data\":{\"greet\":\"coo\",\"n\":\"7\"},\"time_to_live\":86400,"
                + "\"from\":\"\(Sample.token)\",\"message_id\":\"41\","
                + "\"category\":\"com.example.pigeon\"}</gcm></message>")
    }

    @Test("Profile docs writes what the documentation draws")
    func docs() throws {
        #expect(
            transmit(try Sample.message(), .docs)
                == "<message id=\"\"><gcm xmlns=\"google:mobile:data\">"
                + "{\"category\":\"com.example.pigeon\","
                + "\"data\":{\"greet\":\"coo\",\"n\":\"7\"},\"message_id\":\"41\","
                + "\"from\":\"\(Sample.token)\"}</gcm></message>")
    }

    struct Escape: Sendable {
        let id: String
        let attribute: String
        let json: String
    }

    static let escapes = [
        Escape(
            id: "<&>\"'", attribute: "&lt;&amp;&gt;&quot;'", json: #"&lt;&amp;&gt;\"'"#),
        Escape(id: "]]>", attribute: "]]&gt;", json: "]]&gt;"),
        Escape(id: "a\tb\nc\rd", attribute: "a&#9;b&#10;c&#13;d", json: #"a\tb\nc\rd"#),
        Escape(id: #"\&amp;"#, attribute: #"\&amp;amp;"#, json: #"\\&amp;amp;"#),
        Escape(id: "\u{E9}", attribute: "\u{E9}", json: "\u{E9}"),
        Escape(id: "e\u{301}", attribute: "e\u{301}", json: "e\u{301}"),
        Escape(id: " ", attribute: " ", json: " "),
        Escape(
            id: "\u{85}\u{2028}\u{7F}", attribute: "\u{85}\u{2028}\u{7F}",
            json: "\u{85}\u{2028}\u{7F}"),
        Escape(id: "\u{1F4E6}\u{FFFD}", attribute: "\u{1F4E6}\u{FFFD}", json: "\u{1F4E6}\u{FFFD}"),
    ]

    @Test("IDs are escaped once for the attribute, and twice for the JSON", arguments: escapes)
    func escapedIDs(escape: Escape) throws {
        let message = try Sample.message(id: escape.id, data: "{}")
        let written = Array(transmit(message, .observed).utf8)
        #expect(written.contains(Array(" id=\"\(escape.attribute)\">".utf8)))
        #expect(written.contains(Array("\"message_id\":\"\(escape.json)\",".utf8)))
        let stanza = try #require(try ReadBack.stanzas(Array(Sample.header().utf8) + written).first)
        #expect(Array((stanza.id ?? "").utf8) == Array(escape.id.utf8))
        #expect(!transmit(message, .docs).contains(" id=\"\(escape.attribute)\""))
    }

    @Test(
        "Data travels as the same bytes of JSON, whatever they mean to XML",
        arguments: [
            #"{"a<b>&c;":"]]>","\"":"'"}"#, #"{ "k" :"\u0000\uFFFE\ud83d\ude00" ,"\/":""}"#,
            "{\n\t\"k\" : \"v\"\n}", "{\"\u{E9}\":\"e\u{301}\",\"e\u{301}\":\"\u{E9}\"}", "{}",
            "{\"k\":\"<!DOCTYPE x><![CDATA[&amp;]]>\"}", "{\r\"k\":\"\u{85}\u{2028}\"}",
        ])
    func data(json: String) throws {
        for profile in Profile.allCases {
            let written = transmit(try Sample.message(data: json), profile)
            let stanza = try #require(
                try ReadBack.stanzas(Array((Sample.header() + written).utf8)).first)
            let text = try #require(stanza.child("gcm", in: GCMNamespace.data)?.text)
            #expect(text.contains(Array(("\"data\":" + json + ",").utf8)))
        }
    }

    @Test("Nothing is transmitted before a resource is bound, or after the end")
    func onlyWhenBound() throws {
        var door = AppServerDoor()
        door.hear(Sample.header() + Sample.auth() + Sample.header())
        _ = door.written()
        door.session.transmit(try Sample.message())
        door.session.announceDraining()
        #expect(door.written().isEmpty)
        door = .bound()
        door.session.end()
        _ = door.written()
        door.session.transmit(try Sample.message())
        door.session.announceDraining()
        door.session.rejectAcknowledgement(try Sample.message().pair)
        #expect(door.written().isEmpty)
    }

    @Test("The address in an upstream stanza is escaped")
    func address() throws {
        var door = AppServerDoor()
        door.hear(
            Sample.header() + Sample.auth() + Sample.header() + Sample.bind(resource: "&quot;&lt;"))
        _ = door.written()
        door.session.transmit(try Sample.message())
        #expect(
            door.written().hasPrefix(
                "<message to=\"555000111222@gcm.googleapis.com/&quot;&lt;\(AppServerDoor.drawn.resource)\" "
            ))
    }
}
