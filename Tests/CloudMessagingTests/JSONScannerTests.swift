import CloudMessaging
import Foundation
import Testing

/// Scans a text that must be one object; the members as text, or why not.
func scan(_ bytes: [UInt8]) -> Result<[(key: String?, value: JSONValue)], JSONError> {
    bytes.withUnsafeBufferPointer { bytes in
        var members: [(key: String?, value: JSONValue)] = []
        var scanner = JSONScanner(bytes)
        do throws(JSONError) {
            try scanner.scanObject { key, value in
                members.append((JSONStrings.decode(key, in: bytes), value))
            }
            return .success(members)
        } catch {
            return .failure(error)
        }
    }
}

extension Result {
    fileprivate var isSuccess: Bool {
        if case .success = self { true } else { false }
    }
}

@Suite("JSON texts are scanned strictly")
struct JSONScannerTests {
    @Test(
        "Accepted",
        arguments: [
            "{}", " \t\r\n{ } \n", #"{"":""}"#, #"{"a":{"b":[1,[],{}]}}"#, #"{"a":-0}"#,
            #"{"a":0.0e-0}"#, #"{"a":1E+400}"#, #"{"a":"\ud800"}"#, #"{"a":"\udc00\ud800"}"#,
            #"{"a":1,"a":2}"#, "{\"a\":\"\u{7F}\u{FFFD}\"}", #"{"a":"\u0000"}"#,
            #"{"a":true,"b":false,"c":null}"#,
            "{\"a\":\(String(repeating: "9", count: 5_000))}",
        ])
    func accepted(text: String) {
        #expect(scan(Array(text.utf8)).isSuccess)
    }

