import AppServerMachine
import CloudMessaging
import Testing

@Suite("JSON of a downstream request")
struct OutgoingMessageTests {
    private func message(_ target: OutgoingMessage.Target) throws -> OutgoingMessage {
        OutgoingMessage(to: target, id: try #require(MessageID("d-1")))
    }

    private func text(_ message: OutgoingMessage) -> String {
        String(decoding: message.json, as: UTF8.self)
    }

    @Test("only what was set is written")
    func smallest() throws {
        #expect(text(try message(.to("phone"))) == #"{"to":"phone","message_id":"d-1"}"#)
        #expect(
            text(try message(.condition("'a' in topics && 'b' in topics")))
                == #"{"condition":"'a' in topics && 'b' in topics","message_id":"d-1"}"#)
    }

    @Test("every field has the documented name and type")
    func everything() throws {
        var message = try message(.to("/topics/news"))
        message.collapseKey = "score"
        message.timeToLive = 600
        message.priority = .high
        message.isContentAvailable = true
        message.isContentMutable = true
        message.isDelayedWhileIdle = true
        message.wantsReceipt = true
        message.isDryRun = true
        message.notification = [("title", "Goal"), ("body", "1:0")]
        message.data = DataPayload([("k", "v")])
        #expect(
            text(message)
                == #"{"to":"/topics/news","message_id":"d-1","collapse_key":"score","#
                + #""time_to_live":600,"priority":"high","content_available":true,"#
                + #""mutable_content":true,"delay_while_idle":true,"#
                + #""delivery_receipt_requested":true,"dry_run":true,"#
                + #""notification":{"title":"Goal","body":"1:0"},"data":{"k":"v"}}"#)
    }

    @Test("what an application sets is escaped, and kept byte by byte")
    func escapes() throws {
        var message = try message(.to("a\"b\\"))
        message.collapseKey = "line\nbreak"
        message.data = DataPayload(json: Array(#"{"e\u0301":"\u00e9", "x":"y"}"#.utf8))
        #expect(
            text(message)
                == #"{"to":"a\"b\\","message_id":"d-1","collapse_key":"line\nbreak","#
                + #""data":{"e\u0301":"\u00e9", "x":"y"}}"#)
    }

    @Test("a time to live may be one that the relay refuses", arguments: [-1, 0, 2_419_201])
    func timeToLive(seconds: Int) throws {
        var message = try message(.to("t"))
        message.timeToLive = seconds
        #expect(text(message).hasSuffix(#","time_to_live":\#(seconds)}"#))
    }
}
