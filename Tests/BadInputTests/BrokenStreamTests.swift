import CloudMessaging
import Foundation
import Testing

/// What ends a stream that was bound.
struct BrokenStreamTests {
    struct Breakage: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let bytes: String
        /// On the device port; the app-server port calls broken XML invalid-xml.
        let condition: String
        let reason: String

        init(_ name: String, _ bytes: String, _ condition: String, _ reason: String) {
            testDescription = name
            self.bytes = bytes
            self.condition = condition
            self.reason = reason
        }

        /// One whose reason names the byte at which a mark is found.
        init(_ name: String, _ bytes: String, markedBy mark: String, _ finding: String) {
            let start = bytes.range(of: mark)?.lowerBound ?? bytes.endIndex
            let offset = bytes.utf8.distance(from: bytes.startIndex, to: start)
            self.init(name, bytes, "not-well-formed", "\(finding) at byte \(offset) of the stanza")
        }
    }

    static let breakages = [
        Breakage(
            "an unescaped < in JSON", Words.gcm(#"{"text":"ä < b"}"#), markedBy: "< b",
            "unescaped <"),
        Breakage(
            "an unescaped & in JSON", Words.gcm(#"{"text":"ä & b"}"#), markedBy: "& b",
            "unescaped &"),
        Breakage(
            "a wrong end tag", "<message><a></b></message>", markedBy: "</b>",
            "</b> instead of </a>"),
        Breakage(
            "a stanza over the bound",
            Words.gcm("\"" + String(repeating: "x", count: 65_536) + "\""), "policy-violation",
            "stanza exceeds 65536 bytes"),
        Breakage(
            "a tag over the bound",
            "<message id=\"\(String(repeating: "x", count: 4_096))\"/>", "policy-violation",
            "tag exceeds 4096 bytes"),
        Breakage(
            "deep nesting",
            "<message>" + String(repeating: "<a>", count: 32)
                + String(repeating: "</a>", count: 32) + "</message>", "policy-violation",
            "elements nested deeper than 32"),
        Breakage(
            "a DOCTYPE", "<!DOCTYPE a [<!ENTITY b \"c\">]><message/>", "restricted-xml",
            "a DOCTYPE, which XMPP forbids, at byte 0 of the stanza"),
        Breakage(
            "a comment", "<!-- hello --><message/>", "restricted-xml",
            "a comment, which XMPP forbids, at byte 0 of the stanza"),
        Breakage(
            "a processing instruction", "<?php echo ?><message/>", "restricted-xml",
            "a processing instruction, which XMPP forbids, at byte 0 of the stanza"),
    ]

    @Test("An app server's broken stream ends with its error", arguments: breakages)
    func appServer(breakage: Breakage) async throws {
        try await losesNothing { relay in
            let client = try await relay.appServerClient()
            try await client.logInAsAppServer()
            try await client.send(breakage.bytes)
            let answer = try await client.untilClosed()
            if breakage.condition == "not-well-formed" {
                // As the real service said it, without a text.
                #expect(answer.hasSuffix(Words.streamError("invalid-xml")))
                try await relay.logged("invalid-xml: " + breakage.reason)
            } else {
                #expect(
                    answer.hasSuffix(Words.streamError(breakage.condition, breakage.reason)))
                try await relay.logged("\(breakage.condition): \(breakage.reason)")
            }
        }
    }

    @Test(
        "A device's broken stream ends with its error, which says what was wrong",
        arguments: breakages)
    func device(breakage: Breakage) async throws {
        try await losesNothing { relay in
            let client = try await relay.deviceClient()
            try await client.logInAsDevice()
            try await client.send(breakage.bytes)
            let answer = try await client.untilClosed()
            #expect(answer.contains("<stream:error><\(breakage.condition) "))
            let text = breakage.reason.replacing("&", with: "&amp;").replacing("<", with: "&lt;")
                .replacing(">", with: "&gt;")
            #expect(answer.contains(text))
            #expect(answer.hasSuffix("</stream:error></stream:stream>"))
            try await relay.logged("\(breakage.condition): \(breakage.reason)")
        }
    }

    @Test("A message before the login ends the stream")
    func beforeLogin() async throws {
        try await losesNothing { relay in
            let client = try await relay.appServerClient()
            try await client.send(Words.header + Words.gcm("{}"))
            let reason = "<message/> came before the login"
            #expect(
                try await client.untilClosed().hasSuffix(
                    Words.streamError("not-authorized", "&lt;message/&gt; came before the login")))
            try await relay.logged("not-authorized: " + reason)
        }
    }

    @Test("A message before a resource is bound ends the stream")
    func beforeBind() async throws {
        try await losesNothing { relay in
            let client = try await relay.appServerClient()
            try await client.send(
                Words.header + Words.plain(TestRelay.sender.text, TestRelay.key))
            try await client.wait(for: "<success")
            try await client.send(Words.header + Words.gcm("{}"))
            let text = "&lt;message/&gt; came before a resource was bound"
            #expect(
                try await client.untilClosed().hasSuffix(
                    Words.streamError("not-authorized", text)))
            try await relay.logged("not-authorized: <message/> came before a resource was bound")
        }
    }
}
