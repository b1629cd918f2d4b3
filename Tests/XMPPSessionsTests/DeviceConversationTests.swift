import CloudMessaging
import RelayMachine
import Testing
import XMPP

@testable import XMPPSessions

@Suite("Device and relay")
struct DeviceConversationTests {
    private func pending(_ number: Int64, timeToLive: Int = 60) throws -> PendingMessage {
        PendingMessage(
            number: number, category: try Category(Sample.category).orThrow(),
            to: "555000111222@gcm.googleapis.com", id: try MessageID("m-\(number)").orThrow(),
            uploadID: try UploadID("u-\(number)").orThrow(),
            data: DataPayload([("k", "v")]), timeToLive: timeToLive, expiry: .never)
    }

    /// A whole life of a device on the wire: check-in, registration, uploads, refusals, the end.
    private func life(pieceSize: Int?) throws -> Road<Device, DeviceDoor> {
        var road = Road(Device(), DeviceDoor(), pieceSize: pieceSize)
        road.settle()
        let category = try Category(Sample.category).orThrow()
        let senders = [try SenderID(Sample.sender).orThrow()]
        road.client.session.register(category, senders: senders)
        road.client.session.upload(try pending(1), timeToLive: 60)
        road.client.session.upload(try pending(2), timeToLive: 59)
        road.settle()
        road.relay.session.finish(2)
        road.relay.session.answerRegistration(
            AppRegistration(
                category: category, token: RegistrationToken(Sample.token), senders: senders),
            request: "device-2")
        road.relay.session.writeAcknowledgements()
        road.relay.session.writeKeepalive()
        road.settle()
        road.client.session.upload(try pending(3), timeToLive: 0)
        road.client.session.register(category, senders: [])
        road.settle()
        road.relay.session.refuse(UploadID("u-3"), .messageTooBig, 4)
        road.relay.session.refuse(.invalidParameters, reason: "no", request: "device-3")
        road.relay.session.finish(3)
        road.relay.session.writeAcknowledgements()
        road.settle()
        road.client.session.end()
        road.settle()
        return road
    }

