import AppServerMachine
import CloudMessaging
import Foundation
import RelayMachine
import Testing
import XMPP

@testable import XMPPSessions

/// The stanzas of `Fixtures/stanzas` that app servers send, and those of the device stream: what
/// our own side writes is the file, and the other side understands the file.
@Suite("Golden stanzas of app servers and devices")
struct GoldenPeerStanzaTests {
    private static func stanza(_ name: String) throws -> String {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        let file = folder.appending(path: "../../Fixtures/stanzas/\(name).xml")
        let text = try String(contentsOf: file, encoding: .utf8)
        return text.hasSuffix("\n") ? String(text.dropLast()) : text
    }

    // MARK: App server to relay

    enum FromAppServer: String, CaseIterable, Sendable {
        case upstreamAck = "ack.upstream"
        case receiptAck = "ack.receipt"
        case data = "request.data"
        case everything = "request.everything"
        case topic = "request.topic"
        case condition = "request.condition"

        func write(on session: inout AppServerSession) throws {
            switch self {
            case .upstreamAck: session.acknowledge(to: Sample.token, messageID: "m-<1>")
            case .receiptAck:
                session.acknowledge(to: "gcm.googleapis.com", messageID: "dr2:d-900")
            case .data, .everything, .topic, .condition:
                let message = try message()
                session.request(message.id, json: message.json)
            }
        }

        private func message() throws -> OutgoingMessage {
            let id = try MessageID("d-900").orThrow()
            switch self {
            case .topic:
                var message = OutgoingMessage(to: .to("/topics/news"), id: id)
                message.data = DataPayload([("headline", "Rain & wind")])
                return message
            case .condition:
                var message = OutgoingMessage(
                    to: .condition("'a' in topics && ('b' in topics || 'c' in topics)"), id: id)
                message.data = DataPayload([("k", "v")])
                return message
            default:
                var message = OutgoingMessage(to: .to(Sample.token), id: id)
                message.data = DataPayload([("k", "v"), ("greet", "coo <&> \"you\"")])
                guard self == .everything else { return message }
                message.collapseKey = "score"
                message.timeToLive = 600
                message.priority = .high
                message.isContentAvailable = true
                message.isContentMutable = true
                message.isDelayedWhileIdle = true
                message.wantsReceipt = true
                message.isDryRun = true
                message.notification = [("title", "T"), ("body", "B")]
                return message
            }
        }

        /// What the relay understands.
        var meaning: String {
            switch self {
            case .upstreamAck: "ack \(Sample.token) m-<1>"
            case .receiptAck: "ack gcm.googleapis.com dr2:d-900"
            case .data, .everything: "request to \(Sample.token) id d-900 type -"
            case .topic: "request to /topics/news id d-900 type -"
            case .condition:
                "request to 'a' in topics && ('b' in topics || 'c' in topics) id d-900 type -"
            }
        }
    }

    @Test("An app server writes the file", arguments: FromAppServer.allCases)
    func written(golden: FromAppServer) throws {
        var server = try AppServer.bound()
        try golden.write(on: &server.session)
        #expect(server.written() == (try Self.stanza(golden.rawValue)))
    }

    @Test("The relay understands what an app server wrote", arguments: FromAppServer.allCases)
    func read(golden: FromAppServer) throws {
        var door = AppServerDoor.bound()
        #expect(door.hear(try Self.stanza(golden.rawValue)) == [golden.meaning])
    }

    // MARK: Device to relay

    @Test("A device writes an upload as the file has it, and the relay understands it")
    func upload() throws {
        let file = try Self.stanza("upload.data")
        let message = PendingMessage(
            number: 1, category: try Category(Sample.category).orThrow(),
            to: "555000111222@gcm.googleapis.com", id: try MessageID("m-<1>").orThrow(),
            uploadID: try UploadID("1-1").orThrow(),
            data: DataPayload([("greet", "coo"), ("n", "7")]), timeToLive: 60, expiry: .never)
        var road = Road(Device(), DeviceDoor(), pieceSize: nil)
        road.settle()
        _ = road.client.session.takeOutput()
        road.client.session.upload(message, timeToLive: 60)
        #expect(String(decoding: road.client.session.takeOutput(), as: UTF8.self) == file)

        var door = DeviceDoor.enabled()
        #expect(door.hear(file) == ["upload 1-1 ticket 1"])
        let upload = try #require(door.uploads.first)
        #expect(upload.messageID.text == "m-<1>" && upload.category.text == Sample.category)
        #expect(upload.timeToLive == 60 && upload.data == message.data)
    }

    // MARK: Relay to device

    enum ToDevice: String, CaseIterable, Sendable {
        case message = "delivery.message"
        case topicMessage = "delivery.topic"
        case deletion = "delivery.deleted-messages"

        func write(on session: inout RelayDeviceSession) throws {
            let registration = Registration(
                number: 7, device: DeviceID(4_711),
                category: try Category(Sample.category).orThrow(),
                token: RegistrationToken(Sample.token), senders: [])
            switch self {
            case .message, .topicMessage:
                let message = DownstreamMessage(
                    sequence: 1, registration: registration,
                    template: DownstreamTemplate(
                        sender: SenderNumber(rawValue: 1), id: try MessageID("d-900").orThrow(),
                        topic: self == .topicMessage ? TopicName("news") : nil,
                        content: Array(#"{"data":{"k":"<v>"},"collapse_key":"score"}"#.utf8),
                        timeToLive: 60, expiry: .never))
                session.deliver(.message(message, from: try SenderID(Sample.sender).orThrow()))
            case .deletion:
                session.deliver(
                    .deletion(
                        DeletionNotice(registration: 7, total: 101, through: 101),
                        of: registration))
            }
        }

        /// What a device understands.
        var meaning: String {
            switch self {
            case .message:
                "received d-900 for \(Sample.category) from \(Sample.sender): {\"k\":\"<v>\"}"
            case .topicMessage:
                "received d-900 for \(Sample.category) from /topics/news: {\"k\":\"<v>\"}"
            case .deletion: "101 messages deleted for \(Sample.category)"
            }
        }
    }

    @Test("The relay writes a delivery as the file has it", arguments: ToDevice.allCases)
    func delivered(golden: ToDevice) throws {
        var door = DeviceDoor.enabled()
        try golden.write(on: &door.session)
        #expect(door.written() == (try Self.stanza(golden.rawValue)))
    }

    @Test("A device understands the delivery of the file", arguments: ToDevice.allCases)
    func received(golden: ToDevice) throws {
        var road = Road(Device(), DeviceDoor(), pieceSize: nil)
        road.settle()
        #expect(road.client.hear(try Self.stanza(golden.rawValue)) == [golden.meaning])
    }
}
