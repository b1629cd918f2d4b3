import CloudMessaging
import Foundation
import Testing

@Suite("JSON strings")
struct JSONStringsTests {
    /// The text of the one member of an object.
    private func decode(_ literal: String) throws -> String? {
        let bytes = Array("{\"k\":\(literal)}".utf8)
        let value = try #require(try scan(bytes).get().first).value
        return bytes.withUnsafeBufferPointer { JSONStrings.decode(value, in: $0) }
    }

    private func byteCount(_ literal: String) throws -> Int {
        let bytes = Array("{\"k\":\(literal)}".utf8)
        let value = try #require(try scan(bytes).get().first).value
        return bytes.withUnsafeBufferPointer { JSONStrings.decodedByteCount(of: value, in: $0) }
    }

    @Test(
        "Escapes are read",
        arguments: [
            (#""""#, ""), (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{C}\n\r\t"),
            (#""\u0041\u00e9\u00E9""#, "A\u{E9}\u{E9}"), (#""\u0000""#, "\0"),
            (#""\ud83d\ude9a""#, "🚚"), (#""\uDBFF\uDFFF""#, "\u{10FFFF}"),
            (#""\uD800\uDC00""#, "\u{10000}"),
            (#""\uFFFF\uE000\uD7FF""#, "\u{FFFF}\u{E000}\u{D7FF}"),
            (#""caf\u0065\u0301""#, "cafe\u{301}"), (#""\\ud800""#, "\\ud800"),
        ])
    func escapes(literal: String, text: String) throws {
        let decoded = try #require(try decode(literal))
        #expect(decoded.hasSameBytes(as: text))
        #expect(try byteCount(literal) == text.utf8.count)
    }

    @Test(
        "Half a surrogate pair has no text, and counts as its replacement would",
        arguments: [
            (#""\ud800""#, 3), (#""\udc00""#, 3), (#""\ud800x""#, 4), (#""\ud800\n""#, 4),
            (#""\ud800\u0041""#, 4), (#""\ud800\ud800\udc00""#, 7), (#""\udc00\ud800""#, 6),
            (#""\udc00\udc00""#, 6),
        ])
    func halves(literal: String, count: Int) throws {
        #expect(try decode(literal) == nil)
        #expect(try byteCount(literal) == count)
    }

    @Test("Foundation reads what is written, and XML can carry it", arguments: 1...4)
    func writing(seed: Int) throws {
        var entropy = Entropy(seed: UInt64(seed))
        for _ in 0..<300 {
            var text = String.UnicodeScalarView()
            for _ in 0..<(entropy.next() % 12) {
                let range: UInt64 = [0x20, 0x80, 0x800, 0x1_0000, 0x11_0000][
                    Int(entropy.next() % 5)]
                text.append(Unicode.Scalar(UInt32(entropy.next() % range)) ?? "\u{FFFE}")
            }
            var bytes = Array("[".utf8)
            JSONStrings.append(String(text), to: &bytes)
            bytes.append(UInt8(ascii: "]"))
            let read = try JSONSerialization.jsonObject(with: Data(bytes)) as? [String]
            #expect(read?.first?.hasSameBytes(as: String(text)) == true)
            #expect(String(decoding: bytes, as: UTF8.self).isAllowedInXML)
        }
    }

    @Test(
        "A name is recognised with and without escapes, by its bytes",
        arguments: [
            (#""data""#, true), (#""d\u0061ta""#, true), (#""datа""#, false), (#""dat""#, false),
            (#""data ""#, false), (#""Data""#, false), (#""""#, false), (#""\ud800data""#, false),
        ])
    func names(literal: String, matches: Bool) throws {
        let bytes = Array("{\"k\":\(literal)}".utf8)
        let value = try #require(try scan(bytes).get().first).value
        #expect(
            bytes.withUnsafeBufferPointer { JSONStrings.spells("data", value, in: $0) } == matches)
    }
}