    @Test("A device's life, told by both sides")
    func life() throws {
        let road = try life(pieceSize: nil)
        #expect(
            road.relayLog == [
                "check-in", "login 4711 S3CRET", "bound", "ready",
                "register com.example.pigeon for [\"555000111222\"] request device-2",
                "upload u-1 ticket 2", "upload u-2 ticket 3", "upload u-3 ticket 4",
                "register com.example.pigeon for [] request device-3", "ended",
            ])
        #expect(
            road.clientLog == [
                "opened", "checked in 4711 S3CRET", "ready",
                "registered com.example.pigeon \(Sample.token) [\"555000111222\"]", "taken 1",
                "refused u-3 messageTooBig",
                "registration refused com.example.pigeon invalid_parameters: no", "taken 3",
            ])
        #expect(road.relay.uploads.map(\.timeToLive) == [60, 59, 0])
        try ReadBack.stanzas(road.up)
        try ReadBack.stanzas(road.down)
    }

    @Test("It is the same however the bytes are cut", arguments: [1, 2, 3, 7, 64, 1_000])
    func cut(pieceSize: Int) throws {
        let whole = try life(pieceSize: nil)
        let cut = try life(pieceSize: pieceSize)
        #expect(cut.relayLog == whole.relayLog)
        #expect(cut.clientLog == whole.clientLog)
        #expect(cut.up == whole.up && cut.down == whole.down)
    }

    @Test("All that a device writes in its life, cut in two at every byte, is heard the same")
    func everySplit() throws {
        let up = try life(pieceSize: nil).up
        let whole = Transcript(DeviceDoor(), [up[...]])
        #expect(whole.events.count == 10)
        for cut in up.indices {
            #expect(Transcript(DeviceDoor(), [up[..<cut], up[cut...]]) == whole, "at byte \(cut)")
        }
        #expect(Transcript(DeviceDoor(), up.indices.map { up[$0...$0] }) == whole)
    }

    @Test("A device that the relay does not know is told so")
    func unknownIdentity() {
        let stale = DeviceIdentity(id: DeviceID(4_711), securityToken: "OLD")
        var road = Road(Device(identity: stale), DeviceDoor())
        road.settle()
        #expect(
            road.clientLog == [
                "opened",
                "identity unknown: unknown device or wrong security token; check in anew",
            ])
        #expect(road.client.session.isEnded && road.relay.session.isEnded)
    }

    @Test("A login that fails for another reason does not cost the device its identity")
    func failedLogin() {
        var road = Road(Device(identity: DeviceDoor.identity), DeviceDoor())
        road.client.hear(road.relay.answer(to: road.client.written()))
        let failure =
            "<failure xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><temporary-auth-failure/></failure>"
        #expect(
            road.client.hear(failure) == [
                "failed undefined-condition: the relay refused the login: temporary-auth-failure"
            ])
        #expect(road.client.session.isEnded)
    }

    @Test("A newer login of the same device replaces this one; other ends are ends")
    func ends() throws {
        for (fault, line) in [
            (StreamFault(.conflict, "a newer login"), "replaced"),
            (StreamFault(.systemShutdown, "bye"), "ended: system-shutdown bye"), (nil, "ended"),
        ] {
            var road = Road(Device(identity: DeviceDoor.identity), DeviceDoor())
            road.settle()
            road.relay.session.end(fault)
            road.settle()
            #expect(road.clientLog == ["opened", "ready", line])
            #expect(road.client.session.isEnded)
            road.client.session.upload(try pending(1), timeToLive: 1)
            #expect(road.client.written().isEmpty)
        }
    }

    @Test("An upload is written byte by byte as the design says")
    func uploadBytes() throws {
        var road = Road(Device(identity: DeviceDoor.identity), DeviceDoor())
        road.settle()
        let message = PendingMessage(
            number: 1, category: try Category("a\"b").orThrow(),
            to: "5@gcm.googleapis.com", id: try MessageID("<\t&").orThrow(),
            uploadID: try UploadID("u<&>\"'").orThrow(),
            data: DataPayload(json: Array("{\"k\u{FFFE}\":\"\u{FFFF}>\"}".utf8)), timeToLive: 9,
            expiry: .never)
        road.client.session.upload(message, timeToLive: 7)
        #expect(
            road.client.written()
                == "<message id=\"u&lt;&amp;&gt;&quot;'\" to=\"5@gcm.googleapis.com\">"
                + "<gcm xmlns=\"google:mobile:data\">{\"app\":\"a\\\"b\","
                + "\"message_id\":\"&lt;\\t&amp;\",\"time_to_live\":7,"
                + "\"data\":{\"k\\ufffe\":\"\\uffff&gt;\"}}</gcm></message>")
    }

    struct Fault: Sendable, CustomTestStringConvertible {
        let text: String
        let reason: String
        var testDescription: String { reason }
    }

    static let faults: [Fault] = [
        Fault(
            text: "<a xmlns='urn:xmpp:sm:3' h='2'/>",
            reason: "the relay acknowledges stanzas that were never sent"),
        Fault(
            text: "<failed xmlns='urn:xmpp:sm:3'/>",
            reason: "the relay does not acknowledge stanzas (XEP-0198)"),
        Fault(
            text: "<iq type='result' id='device-1'/>",
            reason: "the relay's answer to a registration names no token"),
    ]

    @Test("A relay that breaks the protocol is told so, and left", arguments: faults)
    func relayFault(fault: Fault) throws {
        var road = Road(Device(identity: DeviceDoor.identity), DeviceDoor())
        road.settle()
        road.client.session.register(
            try Category("a").orThrow(), senders: [try SenderID("5").orThrow()])
        _ = road.client.written()
        #expect(road.client.hear(fault.text) == ["failed undefined-condition: \(fault.reason)"])
        #expect(road.client.written().hasSuffix("</stream:error></stream:stream>"))
        #expect(road.client.session.isEnded)
    }

    @Test("The relay's requests are answered, and counted among what the device sent")
    func relayRequests() {
        var road = Road(Device(identity: DeviceDoor.identity), DeviceDoor())
        road.settle()
        #expect(
            road.client.answer(to: "<iq type='get' id='1'><ping xmlns='urn:xmpp:ping'/></iq>")
                == "<iq type=\"result\" id=\"1\"/>")
        #expect(road.client.answer(to: "<iq type='get' id='2'/>").contains("service-unavailable"))
        #expect(road.client.hear("<a xmlns='urn:xmpp:sm:3' h='2'/>") == ["taken 0"])
    }
}
