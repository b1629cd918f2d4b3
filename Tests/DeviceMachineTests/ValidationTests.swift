import CloudMessaging
import DeviceMachine
import Testing

@Suite struct ValidationTests {
    private static func payload(bytes: Int) -> DataPayload {
        DataPayload([(key: "k", value: String(repeating: "x", count: bytes - 1))])
    }

    @Test(
        "addresses that name no app server are refused",
        arguments: [
            (nil, .missingTo),
            ("", .missingTo),
            ("555000111222", .invalidParameters),
            ("555000111222@example.com", .invalidParameters),
            ("@gcm.googleapis.com", .invalidParameters),
            ("a b@gcm.googleapis.com", .invalidParameters),
            ("APA91b key", .invalidParameters),
            ("APA91b<", .invalidParameters),
            ("APA91bé", .invalidParameters),
            (String(repeating: "k", count: 1_025), .invalidParameters),
        ] as [(String?, UpstreamError)])
    func badAddress(to: String?, error: UpstreamError) throws {
        var device = try TestDevice.online()
        #expect(device.send("m-1", to: to) == .refused(error))
    }

    @Test(
        "both families of addresses are good",
        arguments: [
            "4711@gcm.googleapis.com", "4711@fcm.googleapis.com", "4711@gcm-preprod.googleapis.com",
        ])
    func goodAddress(to: String) throws {
        var device = try TestDevice()
        #expect(device.send("m-1", to: to) == .taken(number: 1))
    }

    @Test("reserved keys are refused", arguments: ["from", "google.to", "gcm.n", "google."])
    func reservedKey(key: String) throws {
        var device = try TestDevice()
        let data = DataPayload([(key: key, value: "v")])
        #expect(device.send("m-1", data: data) == .refused(.invalidParameters))
    }

    @Test(
        "a reserved key does not hide behind escapes",
        arguments: [
            #"{"\u0066rom":"v"}"#, #"{"g\u0063m.x":"v"}"#, #"{"google\u002e":"v"}"#,
        ])
    func escapedReservedKey(json: String) throws {
        var device = try TestDevice()
        let data = DataPayload(json: Array(json.utf8))
        #expect(device.send("m-1", data: data) == .refused(.invalidParameters))
    }

    @Test("keys that only look reserved pass", arguments: ["From", "fromage", "google", "gcmx"])
    func unreservedKey(key: String) throws {
        var device = try TestDevice()
        let data = DataPayload([(key: key, value: "v")])
        #expect(device.send("m-1", data: data) == .taken(number: 1))
    }

    @Test(
        "data must be an object of strings",
        arguments: [
            "", "[]", #"{"k":1}"#, #"{"k":null}"#, #"{"k":{}}"#, #"{"k":"v""#, #"{"k":"v"} x"#,
        ])
    func badData(json: String) throws {
        var device = try TestDevice()
        let data = DataPayload(json: Array(json.utf8))
        #expect(device.send("m-1", data: data) == .refused(.invalidParameters))
    }

    @Test("4,096 bytes of keys and values pass, one more does not")
    func payloadLimit() throws {
        var device = try TestDevice()
        #expect(device.send("m-1", data: Self.payload(bytes: 4_096)) == .taken(number: 1))
        #expect(device.send("m-2", data: Self.payload(bytes: 4_097)) == .refused(.messageTooBig))
        let umlauts = DataPayload([(key: "", value: String(repeating: "ü", count: 2_049))])
        #expect(device.send("m-3", data: umlauts) == .refused(.messageTooBig))
    }

    @Test("4,096 characters that all need escapes still pass")
    func escapedPayload() throws {
        var device = try TestDevice()
        let value = String(repeating: "\u{1}", count: 4_096)
        let data = DataPayload([(key: "", value: value)])
        #expect(device.send("m-1", data: data) == .taken(number: 1))
    }

    @Test("a text that could not travel in one stanza is refused though its strings are short")
    func hugeText() throws {
        var device = try TestDevice()
        let pairs = [(key: String, value: String)](repeating: ("", ""), count: 20_000)
        #expect(device.send("m-1", data: DataPayload(pairs)) == .refused(.messageTooBig))
        let space = Array("{".utf8) + [UInt8](repeating: 0x20, count: 45_056) + Array("}".utf8)
        #expect(device.send("m-2", data: DataPayload(json: space)) == .refused(.messageTooBig))
    }

    @Test(
        "message IDs have 1 to 256 bytes that XML allows",
        arguments: [
            ("", false), ("1", true), (String(repeating: "x", count: 256), true),
            (String(repeating: "x", count: 257), false),
            (String(repeating: "ü", count: 129), false),
            ("a\u{1}b", false), ("a\u{FFFE}", false), ("😀 <&\">", true),
        ])
    func messageID(id: String, isGood: Bool) throws {
        var device = try TestDevice()
        let expected: SendOutcome = isGood ? .taken(number: 1) : .refused(.invalidParameters)
        #expect(device.send(id) == expected)
    }

    @Test("the first fault counts: address, data, ID, limit")
    func orderOfFaults() throws {
        var device = try TestDevice()
        for index in 1...20 { device.send("m-\(index)") }
        let big = Self.payload(bytes: 4_097)
        #expect(device.send("", to: nil, data: big) == .refused(.missingTo))
        #expect(device.send("", to: "x@y", data: big) == .refused(.invalidParameters))
        #expect(device.send("", data: big) == .refused(.messageTooBig))
        #expect(device.send("") == .refused(.invalidParameters))
        #expect(device.send("m-21") == .refused(.tooManyMessages))
    }

    @Test(
        "times to live beyond the bounds become the longest one",
        arguments: [
            (nil, 86_400), (-1, 86_400), (1, 1), (86_400, 86_400), (86_401, 86_400),
            (Int.max, 86_400), (Int.min, 86_400),
        ] as [(Int?, Int)])
    func timeToLive(asked: Int?, seconds: Int) throws {
        var device = try TestDevice()
        device.send("m-1", timeToLive: asked)
        _ = device.actions()
        let message = try #require(try device.stored.first)
        #expect(message.timeToLive == seconds)
        #expect(message.expiry == device.now + .seconds(seconds))
    }

    @Test("what was refused leaves no trace")
    func refusedLeavesNothing() throws {
        var device = try TestDevice()
        device.send("m-1", to: nil)
        device.send("m-2", timeToLive: 0)
        #expect(device.machine.takeOutboxBatch() == nil)
        #expect(device.actions() == [])
        #expect(device.machine.pendingCount(of: Sample.courier) == 0)
    }
}
