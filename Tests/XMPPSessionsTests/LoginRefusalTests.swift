import CloudMessaging
import Testing
import XMPP

@testable import XMPPSessions

@Suite("Refused logins")
struct LoginRefusalTests {
    struct Refusal: Sendable, CustomTestStringConvertible {
        let auth: String
        let condition: String
        /// A part of what the log says.
        let reason: String

        var testDescription: String { condition + ": " + reason }
    }

    private static func failure(_ condition: String) -> String {
        "<failure xmlns=\"urn:ietf:params:xml:ns:xmpp-sasl\"><\(condition)/></failure>"
            + "</stream:stream>"
    }

    static let refusals = [
        Refusal(
            auth: Sample.auth(mechanism: "X-OAUTH2"), condition: "invalid-mechanism",
            reason: "\"X-OAUTH2\" is not served; use PLAIN"),
        Refusal(
            auth: "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>AGE=</auth>",
            condition: "invalid-mechanism", reason: "mechanism \"\" is not served"),
        Refusal(
            auth: Sample.auth("ADU1!"), condition: "incorrect-encoding", reason: "is not Base64"),
        Refusal(
            auth: Sample.auth("ADU1\nNTAw"), condition: "incorrect-encoding",
            reason: "is not Base64"),
        Refusal(
            auth: Sample.auth("NTU1AGtleQ=="), condition: "malformed-request",
            reason: "1 NUL bytes instead of 2"),
        Refusal(
            auth: Sample.auth("ADU1NQBrZXkA"), condition: "malformed-request",
            reason: "3 NUL bytes instead of 2"),
        Refusal(auth: Sample.auth(""), condition: "malformed-request", reason: "no message"),
        Refusal(auth: Sample.auth("="), condition: "malformed-request", reason: "no message"),
        Refusal(
            auth: Sample.auth(user: "555000111222", password: ""),
            condition: "malformed-request", reason: "no password"),
        Refusal(
            auth: Sample.auth(user: "no such sender", password: "k"),
            condition: "not-authorized", reason: "\"no such sender\" is no sender ID"),
        Refusal(
            auth: Sample.auth(user: "@gcm.googleapis.com", password: "k"),
            condition: "not-authorized", reason: "is no sender ID"),
        Refusal(
            auth: Sample.auth(user: "555000111222@gcm.googleapis.com/x", password: "k"),
            condition: "not-authorized", reason: "is no sender ID"),
        Refusal(
            auth: Sample.auth(user: "555000111222@a b", password: "k"),
            condition: "not-authorized", reason: "is no sender ID"),
    ]

    @Test(
        "A login that cannot be read gets its condition, the end of the stream, and nothing more",
        arguments: refusals)
    func unreadable(refusal: Refusal) {
        var door = AppServerDoor()
        door.hear(Sample.header())
        _ = door.written()
        let events = door.hear(refusal.auth + Sample.auth() + Sample.header())
        #expect(events.count == 1)
        #expect(events[0].hasPrefix("login refused: ") && events[0].contains(refusal.reason))
        #expect(door.written() == Self.failure(refusal.condition))
        #expect(door.session.isEnded)
        #expect(door.hear(Sample.auth()).isEmpty && door.written().isEmpty)
    }

    @Test("A wrong key gets not-authorized, the end of the stream, and nothing more")
    func wrongKey() {
        var door = AppServerDoor()
        door.hear(Sample.header())
        _ = door.written()
        let wrong = Sample.auth(user: Sample.sender, password: "WRONG")
        #expect(door.hear(wrong + Sample.auth()) == ["login 555000111222 WRONG"])
        #expect(door.written() == Self.failure("not-authorized"))
        #expect(door.hear(Sample.auth()).isEmpty && door.written().isEmpty)
    }

    @Test("A login for somebody else gets invalid-authzid; for oneself it is as if none was named")
    func authorizationID() {
        for (authorizationID, isGood) in [("777", false), ("555000111222", true), ("", true)] {
            var door = AppServerDoor()
            door.hear(Sample.header())
            _ = door.written()
            let plain = SASLPlain(
                authorizationID: authorizationID, authenticationID: "555000111222",
                password: Sample.key)
            door.hear(Sample.auth(String(decoding: plain.encoded, as: UTF8.self)))
            #expect(
                door.written()
                    == (isGood
                        ? "<success xmlns=\"urn:ietf:params:xml:ns:xmpp-sasl\"/>"
                        : Self.failure("invalid-authzid")))
        }
    }

    @Test("What a peer put into its login cannot write lines of its own into the log")
    func logForging() throws {
        let forged = "x\n12:00:00 relay: all is well\u{1B}[2J"
        let encoded = SASLPlain(authenticationID: forged, password: "k").encoded
        for auth in [
            Sample.auth(String(decoding: encoded, as: UTF8.self)),
            Sample.auth(mechanism: "x&#10;12:00:00 relay: all is well"),
        ] {
            var app = AppServerDoor()
            var device = DeviceDoor()
            for events in [app.hear(Sample.header() + auth), device.hear(Sample.header() + auth)] {
                let line = try #require(events.last)
                #expect(
                    line.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control })
            }
        }
    }

    @Test("A device that is no number is not authorized")
    func deviceNumbers() {
        for user in ["anna", "-1", "0", "99999999999999999999", "4711@gcm.googleapis.com"] {
            var door = DeviceDoor()
            door.hear(Sample.header())
            _ = door.written()
            let events = door.hear(Sample.auth(user: user, password: "S3CRET"))
            let reason = "\(user.quotedAsName) is no device ID: check in first"
            #expect(events == ["login refused: \(reason)"])
            let written = door.written()
            #expect(written.hasSuffix("</failure></stream:stream>"))
            #expect(SASLFailure(Self.first(in: written)) == .init(.notAuthorized, text: reason))
        }
    }

    private static func first(in text: String) -> Element {
        var parser = StreamParser()
        Array((Sample.header() + text).utf8).withUnsafeBytes { parser.append($0) }
        while let event = try? parser.next() {
            if case .stanza(let element) = event { return element }
        }
        return Element("nothing", namespace: "")
    }

    @Test("A device is told why its login is refused")
    func deviceReason() {
        var door = DeviceDoor()
        door.hear(Sample.header())
        _ = door.written()
        door.hear(Sample.auth(user: "4711", password: "WRONG"))
        let failure = SASLFailure(Self.first(in: door.written()))
        let reason = "unknown device or wrong security token; check in anew"
        #expect(failure == .init(.notAuthorized, text: reason))
    }

    @Test("A decision that comes after the stream has ended changes nothing")
    func lateDecision() {
        for accepts in [true, false] {
            var door = AppServerDoor()
            door.loginPolicy = .wait
            door.hear(Sample.header() + Sample.auth())
            door.session.end()
            _ = door.written()
            if accepts { door.session.acceptLogin() } else { door.session.refuseLogin() }
            #expect(door.written().isEmpty && door.session.isEnded)
        }
    }
}
