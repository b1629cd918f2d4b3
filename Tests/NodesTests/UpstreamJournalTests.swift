import AppServerMachine
import CloudMessaging
import Journal
import Nodes
import RelayMachine
import Testing

@Suite("The journal of a message on its way up")
struct UpstreamJournalTests {
    private static let parcel = DataPayload([("parcel", "17")])

    /// A world with a phone and a shop that are online; the first connection is the phone's.
    private func world(
        _ adjust: (inout RelaySettings) -> Void = { _ in },
        shop acknowledges: AckPolicy = .always
    ) throws -> (World, DeviceNode, AppServerNode) {
        let world = try World { adjust(&$0.machine) }
        let phone = try world.phone()
        let shop = world.shop { $0.acknowledgedBy = .policy(acknowledges) }
        world.run(for: .seconds(1))
        return (world, phone, shop)
    }

    @Test("Each step has its line, in order, and each line its cause")
    func everyStep() throws {
        let (world, phone, shop) = try world()
        defer { withExtendedLifetime(shop) {} }
        phone.send("m-17", data: Self.parcel)
        world.run(for: .seconds(2))
        let events = world.events.filter { $0.messageID == MessageID("m-17") }
        #expect(
            events.map(\.kind) == [
                .appWillSend, .upload, .messageState, .upstreamStanza, .timerSet,
                .upstreamReceived, .appServerAcknowledged, .upstreamAck, .messageState, .appSent,
            ])
        let settled = try #require(world.events(.messageState).last)
        #expect(settled.state == .settled)
        #expect(
            world.causes(of: settled) == [
                .messageState, .upstreamAck, .appServerAcknowledged, .upstreamReceived,
                .upstreamStanza, .messageState, .upload,
            ])
        for event in [settled, try #require(world.events(.upstreamAck).first)] {
            #expect(event.data == Self.parcel)
            #expect(event.from == phone.token)
            #expect(event.sender == World.sender)
            #expect(event.connection == 2)
        }
        let taken = try #require(world.events(.uploadTaken).first)
        #expect(world.cause(of: taken)?.kind == .upload)
        #expect(world.cause(of: try #require(world.events(.appSent).first))?.kind == .appWillSend)
    }

    @Test("A message that is not ACKed has its timer, and its next attempt the reason")
    func retry() throws {
        let (world, phone, shop) = try world({ $0.retry.first = .seconds(3) }, shop: .skip(1))
        defer { withExtendedLifetime(shop) {} }
        phone.send("m-1")
        world.run(for: .seconds(5))
        let attempts = world.events(.upstreamStanza)
        #expect(attempts.map(\.attempt) == [1, 2])
        #expect(attempts.last?.detail?.reason == "no ACK")
        #expect(attempts.last?.delay == .seconds(3))
        #expect(
            world.causes(of: try #require(attempts.last)).prefix(3) == [
                .upstreamStanza, .timerFired, .timerSet,
            ])
        #expect(world.events(.timerSet).map(\.delay) == [.seconds(3), .seconds(6)])
        #expect(world.events(.upstreamReceived).map(\.attempt) == [1, 2])
        #expect(world.events(.appServerSkipped).count == 1)
        #expect(world.states(of: "m-1") == [.queued, .inFlight, .inFlight, .settled])
        // The ACK's cause is the attempt that it answers.
        let ack = try #require(world.events(.upstreamAck).first)
        #expect(world.causes(of: ack)[2] == .upstreamReceived)
        #expect(
            world.events(.upstreamReceived).map { world.cause(of: $0)?.number }
                == attempts.map(\.number))
    }

    @Test("A message whose connection is lost waits again, because of that")
    func connectionLost() throws {
        let (world, phone, shop) = try world(shop: .never)
        phone.send("m-1")
        world.run(for: .seconds(1))
        world.connections[1].abort()
        world.run(for: .seconds(1))
        #expect(world.states(of: "m-1") == [.queued, .inFlight, .queued, .inFlight])
        let last = try #require(world.events(.upstreamStanza).last)
        #expect(last.detail?.reason == "connection lost")
        #expect(
            world.causes(of: last) == [.upstreamStanza, .messageState, .connectionClosed])
        #expect(world.events(.connectionClosed).first?.detail?.deed == "reset")
        withExtendedLifetime(shop) {}
    }

    @Test("With redelivery never it is discarded instead")
    func discarded() throws {
        let (world, phone, shop) = try world({ $0.redelivery = .never }, shop: .never)
        phone.send("m-1")
        world.run(for: .seconds(1))
        world.connections[1].abort()
        world.run(for: .seconds(1))
        #expect(world.states(of: "m-1") == [.queued, .inFlight, .discarded])
        #expect(world.events(.timerSet).isEmpty, "nothing is timed")
        let discarded = try #require(world.events(.messageState).last)
        #expect(world.cause(of: discarded)?.kind == .connectionClosed)
        withExtendedLifetime(shop) {}
    }

    @Test("The second message of a pair is held, and queued again when the first is settled")
    func held() throws {
        let (world, phone, shop) = try world(shop: .after(.seconds(1)))
        phone.send("m-1", data: Self.parcel)
        phone.send("m-1")
        world.run(for: .seconds(4))
        let second = world.events.filter { $0.message == 2 }
        #expect(second.compactMap(\.state) == [.queued, .held, .queued, .inFlight, .settled])
        #expect(world.states(of: "m-1").count { $0 == .settled } == 2)
        withExtendedLifetime(shop) {}
    }

    @Test("A message expires in the store, in flight, and at once with TTL 0")
    func expired() throws {
        let (world, phone, shop) = try world(shop: .never)
        phone.send("in-flight", timeToLive: 2)
        world.run(for: .seconds(5))
        #expect(world.states(of: "in-flight") == [.queued, .inFlight, .expired])
        shop.stop {}
        world.run(for: .seconds(1))
        phone.send("stored", timeToLive: 2)
        phone.send("now", timeToLive: 0)
        world.run(for: .seconds(5))
        #expect(world.states(of: "stored") == [.queued, .expired])
        #expect(world.states(of: "now") == [.expired])
        for event in world.events where event.state == .expired {
            #expect(event.from == phone.token)
            #expect(event.message != nil)
            #expect(event.cause != nil)
        }
    }

    @Test("An ACK that settles nothing is told with the rule that it broke")
    func uselessAcknowledgement() throws {
        let (world, phone, shop) = try world()
        let frame = #"{"to":"somebody","message_id":"m-99","message_type":"ack"}"#
        world.inject(frame: frame, on: 2)
        world.run(for: .seconds(1))
        let rejected = try #require(world.events(.ackRejected).first)
        #expect(rejected.detail?.error == "406")
        #expect(rejected.detail?.reason?.contains("did not carry") == true)
        #expect(world.cause(of: rejected)?.kind == .upstreamAck)
        #expect(world.events(.appServerRefused).count == 1)
        withExtendedLifetime((phone, shop)) {}
    }

    @Test("Where useless ACKs are ignored, none is answered, and the journal says so")
    func ignoredAcknowledgement() throws {
        let (world, phone, shop) = try world { $0.quirks.unknownACK = .ignore }
        world.inject(frame: #"{"to":"x","message_id":"m-99","message_type":"ack"}"#, on: 2)
        world.run(for: .seconds(1))
        let rejected = try #require(world.events(.ackRejected).first)
        #expect(rejected.detail?.error == nil)
        #expect(world.events(.appServerRefused).isEmpty)
        withExtendedLifetime((phone, shop)) {}
    }

    @Test("An upload that is refused is told with what it named, and why")
    func refusedUpload() throws {
        let (world, phone, shop) = try world()
        let json = #"{"app":"com.example.courier","message_id":"m-1","data":{"k":"v"}}"#
        let gcm = #"<gcm xmlns="google:mobile:data">\#(json)</gcm>"#
        world.inject(
            #"<message id="u-1" to="4712@gcm.googleapis.com">\#(gcm)</message>"#, on: 1)
        world.inject(#"<message id="u-2">\#(gcm)</message>"#, on: 1)
        world.run(for: .seconds(1))
        let refused = world.events(.uploadRefused)
        #expect(refused.map(\.detail?.error) == ["invalid_parameters", "missing_to"])
        #expect(refused.map(\.messageID) == [MessageID("m-1"), nil])
        #expect(refused.map(\.upload?.text) == ["u-1", "u-2"])
        #expect(refused.allSatisfy { world.cause(of: $0)?.kind == .upload })
        #expect(refused.allSatisfy { $0.detail?.reason != nil })
        withExtendedLifetime((phone, shop)) {}
    }

    @Test("An app that is refused a send is told, and nothing else happens")
    func refusedSend() throws {
        let (world, phone, shop) = try world()
        phone.send("m-2", data: DataPayload([("k", String(repeating: "x", count: 5_000))]))
        world.run(for: .seconds(1))
        let told = world.events.filter { $0.messageID == MessageID("m-2") }
        #expect(told.map(\.kind) == [.appError])
        #expect(told.first?.detail?.error == "MessageTooBig")
        withExtendedLifetime(shop) {}
    }
}
