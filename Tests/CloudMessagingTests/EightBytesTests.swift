import CloudMessaging
import Testing

@Suite("Texts that are looked at eight bytes at a time")
struct EightBytesTests {
    /// Every length up to three words, and every place in it.
    static let places = (1...24).flatMap { length in (0..<length).map { (length, $0) } }

    private func text(_ length: Int, with odd: String, at place: Int) -> String {
        String(repeating: "x", count: place) + odd
            + String(repeating: "x", count: length - place - 1)
    }

    @Test("A control character in JSON is found where it is", arguments: places)
    func control(length: Int, place: Int) {
        for odd in ["\0", "\u{1F}"] {
            let found = scan(Array("{\"k\":\"\(text(length, with: odd, at: place))\"}".utf8))
            let expected = JSONError("a control character must be escaped", at: 6 + place)
            #expect(throws: expected) { try found.get() }
        }
    }

    @Test("The first quote ends a JSON string, whatever byte is before it", arguments: places)
    func quote(length: Int, place: Int) throws {
        for before in UInt8(0x20)...0xFF
        where before != UInt8(ascii: "\"") && before != UInt8(ascii: "\\") {
            var json = Array("{\"k\":\"\(text(length, with: "x", at: place))\"}".utf8)
            json[6 + place] = before
            let value = try #require(try scan(json).get().first).value
            #expect(value.content == 6..<6 + length)
            #expect(!value.hasEscapes)
        }
    }

    @Test("An upload ID has only printable ASCII, at every place", arguments: places)
    func uploadID(length: Int, place: Int) {
        for good in ["!", "~"] {
            #expect(UploadID(text(length, with: good, at: place)) != nil)
        }
        for bad in [" ", "\u{1F}", "\u{7F}", "\u{80}", "é", "🚚"] {
            #expect(UploadID(text(length, with: bad, at: place)) == nil)
        }
    }

    @Test("A message ID has no character that XML forbids, at any place", arguments: places)
    func messageID(length: Int, place: Int) {
        for good in ["\t", " ", "\u{7F}", "é", "\u{FFFD}"] {
            #expect(MessageID(text(length, with: good, at: place)) != nil)
        }
        for bad in ["\0", "\u{1F}", "\u{FFFE}", "\u{FFFF}"] {
            #expect(MessageID(text(length, with: bad, at: place)) == nil)
        }
    }

    @Test("JSON escapes what it must, at every place", arguments: places)
    func escapes(length: Int, place: Int) {
        for (odd, escaped) in [
            ("\"", #"\""#), ("\\", #"\\"#), ("\u{1}", #"\u0001"#), ("\u{FFFE}", #"\ufffe"#),
            ("\u{FFFD}", "\u{FFFD}"), ("é", "é"), (" ", " "),
        ] {
            var json: [UInt8] = []
            JSONStrings.append(text(length, with: odd, at: place), to: &json)
            #expect(json == Array("\"\(text(length, with: escaped, at: place))\"".utf8))
        }
    }

    @Test("Strings that differ in one byte differ", arguments: places)
    func sameBytes(length: Int, place: Int) {
        let plain = text(length, with: "x", at: place)
        #expect(plain.hasSameBytes(as: text(length, with: "x", at: 0)))
        #expect(!plain.hasSameBytes(as: text(length, with: "y", at: place)))
        #expect(!plain.hasSameBytes(as: plain + "x"))
    }
}
