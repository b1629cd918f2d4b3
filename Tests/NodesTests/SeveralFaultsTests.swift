import CloudMessaging
import FaultPlays
import Faults
import Journal
import Nodes
import RelayMachine
import Testing

@Suite("Faults that meet, end, and outlive their stanza")
struct SeveralFaultsTests {
    /// A relay with a phone and an app server on the wire.
    private func play() throws -> (World, DeviceNode, WireClient) {
        let world = try World { $0.machine.retry.first = .seconds(20) }
        let phone = try world.phone()
        let client = world.wire()
        world.run(for: .seconds(1))
        return (world, phone, client)
    }

    @discardableResult
    private func add(
        _ point: FaultPoint, _ deed: FaultDeed, _ match: String? = nil, to world: World,
        _ frequency: FaultRule.Frequency = .always
    ) throws -> Int {
        try world.relay.faults.box.add(
            FaultRule(
                on: point, match: match.map { try Match(parsing: $0) }, do: deed, frequency))
    }

    private func acknowledge(_ id: String, _ phone: DeviceNode, _ client: WireClient) {
        client.write(acknowledgements: [id], from: phone.token?.text ?? "")
    }

    @Test("An ACK is matched by the data and the attempt of the message that it is for")
    func ackByData() throws {
        let (world, phone, client) = try play()
        try add(.upstreamAck, .drop, #"data.parcel~"^1" and attempt=1"#, to: world)
        phone.send("m-1", data: DataPayload([("parcel", "17")]))
        phone.send("m-2", data: DataPayload([("parcel", "27")]))
        world.run(for: .milliseconds(100))
        for id in ["m-1", "m-2"] { acknowledge(id, phone, client) }
        world.run(for: .seconds(1))
        #expect(world.states(of: "m-1").last == .inFlight)
        #expect(world.states(of: "m-2").last == .settled)
    }

    @Test("Each does its deed on what the one before left, and each is told")
    func inOrder() throws {
        let (world, phone, client) = try play()
        try add(.upstreamStanza, .delay(.seconds(1)), to: world)
        try add(.upstreamStanza, .duplicate, to: world)
        try add(.upstreamStanza, .delay(.seconds(1)), to: world)
        phone.send("m-1")
        world.run(for: .milliseconds(1_900))
        #expect(client.heard.sights.isEmpty)
        world.run(for: .milliseconds(200))
        #expect(client.heard.sights == ["m-1", "m-1"])
        let told = world.events(.fault)
        #expect(told.compactMap { $0.detail?.fault } == [1, 2, 3])
        #expect(told.compactMap { $0.delay } == [.seconds(1), .seconds(1)])
    }

    @Test("After the last of the stanza none is asked, and what has ended bites no more")
    func ended() throws {
        let (world, phone, client) = try play()
        let first = try add(.upstreamStanza, .drop, to: world)
        let second = try add(.upstreamStanza, .duplicate, to: world)
        phone.send("m-1")
        world.run(for: .milliseconds(100))
        let box = world.relay.faults.box
        #expect(box.fault(first)?.bitten == 1)
        #expect(box.fault(second)?.asked == 0)
        world.relay.faults.box.remove(first)
        phone.send("m-2")
        world.run(for: .milliseconds(100))
        world.relay.faults.box.clear()
        phone.send("m-3")
        world.run(for: .milliseconds(100))
        #expect(client.heard.sights == ["m-2", "m-2", "m-3"])
    }

    @Test("A stanza that nothing overtakes goes after a second")
    func patience() throws {
        let (world, phone, client) = try play()
        try add(.upstreamStanza, .reorder, to: world, .times(1))
        phone.send("m-1")
        world.run(for: .milliseconds(900))
        #expect(client.heard.sights.isEmpty)
        world.run(for: .milliseconds(200))
        #expect(client.heard.sights == ["m-1"])
    }

    @Test("What is delayed is forgotten with its connection, and sent again on the next")
    func forgotten() throws {
        let (world, phone, client) = try play()
        try add(.upstreamStanza, .delay(.seconds(5)), to: world, .times(1))
        phone.send("m-1")
        world.run(for: .milliseconds(100))
        client.write("</stream:stream>")
        world.run(for: .seconds(1))
        let other = world.wire()
        world.run(for: .seconds(10))
        #expect(client.heard.sights == ["end"])
        #expect(other.heard.sights == ["m-1"])
        #expect(world.relay.openConnections == 2)
    }

    @Test("A settled message names the fault that delayed its ACK, and that the ACK")
    func causes() throws {
        let (world, phone, client) = try play()
        try add(.upstreamAck, .delay(.seconds(2)), to: world)
        phone.send("m-1")
        world.run(for: .milliseconds(100))
        acknowledge("m-1", phone, client)
        world.run(for: .seconds(3))
        let settled = try #require(world.events(.messageState).last)
        #expect(settled.state == .settled)
        #expect(
            Array(world.causes(of: settled).prefix(3)) == [.messageState, .fault, .upstreamAck])
        #expect(world.events(.upstreamAck).count == 1)
    }

    @Test("A silent connection is one to the relay until the relay ends")
    func silent() throws {
        let (world, phone, client) = try play()
        try add(.upstreamStanza, .silent, to: world, .times(1))
        for id in ["m-1", "m-2"] {
            phone.send(id)
            world.run(for: .seconds(1))
        }
        #expect(world.states(of: "m-2").last == .inFlight)
        acknowledge("m-1", phone, client)
        client.write("</stream:stream>")
        world.run(for: .seconds(15))
        #expect(world.states(of: "m-1").last == .inFlight)
        #expect(client.heard.state == .open)
        var hasEnded = false
        world.relay.shutDown { hasEnded = true }
        world.run(for: .seconds(60))
        #expect(hasEnded)
        #expect(client.heard.state == .reset)
        #expect(client.heard.sights.isEmpty)
    }
}
