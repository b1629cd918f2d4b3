import Testing

@testable import XMPP

@Suite("Stream parser")
struct StreamParserTests {
    @Test("Bytes that nobody asks for stay buffered")
    func backPressure() throws {
        var parser = StreamParser()
        parser.append(Array((Stream.header + "<message/><message/>").utf8))
        #expect(try parser.next() == Stream.opened)
        #expect(parser.bufferedBytes == 20)
        _ = try parser.next()
        #expect(parser.bufferedBytes == 10)
        _ = try parser.next()
        #expect(parser.bufferedBytes == 0)
        #expect(try parser.next() == nil)
    }

    @Test("White space between stanzas does not pile up")
    func keepalives() throws {
        var parser = StreamParser()
        parser.append(Array(Stream.header.utf8))
        _ = try parser.next()
        for _ in 1...1_000 {
            parser.append(Array(" ".utf8))
            #expect(try parser.next() == nil)
            #expect(parser.bufferedBytes == 0)
        }
        parser.append(Array("<presence/>".utf8))
        #expect(try parser.next() != nil)
    }

    @Test("After a restart the next header may be there already")
    func restart() throws {
        var parser = StreamParser()
        let auth = "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>"
        parser.append(Array((Stream.header + auth + "<?xml version='1.0'?>" + Stream.header).utf8))
        #expect(try parser.next() == Stream.opened)
        #expect(try parser.next() != nil)
        parser.restart()
        #expect(try parser.next() == Stream.opened)
        #expect(parser.bufferedBytes == 0)
    }

    @Test("A restart forgets what the old header declared")
    func restartForgets() throws {
        var parser = StreamParser()
        parser.append(Array((Stream.header.dropLast() + " xmlns:x='urn:x'><x:a/>").utf8))
        #expect(try parser.next() == Stream.opened)
        #expect(try parser.next() == .stanza(Element("a", namespace: "urn:x")))
        parser.restart()
        parser.append(Array((Stream.header + "<x:a/>").utf8))
        #expect(try parser.next() == Stream.opened)
        #expect(throws: StreamParserError.self) { try parser.next() }
    }

    @Test("Nothing is read after the end of the stream")
    func afterTheEnd() throws {
        var parser = StreamParser()
        parser.append(Array((Stream.header + "</stream:stream><!DOCTYPE x>").utf8))
        #expect(try parser.next() == Stream.opened)
        #expect(try parser.next() == .closed)
        #expect(try parser.next() == nil)
        #expect(parser.bufferedBytes == 0)
    }

    @Test("A copy of a parser goes its own way")
    func valueSemantics() throws {
        var parser = StreamParser()
        parser.append(Array((Stream.header + "<a/><b>te").utf8))
        _ = try parser.next()
        var copy = parser
        #expect(try parser.next() == .stanza(Element("a", namespace: Namespace.client)))
        #expect(try copy.next() == .stanza(Element("a", namespace: Namespace.client)))
        parser.append(Array("xt</b>".utf8))
        copy.append(Array("a</b>".utf8))
        #expect(
            try copy.next()
                == .stanza(Element("b", namespace: Namespace.client, text: "tea")))
        #expect(
            try parser.next()
                == .stanza(Element("b", namespace: Namespace.client, text: "text")))
    }

    @Test("A parser that gave back its memory reads on")
    func releasedMemory() throws {
        var parser = StreamParser()
        parser.append(Array((Stream.header + "<a/><message").utf8))
        _ = try parser.next()
        _ = try parser.next()
        parser.releaseMemory()
        #expect(try parser.next() == nil)
        parser.append(Array("/>".utf8))
        #expect(try parser.next() == .stanza(Element("message", namespace: Namespace.client)))
    }

    @Test("The header's attributes are read in any order and with either quote")
    func header() {
        let transcript = Stream.read(
            "<s:stream xml:lang=\"de\" version='1.0' xmlns:s=\"http://etherx.jabber.org/streams\" "
                + "id='17' from='a' to=\"Friendly Ping Server\" xmlns='jabber:client'>")
        let header = StreamHeader(
            to: "Friendly Ping Server", from: "a", id: "17", version: "1.0", language: "de")
        #expect(transcript.events == [.opened(header)])
    }

    @Test("References in attributes are resolved, every kind")
    func attributeReferences() {
        let transcript = Stream.read(
            afterHeader: "<a b='&amp;amp;&lt;&gt;&quot;&apos;&#38;lt;&#x1F4E6;&#9;\t&#13;'/>")
        #expect(
            transcript.stanzas.first?[attribute: "b"] == "&amp;<>\"'&lt;\u{1F4E6}\t \r")
    }

    @Test("Text is collected around children, white space and all")
    func mixedContent() {
        let transcript = Stream.read(afterHeader: "<a> b<c>d</c>\te<![CDATA[f]]>&#x67;</a>")
        var element = Element("a", namespace: Namespace.client, text: " b\tefg")
        element.children = [Element("c", namespace: Namespace.client, text: "d")]
        #expect(transcript.stanzas == [element])
    }
}
