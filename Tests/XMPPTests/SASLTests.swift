import Testing

@testable import XMPP

@Suite("SASL")
struct SASLTests {
    /// RFC 4648 §10.
    static let vectors = [
        ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="),
        ("fooba", "Zm9vYmE="), ("foobar", "Zm9vYmFy"), ("\u{0}42\u{0}key", "ADQyAGtleQ=="),
        ("\u{3FF}\u{FFF}", "z7/gv78="),
    ]

    @Test("Base64 goes both ways", arguments: vectors)
    func base64(text: String, encoded: String) {
        #expect(Base64.encode(Array(text.utf8)) == Array(encoded.utf8))
        #expect(Base64.decode(Array(encoded.utf8)) == Array(text.utf8))
    }

    @Test("Base64 carries every byte")
    func everyByte() {
        let bytes = Array(UInt8.min...UInt8.max)
        for length in 0...bytes.count {
            let part = Array(bytes.suffix(length))
            #expect(Base64.decode(Base64.encode(part)) == part)
        }
    }

    @Test(
        "What is not Base64 is refused",
        arguments: [
            "A", "AA", "AAA", "AA=", "A===", "====", "AA=A", "=AAA", "AAAA=", "AA==AAAA", "Zg==\n",
            " Zg==", "Zm9v\r\n", "Zm-v", "Zm_v", "Z\u{E9}==", "Zh==", "Zm9=",
        ])
    func notBase64(text: String) {
        #expect(Base64.decode(Array(text.utf8)) == nil)
    }

    @Test("PLAIN is read and written")
    func plain() throws {
        let plain = SASLPlain(authenticationID: "42@gcm.googleapis.com", password: "k\u{E9}y")
        #expect(try SASLPlain(decoding: plain.encoded) == plain)
        let acting = SASLPlain(authorizationID: "x", authenticationID: "y", password: "z")
        #expect(acting.encoded == Array("eAB5AHo=".utf8))
        #expect(try SASLPlain(decoding: acting.encoded) == acting)
        #expect(acting.element[attribute: "mechanism"] == "PLAIN")
    }

    @Test(
        "A broken PLAIN message says how, and has its condition",
        arguments: [
            ("", SASLPlainError.emptyMessage, SASLFailure.Condition.malformedRequest),
            ("=", .emptyMessage, .malformedRequest), ("!!!!", .notBase64, .incorrectEncoding),
            ("QUJD", .wrongNULCount(0), .malformedRequest),
            ("QQBC", .wrongNULCount(1), .malformedRequest),
            ("AABBAEIA", .wrongNULCount(4), .malformedRequest),
            ("AEEA", .emptyPassword, .malformedRequest),
            ("AABC", .emptyAuthenticationID, .malformedRequest),
            ("AP8AQg==", .notUTF8, .malformedRequest),
        ])
    func broken(text: String, error: SASLPlainError, condition: SASLFailure.Condition) {
        #expect(throws: error) { try SASLPlain(decoding: Array(text.utf8)) }
        #expect(error.condition == condition)
        #expect(!error.description.isEmpty)
    }

    @Test("Every failure is read as it was written", arguments: SASLFailure.Condition.allCases)
    func failure(condition: SASLFailure.Condition) {
        for text in [nil, "no such sender"] {
            let failure = SASLFailure(condition, text: text)
            #expect(SASLFailure(failure.element) == failure)
        }
        #expect(SASLFailure(SASLFailure.success) == nil)
    }
}
