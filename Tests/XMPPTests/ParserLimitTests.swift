import Testing

@testable import XMPP

@Suite("Bounds of the parser")
struct ParserLimitTests {
    /// A stanza of exactly that many bytes.
    private func stanza(bytes: Int, filling: String = "x") -> String {
        "<message>" + String(repeating: filling, count: bytes - 19) + "</message>"
    }

    @Test("A stanza may have 65,536 bytes and not one more")
    func stanzaBytes() {
        #expect(Stream.read(afterHeader: stanza(bytes: 65_536)).stanzas.count == 1)
        let tooLong = Stream.read(afterHeader: stanza(bytes: 65_537))
        #expect(tooLong.stanzas.isEmpty)
        #expect(tooLong.error?.condition == .policyViolation)
        #expect(tooLong.error?.reason == "stanza exceeds 65536 bytes")
    }

    @Test("A stanza that never ends is refused at its bound")
    func endlessStanza() {
        for opening in ["<message>", "<message><![CDATA["] {
            let endless = opening + String(repeating: "x", count: 65_537 - opening.utf8.count)
            #expect(Stream.read(afterHeader: endless).error?.condition == .policyViolation)
            let waiting = String(endless.dropLast())
            #expect(Stream.read(afterHeader: waiting).error == nil)
        }
    }

    @Test("A tag may have 4,096 bytes and not one more")
    func tagBytes() {
        func tag(bytes: Int) -> String {
            "<message id='" + String(repeating: "x", count: bytes - 16) + "'/>"
        }
        #expect(Stream.read(afterHeader: tag(bytes: 4_096)).stanzas.count == 1)
        let tooLong = Stream.read(afterHeader: tag(bytes: 4_097))
        #expect(tooLong.error?.condition == .policyViolation)
        #expect(tooLong.error?.reason == "tag exceeds 4096 bytes")
    }

    @Test("A stream header and an XML declaration are tags too")
    func headerBytes() {
        func header(bytes: Int) -> String {
            let padding = bytes - Stream.header.utf8.count - 5
            return Stream.header.dropLast() + " x='" + String(repeating: "x", count: padding) + "'>"
        }
        #expect(Stream.read(header(bytes: 4_096)).events.count == 1)
        #expect(Stream.read(header(bytes: 4_097)).error?.condition == .policyViolation)
        let declaration = "<?xml" + String(repeating: " ", count: 4_092)
        #expect(Stream.read(declaration).error?.condition == .policyViolation)
    }

    @Test("Elements may nest 32 deep and not one deeper")
    func depth() {
        func nested(_ depth: Int) -> String {
            String(repeating: "<a>", count: depth) + String(repeating: "</a>", count: depth)
        }
        #expect(Stream.read(afterHeader: nested(32)).stanzas.count == 1)
        let tooDeep = Stream.read(afterHeader: nested(33))
        #expect(tooDeep.error?.condition == .policyViolation)
        #expect(tooDeep.error?.reason == "elements nested deeper than 32")
    }

    @Test("A stream may use 500 names and not one more")
    func names() {
        let flood = (1...501).map { "<name\($0)/>" }.joined()
        let transcript = Stream.read(afterHeader: flood)
        #expect(transcript.stanzas.count == 500)
        #expect(transcript.error?.condition == .policyViolation)
        #expect(transcript.error?.reason == "stream uses more than 500 names")
    }

    @Test("Values are not names: thousands of different ids are fine")
    func manyValues() {
        let stanzas = (1...2_000).map { "<message id='m-\($0)'/>" }.joined()
        #expect(Stream.read(afterHeader: stanzas).stanzas.count == 2_000)
    }

    @Test("Limits are settable")
    func settable() {
        var limits = ParserLimits()
        limits.stanzaBytes = 20
        limits.depth = 1
        #expect(Stream.read(afterHeader: stanza(bytes: 20), limits: limits).stanzas.count == 1)
        #expect(Stream.read(afterHeader: stanza(bytes: 21), limits: limits).error != nil)
        #expect(Stream.read(afterHeader: "<a><b/></a>", limits: limits).error != nil)
    }

    @Test("An attribute of 64 KiB of > is refused early, byte by byte", .timeLimit(.minutes(5)))
    func quadraticAttribute() {
        let bytes = Array(
            (Stream.header + "<message id='" + String(repeating: ">", count: 65_000)).utf8)
        let transcript = Stream.read(pieces: bytes.indices.map { bytes[$0...$0] })
        #expect(transcript.error?.condition == .policyViolation)
    }

    @Test("64 KiB of text are read byte by byte", .timeLimit(.minutes(5)))
    func byteByByte() {
        for filling in ["x", ">", "&gt;", "é"] {
            let count = 65_000 / filling.utf8.count
            let text = "<message>" + String(repeating: filling, count: count) + "</message>"
            let bytes = Array((Stream.header + text).utf8)
            let transcript = Stream.read(pieces: bytes.indices.map { bytes[$0...$0] })
            #expect(transcript.stanzas.count == 1)
        }
    }
}
