import Testing

@testable import XMPP

@Suite("Requests and answers")
struct IQTests {
    private func iq(_ text: String) throws -> IQ {
        let stanza = try #require(Stream.read(afterHeader: text).stanzas.first)
        return try #require(IQ(stanza))
    }

    private func written(_ iq: IQ) -> String {
        var writer = XMLWriter()
        writer.element(iq.element)
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    @Test("A resource is asked for and bound")
    func binding() throws {
        let request = ResourceBinding.request(id: "b1", resource: "test")
        #expect(ResourceBinding.isRequest(request))
        #expect(ResourceBinding.proposedResource(request) == "test")
        #expect(
            ResourceBinding.proposedResource(ResourceBinding.request(id: "b1")) == nil)
        let jid = try JID(parsing: "42@gcm.googleapis.com/3F90A1C7")
        let result = ResourceBinding.result(to: request, jid: jid)
        #expect(
            written(result)
                == "<iq type=\"result\" id=\"b1\"><bind xmlns=\"urn:ietf:params:xml:ns:xmpp-bind\">"
                + "<jid>42@gcm.googleapis.com/3F90A1C7</jid></bind></iq>")
        #expect(try ResourceBinding.boundJID(iq(written(result))) == jid)
        #expect(try ResourceBinding.boundJID(request) == nil)
    }

    @Test("A request without an id gets an answer without one")
    func noID() throws {
        let request = try iq(
            "<iq type='set' to='fcm-xmpp.googleapis.com'>"
                + "<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource/></bind></iq>")
        #expect(ResourceBinding.isRequest(request))
        #expect(ResourceBinding.proposedResource(request) == nil)
        let answer = ResourceBinding.result(to: request, jid: try JID(parsing: "a@b/c"))
        #expect(answer.element.id == nil)
    }

    @Test("A ping with an empty address is answered")
    func ping() throws {
        let request = try iq(
            "<iq type='get' id='c2s1' from='' to='gcm.googleapis.com'>"
                + "<ping xmlns='urn:xmpp:ping'/></iq>")
        #expect(Ping.isRequest(request))
        #expect(!Ping.isRequest(request.result()))
        #expect(
            written(request.result())
                == "<iq type=\"result\" id=\"c2s1\" from=\"gcm.googleapis.com\"/>")
        #expect(Ping.isRequest(Ping.request(id: "p1")))
    }

    @Test("A session request is known, an unknown one is refused")
    func others() throws {
        let session = try iq(
            "<iq type='set' id='s1'><session xmlns='urn:ietf:params:xml:ns:xmpp-session'/></iq>")
        #expect(ResourceBinding.isSessionRequest(session))
        #expect(written(session.result()) == "<iq type=\"result\" id=\"s1\"/>")
        let refusal = session.refusal(StanzaError(.cancel, .serviceUnavailable))
        #expect(try iq(written(refusal)) == refusal)
        #expect(IQ(Element("iq", namespace: Namespace.client)) == nil)
        #expect(IQ(Element("message", namespace: Namespace.client)) == nil)
    }
}
