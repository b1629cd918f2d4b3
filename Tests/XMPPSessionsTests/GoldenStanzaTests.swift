import CloudMessaging
import Foundation
import RelayMachine
import Testing
import XMPP

@testable import XMPPSessions

/// The stanzas of `Fixtures/stanzas`, as the relay writes them in each profile and as an app server
/// reads them. Both sides are held against the file, so neither can drift with the other.
@Suite("Golden stanzas")
struct GoldenStanzaTests {
    enum Golden: String, CaseIterable, Sendable {
        case upstream
        case receipt
        case ack = "ack.accepted"
        case canonicalAck = "ack.canonical"
        case nack = "nack.bad-registration"
        case draining = "control.draining"
        case rejectedAcknowledgement = "error.ack-not-carried"
        case badRequest = "error.no-message-id"

        /// Has the relay write the stanza.
        func write(on door: inout AppServerDoor) throws {
            let id = try MessageID("d-900").orThrow()
            switch self {
            case .upstream:
                door.session.transmit(try Sample.message(id: "m-<1>", timeToLive: 60))
            case .receipt:
                door.session.transmit(try Self.receiptMessage())
            case .ack:
                door.session.answer(.ack(canonical: nil), to: Sample.token, id)
            case .canonicalAck:
                door.session.answer(
                    .ack(canonical: RegistrationToken("new:APA91b")), to: Sample.token, id)
            case .nack:
                door.session.answer(
                    .nack(.badRegistration, description: "Invalid token on 'to' field: x<y"),
                    to: "x<y", id)
            case .draining:
                door.session.announceDraining()
            case .rejectedAcknowledgement:
                door.session.rejectAcknowledgement(try Sample.message(id: "41").pair)
            case .badRequest:
                door.hear(Sample.frame(#"{"to":"t","data":{"k":"v"}}"#, id: "3"))
            }
        }

        private static func receiptMessage() throws -> UpstreamMessage {
            let plain = try Sample.message()
            return UpstreamMessage(
                key: plain.key, origin: plain.origin,
                id: .receipt(for: try MessageID("d-900").orThrow()),
                data: DataPayload([
                    ("message_status", "MESSAGE_SENT_TO_DEVICE"),
                    ("original_message_id", "d-900"),
                    ("device_registration_id", Sample.token),
                    ("message_sent_timestamp", "1448031600123"),
                ]), timeToLive: 86_400, expiry: .never, kind: .receipt)
        }

        /// What an app server understands.
        func meaning(_ profile: Profile) -> String {
            let data = #"{"greet":"coo","n":"7"}"#
            return switch self {
            case .upstream:
                "upstream \(Sample.token) m-<1> \(Sample.category) \(data) "
                    + (profile == .observed ? "60" : "-")
            case .receipt:
                "receipt dr2:d-900 from gcm.googleapis.com: d-900 MESSAGE_SENT_TO_DEVICE "
                    + "\(Sample.token) 1448031600123 \(Sample.category)"
            case .ack: "answer \(Sample.token) d-900 ack, now -"
            case .canonicalAck: "answer \(Sample.token) d-900 ack, now new:APA91b"
            case .nack:
                "answer x<y d-900 nack BAD_REGISTRATION: Invalid token on 'to' field: x<y"
            case .draining: "draining"
            case .rejectedAcknowledgement:
                "refused 406: Received acks for messages not sent over this connection"
            case .badRequest:
                "answer - 3 stanza error bad-request: InvalidJson: JSON_PARSING_ERROR : "
                    + "Missing Required Field: message_id"
            }
        }

        func stanza(_ profile: Profile) throws -> String {
            let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            let file = folder.appending(
                path: "../../Fixtures/stanzas/\(rawValue).\(profile.rawValue).xml")
            let text = try String(contentsOf: file, encoding: .utf8)
            return text.hasSuffix("\n") ? String(text.dropLast()) : text
        }
    }

    @Test("The relay writes the file", arguments: Golden.allCases, Profile.allCases)
    func written(golden: Golden, profile: Profile) throws {
        var door = AppServerDoor.bound(profile: profile)
        try golden.write(on: &door)
        #expect(door.written() == (try golden.stanza(profile)))
    }

    @Test("An app server understands the file", arguments: Golden.allCases, Profile.allCases)
    func read(golden: Golden, profile: Profile) throws {
        var server = try AppServer.bound()
        server.acknowledges = false
        let heard = server.hear(try golden.stanza(profile))
        #expect(heard == [golden.meaning(profile)])
    }
}
