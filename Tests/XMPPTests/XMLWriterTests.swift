import Testing

@testable import XMPP

@Suite("XML writer")
struct XMLWriterTests {
    private func write(_ element: Element) -> String {
        var writer = XMLWriter()
        writer.element(element)
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    @Test("An upstream message has the shape that every real app server accepts")
    func upstream() {
        let message = Element(
            "message", namespace: Namespace.client,
            attributes: [
                Attribute("to", "42@gcm.googleapis.com/RES"),
                Attribute("from", "devices@gcm.googleapis.com"), Attribute("type", "normal"),
                Attribute("id", "m-1"),
            ],
            children: [
                Element("gcm", namespace: "google:mobile:data", text: "{\"a\":\"1<2 & 'b'\"}")
            ])
        #expect(
            write(message)
                == "<message to=\"42@gcm.googleapis.com/RES\" from=\"devices@gcm.googleapis.com\" "
                + "type=\"normal\" id=\"m-1\"><gcm xmlns=\"google:mobile:data\">"
                + "{\"a\":\"1&lt;2 &amp; 'b'\"}</gcm></message>")
    }

    @Test("An answer with a prefix can be written tag by tag")
    func prefixed() {
        var writer = XMLWriter()
        writer.openTag("message")
        writer.endTagOpening()
        writer.openTag("data:gcm")
        writer.attribute("xmlns:data", "google:mobile:data")
        writer.endTagOpening()
        writer.text(Array("{}".utf8))
        writer.closeTag("data:gcm")
        writer.closeTag("message")
        #expect(
            String(decoding: writer.bytes, as: UTF8.self)
                == "<message><data:gcm xmlns:data=\"google:mobile:data\">{}</data:gcm></message>")
    }

    @Test("A stream header is written as the real service wrote it")
    func header() {
        var writer = XMLWriter(appendingTo: Array("x".utf8))
        writer.streamHeader(StreamHeader(from: "gcm.googleapis.com", id: "7C19A0D25E3B48F6"))
        writer.streamEnd()
        #expect(
            String(decoding: writer.bytes, as: UTF8.self)
                == "x<stream:stream from=\"gcm.googleapis.com\" id=\"7C19A0D25E3B48F6\" "
                + "version=\"1.0\" xmlns:stream=\"http://etherx.jabber.org/streams\" "
                + "xmlns=\"jabber:client\"></stream:stream>")
    }

    @Test("Features and stream errors carry the prefix that the header declared")
    func streamPrefix() {
        #expect(
            write(StreamFeatures(mechanisms: ["PLAIN"], bind: true).element)
                == "<stream:features><mechanisms xmlns=\"urn:ietf:params:xml:ns:xmpp-sasl\">"
                + "<mechanism>PLAIN</mechanism></mechanisms>"
                + "<bind xmlns=\"urn:ietf:params:xml:ns:xmpp-bind\"/></stream:features>")
        #expect(
            write(StreamError(.invalidXML).element)
                == "<stream:error><invalid-xml xmlns=\"urn:ietf:params:xml:ns:xmpp-streams\"/>"
                + "</stream:error>")
    }

    @Test("What a parser would change is written as a reference")
    func escapes() {
        var element = Element("a", namespace: Namespace.client, text: "\t\n\r\"'<>&]]>")
        element[attribute: "b"] = "\t\n\r\"'<>&"
        #expect(
            write(element)
                == "<a b=\"&#9;&#10;&#13;&quot;'&lt;&gt;&amp;\">\t\n&#13;\"'&lt;&gt;&amp;]]&gt;</a>"
        )
    }

    static let texts = [
        "", " ", "plain", "\u{E9}", "e\u{301}", "\u{1F469}\u{200D}\u{1F680}\u{1F4E6}",
        "\u{5E9}\u{5DC}\u{5D5}\u{5DD} \u{627}\u{644}", "\t\n\r\r\n", "<a>&amp;</a>", "]]>", "\"'",
        "\u{7F}\u{85}\u{2028}\u{FFFD}\u{10FFFF}", "{\"a\":\"\\u0001\"}",
        String(repeating: "\u{E4}&", count: 2_000),
    ]

    @Test("What was written is read as the same element", arguments: texts)
    func roundTrip(text: String) {
        var message = Element.upload(id: String(text.prefix(100)), json: text)
        message.attributes.append(Attribute("lang", "de", namespace: Namespace.xml))
        message.attributes.append(Attribute("kind", "x", namespace: "urn:x"))
        message.children.append(Element("none", namespace: ""))
        message.children.append(
            Element(
                "a", namespace: "urn:a",
                children: [
                    Element("b", namespace: Namespace.client), Element("c", namespace: "urn:a"),
                ]))
        let transcript = Stream.read(afterHeader: write(message))
        #expect(transcript.error == nil)
        #expect(transcript.stanzas == [message])
    }

    @Test("Composed and decomposed letters are different elements")
    func bytesDecide() {
        #expect(Element.upload(id: "\u{E9}", json: "") != Element.upload(id: "e\u{301}", json: ""))
        #expect(Element("\u{E9}", namespace: "") != Element("e\u{301}", namespace: ""))
        #expect(StreamHeader(to: "\u{E9}") != StreamHeader(to: "e\u{301}"))
    }
}