    @Test(
        "Rejected, at the byte where it goes wrong",
        arguments: [
            ("", 0), ("   ", 3), ("[]", 0), ("\"a\"", 0), ("1", 0), ("null", 0), ("{", 1),
            ("{}{}", 2), ("{} x", 3), (#"{"a"}"#, 4), (#"{"a":}"#, 5), (#"{"a":1,}"#, 7),
            (#"{,"a":1}"#, 1), (#"{"a":1 "b":2}"#, 7), (#"{a:1}"#, 1), (#"{'a':1}"#, 1),
            (#"{1:1}"#, 1), (#"{"a":[1,]}"#, 8), (#"{"a":[1 2]}"#, 8), (#"{"a":[}"#, 6),
            (#"{"a":[1}}"#, 7), (#"{"a":01}"#, 6), (#"{"a":+1}"#, 5), (#"{"a":.5}"#, 5),
            (#"{"a":1.}"#, 5), (#"{"a":-}"#, 5), (#"{"a":1e}"#, 5), (#"{"a":1e+}"#, 5),
            (#"{"a":0x10}"#, 6), (#"{"a":NaN}"#, 5), (#"{"a":Infinity}"#, 5),
            (#"{"a":tru}"#, 5), (#"{"a":True}"#, 5), (#"{"a":nulll}"#, 9), (#"{"a":"b}"#, 5),
            (#"{"a":"\x"}"#, 6), (#"{"a":"\u12g4"}"#, 6), (#"{"a":"\u12"#, 6),
            (#"{"a":"\"#, 6), (#"{"a":"\"}"#, 5), ("{\"a\":\"\n\"}", 6), ("{\"a\":\"\0\"}", 6),
            ("{\"a\":\"\u{1F}\"}", 6),
            ("{\"a\":1/*c*/}", 6), ("\u{FEFF}{}", 0), ("{\u{A0}}", 1), ("{\"a\":\"b\"", 8),
        ])
    func rejected(text: String, offset: Int) {
        guard case .failure(let error) = scan(Array(text.utf8)) else {
            Issue.record("accepted \(text)")
            return
        }
        #expect(error.offset == offset, "\(error)")
    }

    @Test("A text that is cut off anywhere is rejected")
    func truncated() {
        let text = Array(#" {"a":["b\u00e9",{"c":-1.5e3}],"d":null,"e":true} "#.utf8)
        #expect(scan(text).isSuccess)
        for length in 0..<(text.count - 1) {
            #expect(!scan(Array(text[..<length])).isSuccess, "after \(length) bytes")
        }
    }

    @Test("Nesting may be as deep as the limit and no deeper", arguments: ["[", "{\"k\":"])
    func depth(opening: String) {
        func nested(_ levels: Int) -> [UInt8] {
            let closing = opening == "[" ? "]" : "}"
            let inner = opening == "[" ? "" : "0"
            // The object around it is the first level.
            return Array(
                ("{\"a\":" + String(repeating: opening, count: levels - 1) + inner
                    + String(repeating: closing, count: levels - 1) + "}").utf8)
        }
        #expect(scan(nested(Limits.jsonDepth)).isSuccess)
        #expect(!scan(nested(Limits.jsonDepth + 1)).isSuccess)
        #expect(
            !scan(Array("{\"a\":".utf8) + Array(repeating: UInt8(ascii: "["), count: 100_000))
                .isSuccess)
    }

    @Test("The scanner and Foundation agree on thousands of valid texts", arguments: 1...8)
    func validTexts(seed: Int) throws {
        var texts = JSONTexts(seed: UInt64(seed))
        for _ in 0..<500 {
            let text = texts.object()
            let oracle = try #require(
                JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any], "\(text)")
            let members = try scan(Array(text.utf8)).get()
            #expect(members.count == oracle.count, "\(text)")
            for (key, value) in members {
                let key = try #require(key)
                let expected = try #require(oracle[key], "\(text)")
                #expect(agree(value, expected, in: text), "\(key) in \(text)")
            }
        }
    }

    @Test(
        "A whole number is read as Swift reads it",
        arguments: [
            "0", "-0", "7", "-5", "86400", "9223372036854775807", "9223372036854775808",
            "-9223372036854775808", "-9223372036854775809", "99999999999999999999", "1.0", "1e3",
            "true", "\"1\"",
        ])
    func integers(text: String) throws {
        let bytes = Array("{\"n\":\(text)}".utf8)
        let value = try #require(try scan(bytes).get().first).value
        #expect(bytes.withUnsafeBufferPointer { value.integer(in: $0) } == Int(text))
    }

    @Test("The scanner and Foundation agree on which damaged texts are JSON", arguments: 1...8)
    func damagedTexts(seed: Int) {
        var texts = JSONTexts(seed: UInt64(seed) << 32)
        var accepted = 0
        var rejected = 0
        for _ in 0..<1_500 {
            let bytes = texts.damaged(texts.object())
            // That a text is UTF-8 is checked before the scanner sees it.
            let text = String(decoding: bytes, as: UTF8.self)
            guard text.utf8.elementsEqual(bytes), !isMatterOfTaste(text) else { continue }
            let oracle = try? JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any]
            let isAccepted = scan(bytes).isSuccess
            if isAccepted { accepted += 1 } else { rejected += 1 }
            #expect(isAccepted == (oracle != nil), "\(text)")
        }
        #expect(accepted > 100 && rejected > 300, "\(accepted), \(rejected)")
    }

    private func agree(_ value: JSONValue, _ expected: Any, in text: String) -> Bool {
        let bytes = Array(text.utf8)
        return bytes.withUnsafeBufferPointer { bytes in
            switch (value.kind, expected) {
            case (.string, let expected as String):
                JSONStrings.decode(value, in: bytes)?.hasSameBytes(as: expected) == true
                    && JSONStrings.decodedByteCount(of: value, in: bytes) == expected.utf8.count
            case (.object, is [String: Any]), (.array, is [Any]), (.null, is NSNull),
                (.boolean, is Bool), (.number, is NSNumber):
                bytes[value.range.lowerBound] != UInt8(ascii: " ")
            default:
                false
            }
        }
    }

    /// Whether one of the two may err for a reason that is known and not the point: the scanner
    /// leaves halves of surrogate pairs to `decode` and big numbers to whoever reads them;
    /// Foundation lets a comma before a closing brace pass, which RFC 8259 does not.
    private func isMatterOfTaste(_ text: String) -> Bool {
        let escapesButPairs =
            text
            .replacingOccurrences(of: #"\\"#, with: "")
            .replacingOccurrences(of: #"\ud83d\ude9a"#, with: "", options: .caseInsensitive)
        return [#"\\u[dD]"#, #"[eE][+-]?[0-9]{3}"#].contains {
            escapesButPairs.range(of: $0, options: .regularExpression) != nil
        } || text.range(of: #",\s*[}\]]"#, options: .regularExpression) != nil
    }
}
