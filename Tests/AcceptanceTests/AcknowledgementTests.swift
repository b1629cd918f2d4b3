import CloudMessaging
import GCMAppServer
import GCMDevice
import NetworkRuntime
import Nodes
import RelayMachine
import RelayService
import Testing

@Suite("The app server's ACK", .timeLimit(.minutes(5)))
struct AcknowledgementTests {
    @Test("A-28 an ACK on another connection settles nothing; one on the same connection does")
    func sameConnection() async throws {
        try await withTown { town in
            let wire = try await town.wire(to: town.ports.xmpp)
            try await wire.logInAsAppServer()
            let phone = try await town.androidPhone()
            phone.device.connect()
            try await phone.send("41")
            let token = try #require(try Frame(await wire.stanza())["from"])

            let other = try await town.wire(to: town.ports.xmpp)
            try await other.logInAsAppServer()
            try await other.acknowledge("41", from: token)
            let refusal = try await other.stanza()
            #expect(refusal.contains(#"type="error""#) && refusal.contains(#"code="406""#))
            var counters = try await town.counters
            #expect(counters.settled == 0)
            #expect(counters.inFlight == 1)
            #expect(counters.rejectedAcknowledgements == 1)

            try await wire.acknowledge("41", from: token)
            #expect(try await !wire.ping().contains("<message"))
            counters = try await town.counters
            #expect(counters.settled == 1)
            #expect(counters.live == 0)
        }
    }

    @Test("A-28 after its connection is lost, a message comes again and wants an ACK there")
    func lostConnection() async throws {
        try await withTown { town in
            let wire = try await town.wire(to: town.ports.xmpp)
            try await wire.logInAsAppServer()
            let phone = try await town.androidPhone()
            phone.device.connect()
            try await phone.send("41")
            let first = try Frame(await wire.stanza())
            try await wire.close()
            try await wire.closed()

            let next = try await town.wire(to: town.ports.xmpp)
            try await next.logInAsAppServer()
            let second = try Frame(await next.stanza())
            #expect(second.json == first.json)
            try await next.acknowledge("41", from: try #require(second["from"]))
            try await next.ping()
            #expect(try await town.counters.settled == 1)
        }
    }

    @Test("A-29 the ACK that the library writes has to, message_id and message_type")
    func form() async throws {
        try await withTown { town in
            let (relay, port) = try await town.wireServer()
            let server = try town.appServerNotLoggedIn(
                port: port, acknowledgement: .byApplication)
            try await relay.opened()
            try await relay.serveLogin()
            try await relay.write(
                json: #"{"category":"a","data":{},"message_id":"4&lt;1","from":"dK3:APA"}"#)
            let message = try #require(try await server.receive(1).first)
            #expect(message.messageID == "4<1")
            message.ack()
            #expect(
                try await relay.stanza()
                    == #"<message id=""><gcm xmlns="google:mobile:data">"#
                    + #"{"to":"dK3:APA","message_id":"4&lt;1","message_type":"ack"}"#
                    + "</gcm></message>")
            server.server.stop()
            try await relay.read(through: "</stream:stream>")
            try await relay.write("</stream:stream>")
            try await relay.close()
        }
    }

    @Test("A-29 only an ACK with the message's own ID settles it")
    func messageID() async throws {
        try await withTown { town in
            let wire = try await town.wire(to: town.ports.xmpp)
            try await wire.logInAsAppServer()
            let phone = try await town.androidPhone()
            phone.device.connect()
            try await phone.send("41")
            let token = try #require(try Frame(await wire.stanza())["from"])

            try await wire.write(json: #"{"to":"\#(token)","message_type":"ack"}"#)
            let nack = try Frame(await wire.stanza())
            #expect(nack["message_type"] == "nack" && nack["error"] == "BAD_ACK")
            try await wire.acknowledge("42", from: token)
            #expect(try await wire.stanza().contains(#"code="406""#))
            #expect(try await town.counters.settled == 0)
            try await wire.acknowledge("41", from: token)
            try await wire.ping()
            #expect(try await town.counters.settled == 1)
        }
    }

    @Test("A-30 without an ACK the same bytes come again, until there is one")
    func redelivery() async throws {
        try await withTown {
            $0.node.machine.retry = .every(.milliseconds(20))
        } _: { town in
            let wire = try await town.wire(to: town.ports.xmpp)
            try await wire.logInAsAppServer()
            let phone = try await town.androidPhone()
            phone.device.connect()
            try await phone.send("41")
            let first = try await wire.stanza()
            let second = try await wire.stanza()
            let third = try await wire.stanza()
            #expect(second == first && third == first)
            try await wire.acknowledge("41", from: try #require(Frame(third)["from"]))
            try await wire.ping()

            let counters = try await town.counters
            #expect(counters.settled == 1)
            #expect(counters.redeliveries >= 2)
            try await phone.send("42")
            #expect(try await Frame(wire.stanza())["message_id"] == "42")
        }
    }

    @Test("A-30 never is a legal mode: what is lost with its connection does not come again")
    func never() async throws {
        try await withTown {
            $0.node.machine.redelivery = .never
            $0.node.machine.retry = .every(.milliseconds(1))
        } _: { town in
            let wire = try await town.wire(to: town.ports.xmpp)
            try await wire.logInAsAppServer()
            let phone = try await town.androidPhone()
            phone.device.connect()
            try await phone.send("41", "42")
            #expect(try Frame(await wire.stanza())["message_id"] == "41")
            let second = try Frame(await wire.stanza())
            try await wire.acknowledge("42", from: try #require(second["from"]))
            #expect(try await !wire.ping().contains("<message"))
            try await wire.close()
            try await wire.closed()

            let server = try await town.appServer()
            try await phone.send("43")
            #expect(try await server.receive(1).map(\.messageID) == ["43"])
            let counters = try await town.counters
            #expect(counters.discarded == 1)
            #expect(counters.redeliveries == 0)
        }
    }
}

extension RetrySchedule {
    /// Without growth and chance.
    fileprivate static func every(_ delay: Duration) -> RetrySchedule {
        RetrySchedule(first: delay, factor: 1, longest: delay, jitter: 0)
    }
}
