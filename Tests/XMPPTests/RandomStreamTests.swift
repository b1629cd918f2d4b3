import Testing

@testable import XMPP

@Suite("Random streams")
struct RandomStreamTests {
    @Test("Mutilated streams end in events or an error, never in our own fault")
    func mutilated() {
        var generator = FixedGenerator(state: 4_711)
        let junk = Array("<>&;'\"/=! ?[]-x:\u{0}".utf8) + [0xC3, 0xFF]
        for round in 0..<4_000 {
            var bytes = Array(Conversation.all[round % Conversation.all.count].utf8)
            for _ in 0...(round % 3) {
                let place = Int.random(in: 0..<bytes.count, using: &generator)
                switch round % 4 {
                case 0: bytes.remove(at: place)
                case 1: bytes.insert(junk.randomElement(using: &generator)!, at: place)
                case 2: bytes[place] = junk.randomElement(using: &generator)!
                default: bytes.swapAt(place, bytes.count / 2)
                }
            }
            let whole = Stream.read(bytes: bytes)
            #expect(whole.error?.condition != .internalServerError)
            let cut = Int.random(in: 0..<bytes.count, using: &generator)
            #expect(Stream.read(pieces: [bytes[..<cut], bytes[cut...]]) == whole)
        }
    }

    /// Pieces that mean something to XML, to be put together without any sense.
    private static let tokens = [
        "<", ">", "/", "<a", "<a>", "</a>", "<b/>", "&quot;", "&apos;", "&amp;", "&", ";", "'",
        "\"", "=", " ", "id='x'", "<![CDATA[", "]]>", "]]", "<!", "<?", "xml", ":", "xmlns=",
        "xmlns:p='urn:p'", "p:", "\u{E9}", "\u{1F4E6}", "text", "\n", "\r", "{\"k\":\"v\"}",
        "&#38;", "&#x3C;", "x='&quot;>'", "<message id='1'><gcm xmlns='google:mobile:data'>",
        "</gcm></message>", "</stream:stream>",
    ]

    @Test("Senseless XML is cut anywhere without a difference, and what is read can be written")
    func senseless() {
        var generator = FixedGenerator(state: 7)
        var stanzas = 0
        for _ in 0..<5_000 {
            let count = Int.random(in: 1...14, using: &generator)
            let text = (0..<count).map { _ in Self.tokens.randomElement(using: &generator)! }
            let bytes = Array((Stream.header + text.joined()).utf8)
            let whole = Stream.read(bytes: bytes)
            #expect(whole.error?.condition != .internalServerError)
            let cut = Int.random(in: Stream.header.utf8.count..<bytes.count, using: &generator)
            #expect(Stream.read(pieces: [bytes[..<cut], bytes[cut...]]) == whole)
            for stanza in whole.stanzas {
                var writer = XMLWriter(appendingTo: Array(Stream.header.utf8))
                writer.element(stanza)
                #expect(Stream.read(bytes: writer.bytes).stanzas == [stanza])
                stanzas += 1
            }
        }
        #expect(stanzas > 100)
    }
}
