import CloudMessaging
import Logging
import NetworkRuntime
import Nodes
import RelayMachine
import RelayService
import Testing

/// Frames of an app server that cannot be carried out; its stream goes on.
struct FrameTests {
    struct Frame: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let json: String
        /// What the answer holds.
        let answer: String
        let log: String
    }

    static let frames = [
        Frame(
            testDescription: "an ACK without message_id",
            json: #"{"to":"t-1","message_type":"ack"}"#,
            answer: #"{"message_type":"nack","from":"t-1","error":"BAD_ACK","#,
            log: "the ACK has no usable \"message_id\": it must repeat the message's"),
        Frame(
            testDescription: "an ACK with a number for message_id",
            json: #"{"to":"t-1","message_id":17,"message_type":"ack"}"#,
            answer: #"{"message_type":"nack","from":"t-1","error":"BAD_ACK","#,
            log: "the ACK has no usable \"message_id\""),
        Frame(
            testDescription: "an ACK without to",
            json: #"{"message_id":"before","message_type":"ack"}"#,
            answer: #"{"message_type":"nack","message_id":"before","error":"BAD_ACK","#,
            log: "the ACK has no \"to\": it must repeat the message's \"from\""),
        Frame(
            testDescription: "JSON that is not an object", json: "[1,2]",
            answer: "<text xmlns=\"urn:ietf:params:xml:ns:xmpp-stanzas\">"
                + "InvalidJson: JSON_PARSING_ERROR : ",
            log: "a JSON object was expected at byte 0"),
        Frame(
            testDescription: "JSON that breaks off", json: #"{"to":"t-1","mess"#,
            answer: "InvalidJson: JSON_PARSING_ERROR : ", log: "at byte"),
        Frame(
            testDescription: "no JSON at all", json: "",
            answer: "InvalidJson: JSON_PARSING_ERROR : ", log: "at byte 0"),
        Frame(
            testDescription: "a message_type with a typo",
            json: #"{"to":"t-1","message_id":"before","message_type":"Ack"}"#,
            answer: #""message_id":"before","error":"BAD_REGISTRATION","#,
            log: "message_type \"Ack\" is unknown, so the frame was taken for a downstream "
                + "request; did you mean \"ack\"?"),
        Frame(
            testDescription: "a message_type that forges a line of the log",
            json:
                ##"{"to":"t-1","message_id":"x\u001b[2J","message_type":"a\n12:00 relay b\u202e"}"##,
            answer: #""error":"INVALID_JSON""#,
            log: "message_type \"a\u{FFFD}12:00 relay b\u{FFFD}\" is unknown"),
    ]

    @Test("A useless frame is answered and named, and the stream goes on", arguments: frames)
    func useless(frame: Frame) async throws {
        try await losesNothing { relay in
            let client = try await relay.appServerClient()
            try await client.logInAsAppServer()
            try await client.wait(for: "before")
            try await client.send(Words.gcm(frame.json))
            try await client.wait(for: frame.answer)
            #expect(try await relay.logged(frame.log).level == .warning)
            try await client.send("<iq type=\"get\" id=\"p\"><ping xmlns=\"urn:xmpp:ping\"/></iq>")
            try await client.wait(for: "<iq type=\"result\" id=\"p\"")
            #expect(try await relay.status.counters.settled == 0)
            try await client.hangUp()
        }
    }

    @Test("An ACK for what no connection carried gets the 406 and settles nothing")
    func neverCarried() async throws {
        try await losesNothing { relay in
            let client = try await relay.appServerClient()
            try await client.logInAsAppServer()
            try await client.wait(for: "before")
            let ack = #"{"to":"t-1","message_id":"other","message_type":"ack"}"#
            try await client.send(Words.gcm(ack))
            let namespace = "urn:ietf:params:xml:ns:xmpp-stanzas"
            try await client.wait(
                for: "<gcm xmlns=\"google:mobile:data\">\(ack)</gcm><error code=\"406\" "
                    + "type=\"modify\"><not-acceptable xmlns=\"\(namespace)\"/>"
                    + "<text xmlns=\"\(namespace)\">Received acks for messages not sent over "
                    + "this connection</text></error></message>")
            let line = try await relay.logged(
                "ACK for a message that this connection did not carry")
            #expect(line.fields["message_id"] == "other")
            let counters = try await relay.status.counters
            #expect(counters.rejectedAcknowledgements == 1)
            #expect(counters.settled == 0)
            try await client.hangUp()
        }
    }

    @Test("An ACK on another connection gets the 406; the redelivery comes, and its ACK settles")
    func otherConnection() async throws {
        let relay = try await TestRelay {
            let delay = Duration.milliseconds(100)
            $0.node.machine.retry = RetrySchedule(
                first: delay, factor: 1, longest: delay, jitter: 0)
        }
        let device = try await relay.device()
        let first = try await relay.appServerClient()
        try await first.logInAsAppServer()
        try await device.send(id: "m-1")
        try await first.wait(for: #""message_id":"m-1""#)
        let from = try #require(first.text.split(separator: #""from":""#).dropFirst().last)
        let token = from.prefix { $0 != "\"" }
        let ack = Words.gcm(#"{"to":"\#(token)","message_id":"m-1","message_type":"ack"}"#)
        // A connection that came later and has carried nothing yet.
        let second = try await relay.appServerClient()
        try await second.send(
            Words.header + Words.plain(TestRelay.sender.text, TestRelay.key))
        try await second.wait(for: "<success")
        try await second.send(Words.header + Words.bind + ack)
        try await second.wait(for: "code=\"406\"")
        #expect(try await relay.status.counters.settled == 0)
        try await second.wait(for: #""message_id":"m-1","category""#)
        try await second.send(ack)
        // The answer to a ping says that the ACK before it was dealt with.
        try await second.send("<iq type=\"get\" id=\"p\"><ping xmlns=\"urn:xmpp:ping\"/></iq>")
        try await second.wait(for: "id=\"p\"")
        let counters = try await relay.status.counters
        #expect(counters.settled == 1)
        #expect(counters.redeliveries >= 1)
        #expect(counters.rejectedAcknowledgements == 1)
        try await first.hangUp()
        try await second.hangUp()
        try await device.shutDown()
        try await relay.shutdown()
    }
}
