import GCMAppServer
import Logging
import RelayMachine
import ServiceLifecycle
import Testing

@Suite("Life of an app server", .timeLimit(.minutes(5)))
struct LifeTests {
    @Test("it ends in order: connections are closed, then the sequences end")
    func stop() async throws {
        let relay = try await TestRelay()
        let server = try GCMAppServer(relay.configuration())
        async let running: Void = server.run()
        await server.untilConnected()
        server.stop()
        try await running
        let rest = await server.events { _ in false }
        #expect(rest.map(\.summary) == ["disconnected 1: stopped"])
        #expect(try await relay.connections == 0)
        try await relay.shutdown()
    }

    @Test("ACKs given just before the end reach the relay, later ones are dropped")
    func acksBeforeStop() async throws {
        let relay = try await TestRelay()
        let device = try await relay.device()
        try await device.send(ids: ["in time", "late"])
        let messages = try await withServer(relay.configuration()) { server in
            let messages = await server.receive(2)
            messages.first?.ack()
            return messages
        }
        messages.last?.ack()
        let counters = try await relay.counters
        #expect(counters.settled == 1)
        #expect(counters.queued == 1)
        try await device.shutDown()
        try await relay.shutdown()
    }

    @Test("a cancelled task ends it, and a cancelled iteration ends alone")
    func cancellation() async throws {
        let relay = try await TestRelay()
        let server = try GCMAppServer(relay.configuration())
        let running = Task { try await server.run() }
        await server.untilConnected()
        let iterating = Task { await server.receive(1).count }
        iterating.cancel()
        #expect(await iterating.value == 0)
        #expect(try await relay.connections == 1)
        running.cancel()
        try await running.value
        #expect(try await relay.connections == 0)
        try await relay.shutdown()
    }

    @Test("a service group runs it and ends it gracefully")
    func serviceGroup() async throws {
        let relay = try await TestRelay()
        let server = try GCMAppServer(relay.configuration())
        let logger = Logger(label: "group") { _ in SwiftLogNoOpLogHandler() }
        let group = ServiceGroup(services: [server], logger: logger)
        async let running: Void = group.run()
        await server.untilConnected()
        await group.triggerGracefulShutdown()
        try await running
        #expect(try await relay.connections == 0)
        try await relay.shutdown()
    }

    @Test("it has one life")
    func oneLife() async throws {
        let relay = try await TestRelay()
        let server = try GCMAppServer(relay.configuration())
        server.stop()
        try await server.run()
        let error = await #expect(throws: GCMAppServerError.self) { try await server.run() }
        #expect(error?.code == .alreadyRun)
        try await relay.shutdown()
    }
}
