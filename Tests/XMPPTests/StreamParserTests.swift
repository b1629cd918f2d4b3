import Testing

@testable import XMPP

@Suite("Stream parser")
struct StreamParserTests {
    static let header =
        "<stream:stream to='gcm.googleapis.com' version='1.0' xmlns='jabber:client' "
        + "xmlns:stream='http://etherx.jabber.org/streams'>"

    @Test("reads a header, a stanza and the end")
    func smoke() throws {
        var parser = StreamParser()
        parser.append(
            Array(
                (Self.header
                    + "<message id='m-1'><gcm xmlns='google:mobile:data'>{\"a\":&quot;b&quot;}</gcm></message></stream:stream>")
                    .utf8))
        #expect(try parser.next() == .opened(StreamHeader(to: "gcm.googleapis.com")))
        #expect(
            try parser.next()
                == .stanza(
                    Element(
                        "message", namespace: "jabber:client", attributes: [Attribute("id", "m-1")],
                        children: [
                            Element("gcm", namespace: "google:mobile:data", text: "{\"a\":\"b\"}")
                        ])))
        #expect(try parser.next() == .closed)
        #expect(try parser.next() == nil)
    }
}
