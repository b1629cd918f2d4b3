import CloudMessaging
import Foundation
import Testing

@Suite("The data of a message")
struct DataPayloadTests {
    /// The size of a text's member `data`, or why it is refused.
    private func size(_ data: String) throws -> Result<Int, JSONError> {
        let bytes = Array("{\"data\":\(data)}".utf8)
        return bytes.withUnsafeBufferPointer { bytes in
            var scanner = JSONScanner(bytes)
            var size = 0
            do throws(JSONError) {
                try scanner.scanObject { (_, scanner: inout JSONScanner) throws(JSONError) in
                    size = try DataPayload.scan(&scanner).size
                }
                return .success(size)
            } catch {
                return .failure(error)
            }
        }
    }

    @Test("Pairs come back in their order and with their bytes")
    func pairs() throws {
        let pairs = [
            ("caf\u{E9}", "composed"), ("cafe\u{301}", "decomposed"), ("b", ""),
            ("a", "\0\u{1F}\""),
            ("🚚", "\u{202E}שלום"), ("", "\u{FFFE}\\u0041"),
        ]
        let payload = DataPayload(pairs.map { (key: $0.0, value: $0.1) })
        let read = try #require(payload.pairs)
        #expect(read.map { Array($0.key.utf8) } == pairs.map { Array($0.0.utf8) })
        #expect(read.map { Array($0.value.utf8) } == pairs.map { Array($0.1.utf8) })
        #expect(String(decoding: payload.json, as: UTF8.self).isAllowedInXML)
        #expect(DataPayload([]) == .empty)
        #expect(DataPayload.empty.pairs?.isEmpty == true)
    }

    @Test(
        "A text with anything but strings has no pairs",
        arguments: [#"{"a":1}"#, #"{"a":{"b":"c"}}"#, #"{"a":"\ud800"}"#, #"{"\udc00":"a"}"#])
    func noPairs(text: String) {
        #expect(DataPayload(json: Array(text.utf8)).pairs == nil)
    }

    @Test(
        "An app gets each key once, of equal ones the last value, and text whatever was written",
        arguments: [
            (#"{"a":"1","b":"2","\u0061":"3"}"#, ["a=3", "b=2"]),
            (#"{"a":"1","a":{"b": 2},"a":null}"#, ["a=null"]),
            (#"{"\ud800x":"y\udc00"}"#, ["\u{FFFD}x=y\u{FFFD}"]),
            (#"{"\ud800":"1","\udc00":"2"}"#, ["\u{FFFD}=2"]),
            (#"{"caf\u00e9":"1","cafe\u0301":"2"}"#, ["caf\u{E9}=1", "cafe\u{301}=2"]),
            ("{}", []),
        ])
    func texts(json: String, expected: [String]) {
        let texts = DataPayload(json: Array(json.utf8)).texts.map { "\($0.key)=\($0.value)" }
        #expect(texts.map { Array($0.utf8) } == expected.map { Array($0.utf8) })
    }

    @Test(
        "With each key once, everything else stays as it was written",
        arguments: [
            (#"{"a": "1", "b":"2","\u0061":"\u0033"}"#, #"{"\u0061":"\u0033","b":"2"}"#),
            (#"{ "a" : "1" , "b" : 2.50 }"#, #"{ "a" : "1" , "b" : 2.50 }"#), ("[]", "[]"),
            (#"{"\ud800":"1","\udc00":"2"}"#, #"{"\udc00":"2"}"#),
        ])
    func uniqueKeys(json: String, expected: String) {
        let unique = DataPayload(json: Array(json.utf8)).withUniqueKeys
        #expect(String(decoding: unique.json, as: UTF8.self) == expected)
    }

    @Test(
        "The size is that of all keys and values once escapes are read",
        arguments: [
            ("{}", 0), (#"{"key":"value"}"#, 8), (#"{ "a" : "b" , "c" : "d" }"#, 4),
            (#"{"\u00e9":"\n\ud83d\ude9a"}"#, 7), (#"{"é":"e\#u{301}"}"#, 5), (#"{"":""}"#, 0),
            (#"{"a":"\ud800"}"#, 4),
        ])
    func sizes(text: String, expected: Int) throws {
        #expect(try size(text).get() == expected)
    }

    @Test("What an app can write has the size of its strings")
    func writtenSize() throws {
        let full = DataPayload([("k", String(repeating: "\u{1}", count: Limits.payloadBytes - 1))])
        let text = String(decoding: full.json, as: UTF8.self)
        #expect(try size(text).get() == Limits.payloadBytes)
    }

    @Test(
        "What is no object of strings is refused, at its place",
        arguments: [
            ("null", 8), ("[]", 8), (#""text""#, 8), ("17", 8), (#"{"a":1}"#, 13),
            (#"{"a":"b","c":null}"#, 21), (#"{"a":["b"]}"#, 13), (#"{"a":{}}"#, 13),
        ])
    func refused(text: String, offset: Int) throws {
        let result = try size(text)
        #expect(throws: JSONError.self) { try result.get() }
        if case .failure(let error) = result { #expect(error.offset == offset) }
    }

    @Test(
        "Reserved keys are refused, however they are spelled",
        arguments: [
            ("from", true), ("google.", true), ("google.message_id", true), ("gcm.", true),
            ("gcm.n.title", true), (#"\u0066rom"#, true), (#"gc\u006d.x"#, true),
            ("From", false), ("fromage", false), ("google", false), ("googlex", false),
            ("gcm", false), ("f", false), ("", false), ("a.google.", false),
            (#"\ud800from"#, false),
        ])
    func reservedKeys(key: String, isReserved: Bool) throws {
        let result = try size("{\"ok\":\"1\",\"\(key)\":\"2\"}")
        if isReserved {
            #expect(result == .failure(JSONError("a reserved key in data", at: 18)))
        } else {
            #expect(throws: Never.self) { try result.get() }
        }
        guard !key.contains("\\") else { return }
        #expect(DataPayload.isReserved(key) == isReserved)
    }
}
