import GCMAppServer
import RelayMachine
import Testing

@Suite("Connections come and go", .timeLimit(.minutes(5)))
struct ConnectionTests {
    @Test("several connections share the load, and every ACK goes out on the right one")
    func severalConnections() async throws {
        let relay = try await TestRelay()
        var configuration = relay.configuration()
        configuration.connections = 4
        var used: Set<Int> = []
        try await withServer(configuration) { server in
            await server.untilConnected(4)
            var devices: [TestDevice] = []
            for _ in 1...8 { devices.append(try await relay.device()) }
            for device in devices { try await device.send(ids: (1...25).map { "m-\($0)" }) }
            for message in await server.receive(200).shuffled() {
                used.insert(message.connection)
                message.ack()
            }
            for device in devices { try await device.shutDown() }
        }
        #expect(used == [1, 2, 3, 4])
        let counters = try await relay.counters
        #expect(counters.accepted == 200)
        #expect(counters.settled == 200)
        #expect(counters.rejectedAcknowledgements == 0)
        #expect(counters.redeliveries == 0)
        try await relay.shutdown()
    }

    @Test("a relay that comes back on its port is found again; an ACK for its last life is dropped")
    func relayRestarts() async throws {
        let relay = try await TestRelay { $0.drainGrace = .milliseconds(1) }
        let device = try await relay.device()
        try await device.send(ids: ["m"])
        try await withServer(relay.configuration()) { server in
            let first = try #require(await server.receive(1).first)
            try await relay.shutdown()
            // The next connection fails before or after the drained one is closed.
            let ending = await server.events { $0.summary == "disconnected 1: drained" }
            #expect(
                ending.map(\.summary).filter { $0.contains(" 1") }
                    == ["draining 1", "disconnected 1: drained"])
            first.ack()
            try await relay.restart()
            let second = try #require(await server.receive(1).first)
            #expect(second.attempt == 2)
            #expect(second.connection > first.connection)
            #expect(second.data == first.data)
            second.ack()
        }
        let counters = try await relay.counters
        #expect(counters.attempts == 1)
        #expect(counters.settled == 1)
        #expect(counters.rejectedAcknowledgements == 0)
        try await device.shutDown()
        try await relay.shutdown()
    }

    @Test("a drained connection is replaced at once, and is ACKed on until the relay closes it")
    func draining() async throws {
        let relay = try await TestRelay()
        let device = try await relay.device()
        try await device.send(ids: ["old-1", "old-2"])
        try await withServer(relay.configuration()) { server in
            let old = await server.receive(2)
            try await relay.drainAll()
            let replaced = await server.events { $0.summary == "connected 2" }
            #expect(replaced.map(\.summary) == ["draining 1", "connected 2"])
            try await device.send(ids: ["new"])
            let new = try #require(await server.receive(1).first)
            #expect(new.connection == 2)
            #expect(try await relay.connections == 2)
            for message in old { message.ack() }
            let closed = await server.events { $0.summary == "disconnected 1: drained" }
            #expect(
                closed.map(\.summary) == [
                    "ACKed old-1, 1 in all", "ACKed old-2, 2 in all", "disconnected 1: drained",
                ])
            new.ack()
        }
        let counters = try await relay.counters
        #expect(counters.settled == 3)
        #expect(counters.attempts == 3)
        #expect(counters.rejectedAcknowledgements == 0)
        try await device.shutDown()
        try await relay.shutdown()
    }

    @Test(
        "one of two is drained: the relay stays up, the other carries on, a third takes its place")
    func drainingOne() async throws {
        let relay = try await TestRelay()
        var configuration = relay.configuration()
        configuration.connections = 2
        try await withServer(configuration) { server in
            await server.untilConnected(2)
            var devices: [TestDevice] = []
            for _ in 1...8 { devices.append(try await relay.device()) }
            for device in devices { try await device.send(ids: ["old"]) }
            let old = await server.receive(8)
            try await relay.drainFirst()
            let replaced = await server.events { $0.summary == "connected 3" }.map(\.summary)
            let drained = try #require([1, 2].first { replaced.contains("draining \($0)") })
            #expect(replaced == ["draining \(drained)", "connected 3"])
            #expect(old.contains { $0.connection == drained }, "something is in flight on it")

            for device in devices { try await device.send(ids: ["new"]) }
            let new = await server.receive(8)
            #expect(new.allSatisfy { $0.connection != drained && $0.attempt == 1 })
            #expect(try await relay.connections == 3)
            for message in old + new { message.ack() }
            let closed = await server.events { $0.summary.hasPrefix("disconnected") }
            #expect(closed.last?.summary == "disconnected \(drained): drained")
            for device in devices { try await device.shutDown() }
        }
        let counters = try await relay.counters
        #expect(counters.settled == 16 && counters.redeliveries == 0)
        #expect(counters.rejectedAcknowledgements == 0)
        try await relay.shutdown()
    }
}
