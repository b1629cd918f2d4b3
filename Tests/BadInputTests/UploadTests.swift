import CloudMessaging
import Logging
import NetworkRuntime
import RelayMachine
import Testing

/// Uploads that the relay cannot take; the device's stream goes on.
struct UploadTests {
    struct Upload: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let json: String
        var to = "555000111222@gcm.googleapis.com"
        let code: String
        let log: String
    }

    static let uploads = [
        Upload(
            testDescription: "a foreign app",
            json: #"{"app":"com.example.other","message_id":"m","data":{}}"#,
            code: "invalid_parameters",
            log: "the app com.example.other is not registered on device"),
        Upload(
            testDescription: "a foreign category",
            json: #"{"app":"com.example.pigeon","category":"com.example.other","message_id":"m"}"#,
            code: "invalid_parameters",
            log: "the upload claims category \"com.example.other\" and comes from "
                + "\"com.example.pigeon\""),
        Upload(
            testDescription: "a foreign token",
            json: #"{"app":"com.example.pigeon","from":"APA91bForeign","message_id":"m"}"#,
            code: "invalid_parameters", log: "the upload claims a token of somebody else"),
        Upload(
            testDescription: "a foreign sender",
            json: #"{"app":"com.example.pigeon","message_id":"m"}"#,
            to: "4711&#10;forged@gcm.googleapis.com", code: "invalid_parameters",
            log: "\"4711\u{FFFD}forged@gcm.googleapis.com\" is not the address of a sender"),
        Upload(
            testDescription: "JSON that is not an object", json: "[]",
            code: "invalid_parameters", log: "of the upload's JSON"),
        Upload(
            testDescription: "JSON that breaks off", json: #"{"app":"com.example.pi"#,
            code: "invalid_parameters", log: "of the upload's JSON"),
        Upload(
            testDescription: "no message_id", json: #"{"app":"com.example.pigeon"}"#,
            code: "invalid_parameters", log: "message_id must be a string of 1 to 256 bytes"),
        Upload(
            testDescription: "a payload over the bound",
            json: #"{"app":"com.example.pigeon","message_id":"m","data":{"k":""#
                + String(repeating: "x", count: 4_096) + #""}}"#,
            code: "MessageTooBig",
            log: "keys and values of data have 4097 bytes, at most 4096 are allowed"),
    ]

    @Test("A bad upload gets its code, and the log says why", arguments: uploads)
    func refused(upload: Upload) async throws {
        try await losesNothing { relay in
            let client = try await relay.deviceClient()
            try await client.logInAsDevice()
            _ = try await client.register("com.example.pigeon")
            try await client.send(
                "<message id=\"u-1\" to=\"\(upload.to)\">"
                    + "<gcm xmlns=\"google:mobile:data\">\(upload.json)</gcm></message>"
                    + "<r xmlns=\"urn:xmpp:sm:3\"/>")
            try await client.wait(for: "<message type=\"error\" id=\"u-1\">")
            try await client.wait(for: "code=\"\(upload.code)\"")
            // The registration and the upload: both are dealt with.
            try await client.wait(for: "<a xmlns=\"urn:xmpp:sm:3\" h=\"2\"/>")
            let line = try await relay.logged(upload.log)
            #expect(line.message.contains("upload u-1 refused (\(upload.code))"))
            #expect(line.level == .warning)
            #expect(try await relay.status.counters.refused == 1)
            try await client.hangUp()
        }
    }

    @Test("The 65th upload without an answer ends the stream; those before it are not lost")
    func tooMany() async throws {
        let relay = try await SlowRelay()
        let client = try await relay.deviceClient()
        try await client.logInAsDevice()
        _ = try await client.register("com.example.pigeon")
        relay.gate.close()
        let json = #"{"app":"com.example.pigeon","message_id":"m"}"#
        for number in 1...65 {
            try await client.send(
                Words.gcm(
                    json, attributes: " id=\"u-\(number)\" to=\"555000111222@gcm.googleapis.com\""))
        }
        let answer = try await client.untilClosed()
        #expect(
            answer.hasSuffix(
                Words.streamError(
                    "policy-violation", "more than 64 uploads without an answer")))
        #expect(!answer.contains("h=\"2\""))
        try await relay.logged("policy-violation: more than 64 uploads without an answer")
        relay.gate.open()
        try await relay.untilAccepted(64)
        try await relay.shutdown()
    }

    @Test("A device that floods the relay while its login is looked at is hung up on")
    func floodDuringLogin() async throws {
        let relay = try await SlowRelay()
        let first = try await relay.deviceClient()
        let (device, securityToken) = try await first.checkIn()
        try await first.hangUp()
        let second = try await relay.deviceClient()
        relay.gate.close()
        try await second.send(
            Words.header + Words.plain(device, securityToken)
                + String(repeating: " ", count: 300_000))
        let answer = try await second.untilClosed()
        let reason = "more than 65536 bytes came during the login"
        #expect(answer.hasSuffix(Words.streamError("policy-violation", reason)))
        try await relay.logged("policy-violation: " + reason)
        relay.gate.open()
        // The relay is not the worse for it.
        let third = try await relay.deviceClient()
        try await third.logInAsDevice()
        try await third.hangUp()
        try await relay.shutdown()
    }
}
