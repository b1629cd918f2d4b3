import Testing

@testable import XMPP

@Suite("Stanzas in plain form")
struct PlainStanzaTests {
    /// Has every name that a stanza may bring.
    private static let vocabulary =
        "<message id='' to='' type=''><gcm xmlns='google:mobile:data'>{}</gcm><a/><b/></message>"

    private func parser() -> XMLPushParser {
        let parser = Array(Stream.header.utf8).withUnsafeBytes { XMLPushParser(header: $0) }
        _ = try? parse(Self.vocabulary, with: parser)
        return parser
    }

    private func parse(_ stanza: String, with parser: XMLPushParser) throws -> Element {
        try Array(stanza.utf8).withUnsafeBytes { try parser.parse($0) }
    }

    /// The element, and how many bytes it took; nil: not plain.
    private func readPlain(
        _ text: String, limits: ParserLimits = ParserLimits(), with parser: XMLPushParser
    ) -> (element: Element, length: Int)? {
        Array(text.utf8).withUnsafeBytes { bytes in
            var reader = PlainStanza(in: bytes, at: 0, limits: limits, parser: parser)
            return reader.read().map { ($0, reader.position) }
        }
    }

    @Test(
        "What programs write is plain, and is what libxml2 reads",
        arguments: [
            #"<message id="1" to='x@y'><gcm xmlns="google:mobile:data">{"a":'b'}</gcm></message>"#,
            "<message><gcm xmlns='google:mobile:data' id='1'><a/></gcm><a/></message>",
            "<a/>", "<a></a>", "<a id=''/>", "<a>1<b/>2<b>3</b>\u{7F}</a>",
        ])
    func plain(stanza: String) throws {
        let parser = parser()
        let plain = try #require(readPlain(stanza + "<b/>", with: parser))
        #expect(plain.length == stanza.utf8.count)
        #expect(try plain.element == parse(stanza, with: parser))
    }

    @Test(
        "All else is left to libxml2",
        arguments: [
            "<c/>", "<a c=''/>", "<a xmlns='c'/>", "<a xmlns=''/>", "<a id='1' id='2'/>",
            "<a xmlns='google:mobile:data' xmlns='google:mobile:data'/>",
            "<a xmlns='http://etherx.jabber.org/streams'/>", "<stream:a/>", "<a stream:id=''/>",
            "<a xml:id=''/>", "<a  id=''/>", "<a id =''/>", "<a />", "<a></a >", "<a></b>",
            "<a>&lt;</a>", "<a id='&lt;'/>", "<a>></a>", "<a id='>'/>", "<a>\t</a>",
            "<a>\u{E9}</a>",
            "<a id='\n'/>", "<a><![CDATA[]]></a>", "<a><!----></a>", "<?a?>", "<1/>", "<a id=1/>",
            " <a/>", "", "<", "<a", "<a id='", "<a>", "<a>text", "<a><", "<a></", "<a></a",
        ])
    func notPlain(stanza: String) {
        #expect(readPlain(stanza, with: parser()) == nil)
    }

    @Test("A limit itself is allowed, one more is left to the framer")
    func limits() {
        let stanza = "<a id='12345'><b>123</b></a>"
        let parser = parser()
        for (limit, isPlain) in [(14, true), (13, false)] {
            var limits = ParserLimits()
            limits.tagBytes = limit
            #expect((readPlain(stanza, limits: limits, with: parser) != nil) == isPlain)
        }
        for (limit, isPlain) in [(stanza.utf8.count, true), (stanza.utf8.count - 1, false)] {
            var limits = ParserLimits()
            limits.stanzaBytes = limit
            #expect((readPlain(stanza, limits: limits, with: parser) != nil) == isPlain)
        }
        for (limit, isPlain) in [(2, true), (1, false)] {
            var limits = ParserLimits()
            limits.depth = limit
            #expect((readPlain(stanza, limits: limits, with: parser) != nil) == isPlain)
        }
    }

    private static let tokens = [
        "<a", "<b>", "<a>", "</a>", "</b>", "<b/>", "<b id='1'>2</b>", "/>", ">", " id='1'", " ",
        " to=\"2\"", "=", " xmlns='google:mobile:data'", "text", "'", "\"", "12345678", "]]>",
        "&quot;", "\t", "\r", "\u{E9}", "\u{1}", "\u{7F}", "</message>", "a", "<", "/",
    ]

    @Test("Whatever is read as plain, the framer and libxml2 read as the same")
    func sameAsLibXML2() throws {
        var generator = FixedGenerator(state: 20)
        let parser = parser()
        var plainOnes = 0
        for _ in 0..<20_000 {
            let count = Int.random(in: 0...5, using: &generator)
            let tokens = (0..<count).map { _ in Self.tokens.randomElement(using: &generator)! }
            let start = ["<a", "<a>", "<a id='3'"].randomElement(using: &generator)!
            let text = start + tokens.joined() + "</a>"
            guard let plain = readPlain(text, with: parser) else { continue }
            plainOnes += 1
            let stanza = String(decoding: Array(text.utf8)[..<plain.length], as: UTF8.self)
            #expect(try plain.element == parse(stanza, with: parser))
            // Its names are new to that stream, so the framer and libxml2 read it.
            #expect(Stream.read(afterHeader: stanza).stanzas == [plain.element])
        }
        #expect(plainOnes > 500)
    }

    @Test("A stream is read the same, however its first stanzas come")
    func sameInStreams() {
        let text =
            Stream.header + Self.vocabulary + Self.vocabulary + "<a id='\u{E9}'/>" + Self.vocabulary
            + " <a>1</a><a>" + String(repeating: "<b/>", count: 40) + "</a></stream:stream>"
        let bytes = Array(text.utf8)
        let whole = Stream.read(bytes: bytes)
        #expect(whole.error == nil)
        #expect(whole.stanzas.count == 6)
        for cut in bytes.indices {
            #expect(Stream.read(pieces: [bytes[..<cut], bytes[cut...]]) == whole)
        }
    }
}
