import CloudMessaging
import RelayMachine
import Testing
import XMPP

@testable import XMPPSessions

@Suite("From the device to the app server")
struct WholeRoadTests {
    /// An upload as the relay keeps it.
    private func stored(_ upload: Upload) throws -> UpstreamMessage {
        UpstreamMessage(
            key: MessageKey(rawValue: 1),
            origin: Registration(
                number: 1, device: DeviceDoor.identity.id, category: upload.category,
                token: RegistrationToken(Sample.token), senders: []),
            id: upload.messageID, data: upload.data, timeToLive: upload.timeToLive ?? 0,
            expiry: .never)
    }

    /// Keys and values as bytes, in their order.
    private func pairs(_ data: DataPayload) throws -> [[[UInt8]]] {
        try data.pairs.orThrow().map { [Array($0.key.utf8), Array($0.value.utf8)] }
    }

    @Test(
        "A courier's day arrives with the same bytes in every key and value, and is ACKed",
        arguments: Profile.allCases, [nil, 100, 8_192])
    func courierDay(profile: Profile, pieceSize: Int?) throws {
        let messages = try CourierDay.messages()
        #expect(messages.count == 359)
        var deviceRoad = Road(
            Device(identity: DeviceDoor.identity), DeviceDoor(), pieceSize: pieceSize)
        deviceRoad.settle()
        for message in messages {
            deviceRoad.client.session.upload(message, timeToLive: message.timeToLive)
        }
        deviceRoad.settle()
        let uploads = deviceRoad.relay.uploads
        #expect(uploads.map(\.id) == messages.map(\.uploadID))
        #expect(uploads.map(\.messageID) == messages.map(\.id))
        #expect(uploads.allSatisfy { $0.payloadSize <= Limits.payloadBytes })

        var serverRoad = Road(
            try AppServer(), AppServerDoor(profile: profile), pieceSize: pieceSize)
        serverRoad.settle()
        var received: [AppServerSession.UpstreamFrame] = []
        for upload in uploads {
            serverRoad.relay.session.transmit(try stored(upload))
            let output = serverRoad.relay.session.takeOutput()
            received += try frames(output, of: &serverRoad.client)
        }
        serverRoad.settle()
        #expect(received.map(\.pair.id) == messages.map(\.id))
        #expect(received.map(\.category) == messages.map(\.category.text))
        for (message, frame) in zip(messages, received) {
            #expect(try pairs(frame.data) == pairs(message.data), "line \(message.number)")
            #expect(frame.timeToLive == (profile == .observed ? message.timeToLive : nil))
        }
        #expect(serverRoad.relay.acknowledged == received.map(\.pair))
        try ReadBack.stanzas(deviceRoad.up)
    }

    /// What an app server makes of bytes; it ACKs each.
    private func frames(
        _ bytes: [UInt8], of server: inout AppServer
    ) throws -> [AppServerSession.UpstreamFrame] {
        var frames: [AppServerSession.UpstreamFrame] = []
        server.session.receive(bytes)
        while let event = server.session.nextEvent() {
            guard case .upstream(let frame) = event else {
                Issue.record("\(event.line)")
                continue
            }
            server.session.acknowledge(frame.pair)
            frames.append(frame)
        }
        return frames
    }

    /// A conversation with every kind of stanza that the relay writes to an app server.
    private func conversation(
        profile: Profile, pieceSize: Int?
    ) throws -> Road<AppServer, AppServerDoor> {
        var road = Road(try AppServer(), AppServerDoor(profile: profile), pieceSize: pieceSize)
        road.settle()
        road.relay.session.transmit(try Sample.message())
        road.relay.session.transmit(
            try Sample.message(id: "e\u{301}<&\"\t", data: "{\"\u{E9}\":\"]]>\"}"))
        road.relay.session.writeKeepalive()
        road.settle()
        road.relay.session.rejectAcknowledgement(try Sample.message().pair)
        road.relay.session.announceDraining()
        road.settle()
        road.relay.session.end()
        road.settle()
        return road
    }

    @Test("A connection's life, told by both sides, in both profiles", arguments: Profile.allCases)
    func life(profile: Profile) throws {
        let road = try conversation(profile: profile, pieceSize: nil)
        let timeToLive = profile == .observed ? "86400" : "-"
        #expect(
            road.clientLog == [
                "bound \(AppServerDoor.address)",
                #"upstream \#(Sample.token) 41 com.example.pigeon {"greet":"coo","n":"7"} \#(timeToLive)"#,
                "upstream \(Sample.token) e\u{301}<&\"\t com.example.pigeon {\"\u{E9}\":\"]]>\"} \(timeToLive)",
                "refused 406: Received acks for messages not sent over this connection",
                "draining", "ended",
            ])
        #expect(
            road.relayLog == [
                "login 555000111222 DEMO-SERVER-KEY",
                "bound 555000111222 \(AppServerDoor.address)", "ack \(Sample.token) 41",
                "ack \(Sample.token) e\u{301}<&\"\t",
            ])
        for pieceSize in [1, 2, 5, 33, 1_000] {
            let cut = try conversation(profile: profile, pieceSize: pieceSize)
            #expect(cut.clientLog == road.clientLog && cut.relayLog == road.relayLog)
            #expect(cut.up == road.up && cut.down == road.down)
        }
        try ReadBack.stanzas(road.up)
        try ReadBack.stanzas(road.down)
    }

    @Test(
        "Either side's bytes, cut in two at every byte, are heard the same",
        arguments: Profile.allCases)
    func everySplit(profile: Profile) throws {
        let road = try conversation(profile: profile, pieceSize: nil)
        try check(AppServerDoor(profile: profile), road.up)
        try check(AppServer(), road.down)
    }

    @Test("A door that gives its memory back after every piece hears and says the same")
    func releasedMemory() throws {
        let road = try conversation(profile: .observed, pieceSize: nil)
        let whole = Transcript(AppServerDoor(), [road.up[...]])
        var door = AppServerDoor()
        var events: [String] = []
        var output: [UInt8] = []
        for byte in road.up {
            events += door.hear([byte])
            output += door.session.takeOutput()
            door.session.releaseMemory()
        }
        #expect(events == whole.events && output == whole.output)
        door = .bound()
        door.session.transmit(try Sample.message())
        let first = door.written()
        door.session.releaseMemory()
        door.session.transmit(try Sample.message())
        #expect(door.written() == first)
    }

    private func check(_ door: some Door, _ bytes: [UInt8]) throws {
        let whole = Transcript(door, [bytes[...]])
        for cut in bytes.indices {
            #expect(Transcript(door, [bytes[..<cut], bytes[cut...]]) == whole, "at byte \(cut)")
        }
        #expect(Transcript(door, bytes.indices.map { bytes[$0...$0] }) == whole)
    }
}
