import Testing

@testable import XMPP

@Suite("Quotes written as references")
struct QuoteReferencesTests {
    private func resolve(_ stanza: String) -> String? {
        var references = QuoteReferences()
        let isChanged = Array(stanza.utf8).withUnsafeBytes { references.resolve($0) }
        return isChanged ? String(decoding: references.output, as: UTF8.self) : nil
    }

    @Test("Text without references is left where it is")
    func nothing() {
        #expect(resolve("<a b='c'>{\"d\":'e'}</a>") == nil)
    }

    @Test(
        "Quotes in text are resolved, and nothing else is",
        arguments: [
            ("<a>&quot;b&apos;</a>", "<a>\"b'</a>"),
            ("<a>&amp;quot;&lt;&#34;&quot</a>", "<a>&amp;quot;&lt;&#34;&quot</a>"),
            ("<a b='>&quot;'>&quot;</a>", "<a b='>&quot;'>\"</a>"),
            ("<a b=\"'>&quot;\">&quot;</a>", "<a b=\"'>&quot;\">\"</a>"),
            ("<a b='&apos;'/>", "<a b='&apos;'/>"),
            (
                "<a><![CDATA[&quot;]>'\"]]>&quot;<![CDATA[]]>&quot;</a>",
                "<a><![CDATA[&quot;]>'\"]]>\"<![CDATA[]]>\"</a>"
            ),
            ("<a>&quot;<b/>&quot;</a>", "<a>\"<b/>\"</a>"),
        ])
    func resolved(stanza: String, expected: String) {
        #expect(resolve(stanza) == expected)
    }

    @Test("Both ways of writing JSON give the same element")
    func sameElement() {
        let json = "{\"a\":\"it's 1 &lt; 2 &amp; \\\"b\\\"\",\"\u{E9}\":\"]]&gt;\"}"
        let references = json.split(separator: "\"", omittingEmptySubsequences: false)
            .joined(separator: "&quot;").split(separator: "'").joined(separator: "&apos;")
        let raw = Stream.read(afterHeader: "<message><gcm>\(json)</gcm></message>")
        let written = Stream.read(afterHeader: "<message><gcm>\(references)</gcm></message>")
        #expect(raw.error == nil)
        #expect(raw == written)
    }

    @Test("A mistake keeps its place in what the peer wrote")
    func placeOfMistakes() {
        let stanza = "<a>&quot;&quot;&quot;]]>&quot;</a>"
        let bytes = Array(stanza.utf8)
        bytes.withUnsafeBytes {
            #expect(QuoteReferences.source(of: 2, in: $0) == 2)
            #expect(QuoteReferences.source(of: 6, in: $0) == 21)
            #expect(QuoteReferences.source(of: 1_000, in: $0) == bytes.count)
        }
        #expect(Stream.read(afterHeader: stanza).error?.condition == .notWellFormed)
    }
}
