import Testing

@testable import XMPP

@Suite("Broken streams")
struct MalformedStreamTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let input: String
        let condition: StreamError.Condition
        let reason: String
        var testDescription: String { input }

        init(_ input: String, _ condition: StreamError.Condition, _ reason: String) {
            self.input = input
            self.condition = condition
            self.reason = reason
        }
    }

    static let stanzas = [
        Case(
            "<!DOCTYPE x [<!ENTITY a 'b'>]>", .restrictedXML,
            "a DOCTYPE, which XMPP forbids, at byte 0 of the stanza"),
        Case(
            "<message><!-- hello --></message>", .restrictedXML,
            "a comment, which XMPP forbids, at byte 9 of the stanza"),
        Case(
            "<message><?php x ?></message>", .restrictedXML,
            "a processing instruction, which XMPP forbids, at byte 9 of the stanza"),
        Case(
            "<?xml version='1.0'?>", .restrictedXML,
            "a processing instruction, which XMPP forbids, at byte 0 of the stanza"),
        Case(
            "<message>{\"a\":\"1 < 2\"}</message>", .notWellFormed,
            "unescaped < at byte 17 of the stanza "
                + "(byte 0x20 follows, and no tag begins so; write &lt; in text)"),
        Case(
            "<message>{\"a\":\"x <5\"}</message>", .notWellFormed,
            "unescaped < at byte 17 of the stanza "
                + "(\"5\" follows, and no tag begins so; write &lt; in text)"),
        Case(
            "<message>{\"a\":\"i<n and more\"}</message>", .notWellFormed,
            "unescaped < at byte 16 of the stanza "
                + "(no > ends it before the next < at byte 29; write &lt; in text)"),
        Case(
            "<message><gcm>{\"a\":\"Hello <World> &\"}</gcm></message>", .notWellFormed,
            "</gcm> instead of </World> at byte 37 of the stanza (<World at byte 26 is open: "
                + "an unescaped <, or an end tag is missing)"),
        Case(
            "<message>{\"a\":\"Tom & Jerry\"}</message>", .notWellFormed,
            "unescaped & at byte 19 of the stanza (write &amp;)"),
        Case(
            "<message>{\"a\":\"Q&A\"}</message>", .notWellFormed,
            "unescaped & at byte 16 of the stanza (write &amp;)"),
        Case(
            "<message><![CDATA[&]]>&amp;&</message>", .notWellFormed,
            "unescaped & at byte 27 of the stanza (write &amp;)"),
        Case(
            "<message id='a&b'/>", .notWellFormed,
            "unescaped & at byte 14 of the stanza (write &amp;)"),
        Case(
            "<message>&nbsp;</message>", .restrictedXML,
            "undefined entity &nbsp; at byte 9 of the stanza "
                + "(XMPP has &amp; &lt; &gt; &quot; &apos; only; write &amp; for an &)"),
        Case(
            "<message>&#0;</message>", .notWellFormed,
            "&#0;, which is no character of XML, at byte 9 of the stanza"),
        Case(
            "<message>&#xFFFF;</message>", .notWellFormed,
            "&#xFFFF;, which is no character of XML, at byte 9 of the stanza"),
        Case(
            "<message>\u{1}</message>", .notWellFormed,
            "U+0001, which XML cannot carry, at byte 9 of the stanza"),
        Case(
            "<message>\u{FFFE}</message>", .notWellFormed,
            "U+FFFE, which XML cannot carry, at byte 9 of the stanza"),
        Case(
            "<message></iq>", .notWellFormed,
            "</iq> instead of </message> at byte 9 of the stanza "
                + "(<message at byte 0 is open: an unescaped <, or an end tag is missing)"),
        Case(
            "</message>", .notWellFormed,
            "</message>, which closes nothing, at byte 0 of the stanza"),
        Case(
            "</stream:stream x>", .notWellFormed,
            "an end tag that is more than a name at byte 0 of the stanza"),
        Case(
            "<![CDATA[x]]>", .notWellFormed,
            "<! that begins nothing known here at byte 0 of the stanza"),
        Case(
            Stream.header, .badFormat,
            "a second stream header without a reason at byte 0 of the stanza"),
    ]

    @Test("Each mistake is named with its place", arguments: stanzas)
    func mistake(_ mistake: Case) {
        let transcript = Stream.read(afterHeader: "<presence/>" + mistake.input)
        #expect(transcript.events.count == 2)
        #expect(transcript.error?.condition == mistake.condition)
        #expect(transcript.error?.reason == mistake.reason)
    }

    @Test(
        "Mistakes that libxml2 finds have their condition",
        arguments: [
            ("<message><x:gcm/></message>", StreamError.Condition.badNamespacePrefix),
            ("<message x:id='1'/>", .badNamespacePrefix),
            ("<message id='1' id='2'/>", .notWellFormed),
            ("<message id=1/>", .notWellFormed),
            ("<message id/>", .notWellFormed),
            ("<message>]]></message>", .notWellFormed),
            ("<message xmlns:x=''/>", .invalidNamespace),
            ("<a\u{D7}b/>", .notWellFormed),
        ])
    func libraryFindings(stanza: String, condition: StreamError.Condition) {
        let transcript = Stream.read(afterHeader: stanza)
        #expect(transcript.stanzas.isEmpty)
        #expect(transcript.error?.condition == condition)
    }

    @Test(
        "Bytes that are not UTF-8 are refused where they are",
        arguments: [
            [0xC3, 0x28], [0xC0, 0xBC], [0xE0, 0x80, 0xAF], [0xED, 0xA0, 0x80], [0xF5, 0x80, 0x80],
            [0xF4, 0x90, 0x80, 0x80], [0xFF], [0x80], [0xC3], [0xE2, 0x82],
            [0xF8, 0x88, 0x80, 0x80],
        ] as [[UInt8]])
    func badUTF8(bytes: [UInt8]) {
        for (before, after) in [("<message>ab", "cd</message>"), ("<message id='a", "b'/>")] {
            let stream =
                Array((Stream.header + before).utf8) + bytes + Array(after.utf8)
            let transcript = Stream.read(bytes: stream)
            #expect(transcript.stanzas.isEmpty)
            #expect(transcript.error?.condition == .notWellFormed)
            #expect(
                transcript.error?.streamOffset == Stream.header.utf8.count + before.utf8.count)
        }
    }

    @Test(
        "A stream must begin with its header",
        arguments: [
            ("GET / HTTP/1.1", StreamError.Condition.notWellFormed),
            ("\u{16}\u{3}\u{1}", .notWellFormed), ("\u{FEFF}" + Stream.header, .notWellFormed),
            ("</stream:stream>", .notWellFormed), ("<message/>", .badFormat), ("<s>", .badFormat),
            ("<!DOCTYPE stream>", .restrictedXML), ("<!-- x -->", .restrictedXML),
            ("<?foo?>", .restrictedXML), ("<?xmlfoo version='1.0'?>", .restrictedXML),
            ("<?xml version='1.0'?><?xml version='1.0'?>", .restrictedXML),
            ("<?xml version='1.1'?>", .notWellFormed), ("<?xml broken?>", .notWellFormed),
            ("<?xml version='1.0' encoding='UTF-16'?>", .unsupportedEncoding),
            ("<?xml version='1.0' encoding='ISO-8859-1'?>", .unsupportedEncoding),
            ("<stream:stream xmlns:stream='http://etherx.jabber.org/streams'/>", .badFormat),
            ("<stream:stream xmlns='jabber:client'>", .badNamespacePrefix),
            ("<stream:stream to='a&b'>", .notWellFormed),
            ("<stream:stream xmlns:stream='urn:x'>", .invalidNamespace),
            ("<stream:x xmlns:stream='http://etherx.jabber.org/streams'>", .badFormat),
            (
                "<stream:stream xmlns:stream='http://etherx.jabber.org/streams' "
                    + "xmlns='jabber:server'>", .invalidNamespace
            ),
        ])
    func header(text: String, condition: StreamError.Condition) {
        let transcript = Stream.read(text + "<message/>")
        #expect(transcript.events.isEmpty)
        #expect(transcript.error?.condition == condition)
    }

    @Test("An error is final, and says the same again")
    func errorsLast() throws {
        var parser = StreamParser()
        parser.append(Array((Stream.header + "<a></b><message/>").utf8))
        #expect(try parser.next() == Stream.opened)
        let error = try #require(throws: StreamParserError.self) { try parser.next() }
        parser.append(Array("<message/>".utf8))
        #expect(throws: error) { try parser.next() }
    }

    @Test("What a peer wrote cannot take over the terminal that shows the error")
    func printableReason() {
        for stanza in ["</\u{1B}[2J\u{7}>", "<a\u{1B}[2J\u{9B}/>", "<a></a\u{8}>"] {
            let reason = Stream.read(afterHeader: stanza).error?.reason
            #expect(reason != nil)
            #expect(
                reason?.unicodeScalars.contains { $0.properties.generalCategory == .control }
                    == false)
        }
    }

    @Test("The place in the connection counts on over a restart")
    func streamOffset() {
        let beginning =
            Stream.header + "<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>" + Stream.header
        let transcript = Stream.read(beginning + "\n<message>&</message>")
        #expect(transcript.error?.streamOffset == beginning.utf8.count + 1 + 9)
    }

    @Test("Billions of laughs never start")
    func billionLaughs() {
        let bomb =
            "<?xml version='1.0'?><!DOCTYPE lolz [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;'>]>"
            + Stream.header + "<message>&b;</message>"
        let transcript = Stream.read(bomb)
        #expect(transcript.events.isEmpty)
        #expect(transcript.error?.condition == .restrictedXML)
    }
}
