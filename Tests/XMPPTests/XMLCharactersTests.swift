import Testing

@testable import XMPP

@Suite("Characters of XML")
struct XMLCharactersTests {
    @Test("Only U+0000–U+001F but for white space, U+FFFE and U+FFFF are forbidden")
    func forbidden() {
        for value in 0...0x1_0FFF as ClosedRange<UInt32> {
            guard let scalar = Unicode.Scalar(value) else { continue }
            let isForbidden =
                (value < 0x20 && ![0x9, 0xA, 0xD].contains(value)) || value == 0xFFFE
                || value == 0xFFFF
            let found = XMLCharacters.firstForbiddenCharacter(in: Array("ab\(scalar)".utf8))
            let expected =
                isForbidden ? XMLCharacters.Forbidden(offset: 2, scalar: scalar) : nil
            #expect(found == expected, "U+\(scalar.hexadecimal)")
        }
    }

    @Test("Bytes that are not UTF-8 are found")
    func notUTF8() {
        let bytes: [UInt8] = [0x61, 0xC3, 0xA4, 0xED, 0xA0, 0x80]
        #expect(
            XMLCharacters.firstForbiddenCharacter(in: bytes)
                == XMLCharacters.Forbidden(offset: 3, scalar: nil))
    }

    @Test(
        "Inside JSON they become escapes",
        arguments: [
            ("{\"a\":\"b\"}", "{\"a\":\"b\"}"), ("\"\u{1}\u{1F}\"", "\"\\u0001\\u001f\""),
            ("\"x\u{0}\u{B}y\u{FFFE}\u{FFFF}\"", "\"x\\u0000\\u000by\\ufffe\\uffff\""),
            ("\"\u{7F}\u{E9}\u{1F4E6}\t\"", "\"\u{7F}\u{E9}\u{1F4E6}\t\""),
        ])
    func escapes(json: String, expected: String) {
        let escaped = XMLCharacters.escapingForbiddenCharacters(inJSON: Array(json.utf8))
        #expect(escaped == Array(expected.utf8))
        #expect(XMLCharacters.firstForbiddenCharacter(in: escaped) == nil)
    }
}
