import Testing

@testable import XMPP

@Suite("Stanzas and their errors")
struct StanzaTests {
    private func written(_ element: Element) -> String {
        var writer = XMLWriter()
        writer.element(element)
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    @Test("Stanzas are known by name and namespace")
    func kinds() {
        for kind in StanzaKind.allCases {
            #expect(Element(kind.rawValue, namespace: Namespace.client).stanzaKind == kind)
            #expect(Element(kind.rawValue, namespace: "urn:x").stanzaKind == nil)
        }
        #expect(Element("auth", namespace: Namespace.client).stanzaKind == nil)
    }

    @Test("Attributes of stanzas are set, replaced and removed")
    func attributes() {
        var message = Element("message", namespace: Namespace.client)
        message.to = "a"
        message.from = "b"
        message.type = "normal"
        message.id = "m-1"
        message.from = "c"
        message.type = nil
        #expect(
            message.attributes == [
                Attribute("to", "a"), Attribute("from", "c"), Attribute("id", "m-1"),
            ])
        #expect(message.type == nil)
        #expect(message.id == "m-1")
    }

    @Test("Every stanza error is read as it was written", arguments: StanzaError.Condition.allCases)
    func stanzaErrors(condition: StanzaError.Condition) {
        for kind in StanzaError.Kind.allCases {
            let error = StanzaError(
                kind, condition, text: "why", legacyCode: 406,
                applicationCondition: Element("x", namespace: "urn:x"))
            let stanza = Element("message", namespace: Namespace.client, children: [error.element])
            #expect(StanzaError(in: stanza) == error)
            let transcript = Stream.read(afterHeader: written(stanza))
            #expect(transcript.stanzas.first.flatMap { StanzaError(in: $0) } == error)
        }
    }

    @Test("The error for a foreign ACK has the shape of the real service")
    func foreignACK() {
        let error = StanzaError(.modify, .notAcceptable, text: "not yours", legacyCode: 406)
        #expect(
            written(error.element)
                == "<error code=\"406\" type=\"modify\"><not-acceptable "
                + "xmlns=\"urn:ietf:params:xml:ns:xmpp-stanzas\"/>"
                + "<text xmlns=\"urn:ietf:params:xml:ns:xmpp-stanzas\">not yours</text></error>")
    }

    @Test("A stanza without an error has none, and an odd one is still read")
    func oddErrors() {
        #expect(StanzaError(in: Element("message", namespace: Namespace.client)) == nil)
        let odd = Element(
            "iq", namespace: Namespace.client,
            children: [Element("error", namespace: Namespace.client)])
        #expect(StanzaError(in: odd) == StanzaError(.cancel, .undefinedCondition))
    }

    @Test("Every stream error is read as it was written", arguments: StreamError.Condition.allCases)
    func streamErrors(condition: StreamError.Condition) {
        let error = StreamError(
            condition, text: "why", applicationCondition: Element("x", namespace: "urn:x"))
        let transcript = Stream.read(afterHeader: written(error.element))
        #expect(transcript.stanzas.first.flatMap { StreamError($0) } == error)
        #expect(StreamError(Element("error", namespace: Namespace.client)) == nil)
    }

    @Test("Stream features are read as they were written")
    func features() {
        let features = StreamFeatures(
            mechanisms: ["X-OAUTH2", "PLAIN"], bind: true, session: true, streamManagement: true,
            others: [Element("x", namespace: "urn:x")])
        #expect(StreamFeatures(features.element) == features)
        #expect(StreamFeatures(StreamFeatures().element) == StreamFeatures())
        #expect(StreamFeatures(Element("features", namespace: Namespace.client)) == nil)
    }
}
