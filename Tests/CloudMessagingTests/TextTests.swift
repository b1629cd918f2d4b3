import CloudMessaging
import Testing

@Suite("Durations, times and objects as text")
struct TextTests {
    @Test(
        "A duration is read exactly",
        arguments: [
            ("250ms", .milliseconds(250)), ("30s", .seconds(30)), ("5m", .seconds(300)),
            ("24h", .seconds(86_400)), ("0s", .zero), ("1.5s", .milliseconds(1_500)),
            (".5s", .milliseconds(500)), ("2.s", .seconds(2)), ("0.1h", .seconds(360)),
            ("12.345678901s", .nanoseconds(12_345_678_901)), ("0.000001ms", .nanoseconds(1)),
            ("0.0000019ms", .nanoseconds(1)), ("0.00000000000000000001h", .zero),
            ("9223372036.854775807s", .nanoseconds(Int64.max)), ("9223372036.854775808s", nil),
            ("99999999999999999999s", nil), ("2562048h", nil),
            ("", nil), ("s", nil), (".s", nil), ("5", nil), ("-1s", nil), ("+1s", nil),
            ("1e3s", nil), ("1,5s", nil), ("1.2.3s", nil), ("5 s", nil), ("5d", nil), ("٥s", nil),
        ] as [(String, Duration?)])
    func reading(text: String, duration: Duration?) {
        #expect(DurationText.parse(text) == duration)
    }

    @Test(
        "A duration is written as it is read",
        arguments: [
            (.zero, "0s"), (.milliseconds(250), "250ms"), (.milliseconds(1_500), "1.5s"),
            (.seconds(180), "180s"), (.seconds(86_400), "24h"), (.seconds(5_400), "5400s"),
            (.nanoseconds(12_345_678_901), "12.345678901s"),
            (.nanoseconds(1), "0.000001ms"), (.nanoseconds(1_000_000_001), "1.000000001s"),
            (.nanoseconds(Int64.max), "9223372036.854775807s"),
        ] as [(Duration, String)])
    func writing(duration: Duration, text: String) {
        #expect(DurationText.text(duration) == text)
        #expect(DurationText.parse(text) == duration)
    }

    @Test(
        "An instant is written and read to the nanosecond",
        arguments: [
            (0, "1970-01-01T00:00:00.000000000Z"), (1, "1970-01-01T00:00:00.000000001Z"),
            (-1, "1969-12-31T23:59:59.999999999Z"),
            (1_767_323_045_678_000_009, "2026-01-02T03:04:05.678000009Z"),
            (1_709_164_800_000_000_000, "2024-02-29T00:00:00.000000000Z"),
            (Int64.max, "2262-04-11T23:47:16.854775807Z"),
            (Int64.min, "1677-09-21T00:12:43.145224192Z"),
        ] as [(Int64, String)])
    func instants(nanoseconds: Int64, text: String) {
        let instant = Instant(nanoseconds: nanoseconds)
        #expect(Timestamp.exact(instant) == text)
        #expect(Timestamp.parse(exact: text) == instant)
    }

    @Test(
        "What is no instant in that form is none",
        arguments: [
            "", "2026-01-02T03:04:05Z", "2026-01-02T03:04:05.678Z",
            "2026-13-02T03:04:05.678000009Z", "2026-02-30T03:04:05.678000009Z",
            "2026-01-02T24:04:05.678000009Z", "2026-01-02T03:04:60.678000009Z",
            "2026-01-02 03:04:05.678000009Z", "2026-01-02T03:04:05.67800000xZ",
            "2262-04-11T23:47:16.854775808Z", "9999-01-02T03:04:05.678000009Z",
        ])
    func noInstants(text: String) {
        #expect(Timestamp.parse(exact: text) == nil)
    }

    @Test("An object has its members in the order of adding, and is compact")
    func objects() {
        var object = JSONObjectWriter()
        object.add("b", "\"\n")
        object.add("a", 7)
        object.add("c", true)
        object.add("d", json: Array(" { \"x \\\\\" : [ 1 , \"\\\" \" ] } ".utf8))
        object.end()
        #expect(
            String(decoding: object.bytes, as: UTF8.self)
                == #"{"b":"\"\n","a":7,"c":true,"d":{"x \\":[1,"\" "]}}"#)
        var empty = JSONObjectWriter()
        empty.end()
        #expect(empty.bytes == Array("{}".utf8))
    }

    @Test("A payload's value is found by the bytes of its key; the last of two counts")
    func payloadValues() {
        let data = DataPayload(json: Array(#"{"é":"1","k":"a","k":"b\n","n":[1]}"#.utf8))
        #expect(data.text(of: "é") == "1")
        #expect(data.text(of: "e\u{301}") == nil)
        #expect(data.text(of: "k") == "b\n")
        #expect(data.text(of: "n") == "[1]")
        #expect(data.text(of: "") == nil)
    }
}
