import GCMAppServer
import RelayMachine
import Testing

@Suite("Sending downstream", .timeLimit(.minutes(5)))
struct SendTests {
    /// A token that no device has.
    private static let nobody = GCMAppServer.DownstreamMessage.Target.token("nobody")

    private func configuration(of relay: TestRelay) -> GCMAppServer.Configuration {
        var configuration = relay.configuration()
        configuration.firstRetryDelay = .milliseconds(20)
        return configuration
    }

    @Test("a NACK is thrown, with its code and the message's ID")
    func refused() async throws {
        let relay = try await TestRelay()
        try await withServer(configuration(of: relay)) { server in
            let error = await #expect(throws: GCMAppServer.SendError.self) {
                try await server.send(
                    .init(to: Self.nobody, data: ["k": "v"], messageID: "d-1"))
            }
            #expect(error?.code == .refused)
            #expect(error?.messageID == "d-1")
            let nack = try #require(error?.nack)
            #expect(nack.error != .unknown(nack.error.name), "a documented code")
            #expect(error?.description.contains(nack.error.name) == true)
            #expect(error?.mayHaveBeenTaken == false)
        }
        try await relay.shutdown()
    }

    @Test("before the app server runs messages wait; all have an answer, however many they are")
    func manyAndEarly() async throws {
        let relay = try await TestRelay()
        let server = try GCMAppServer(configuration(of: relay))
        let codes = try await withThrowingTaskGroup(of: GCMAppServer.SendError.self) { group in
            for _ in 1...350 {
                group.addTask { try await failure(server, .init(to: Self.nobody)) }
            }
            let running = Task { try await server.run() }
            var errors: [GCMAppServer.SendError] = []
            for try await error in group { errors.append(error) }
            server.stop()
            try await running.value
            return errors
        }
        #expect(codes.count == 350)
        #expect(codes.allSatisfy { $0.code == .refused })
        #expect(Set(codes.map(\.messageID)).count == 350, "each got an ID of its own")
        try await relay.shutdown()
    }

    @Test("a message that no relay takes in time fails, and is not sent later")
    func timedOut() async throws {
        let relay = try await TestRelay()
        var unreachable = configuration(of: relay)
        try await relay.shutdown()
        unreachable.sendTimeout = .milliseconds(50)
        let error = try await withServer(unreachable) { server in
            try await failure(server, .init(to: Self.nobody))
        }
        #expect(error.code == .timedOut && !error.mayHaveBeenTaken)
    }

    @Test("an app server that has ended sends nothing any more, nor one that never ran")
    func stopped() async throws {
        let relay = try await TestRelay()
        let server = try await withServer(configuration(of: relay)) { $0 }
        #expect(try await failure(server, .init(to: Self.nobody)).code == .stopped)

        let idle = try GCMAppServer(configuration(of: relay))
        async let waiting = failure(idle, .init(to: Self.nobody))
        idle.stop()
        try await idle.run()
        #expect(try await waiting.code == .stopped)
        #expect(try await relay.counters.requests == 0)
        try await relay.shutdown()
    }

    @Test("a refused login fails what waits")
    func loginRefused() async throws {
        let relay = try await TestRelay()
        var configuration = configuration(of: relay)
        configuration.apiKey = "another-key"
        let server = try GCMAppServer(configuration)
        async let waiting = failure(server, .init(to: Self.nobody))
        // Handed over before the login can be refused, or found ended after it.
        _ = await #expect(throws: GCMAppServerError.self) { try await server.run() }
        let error = try await waiting
        #expect([.loginRefused, .stopped].contains(error.code))
        try await relay.shutdown()
    }

    @Test("a cancelled call ends at once, whether it waits for a connection or for its turn")
    func cancelled() async throws {
        let relay = try await TestRelay()
        let server = try GCMAppServer(configuration(of: relay))
        let waiting = Task { try await failure(server, .init(to: Self.nobody)) }
        waiting.cancel()
        let error = try await waiting.value
        #expect(error.code == .cancelled)
        #expect(error.mayHaveBeenTaken)
        try await relay.shutdown()
    }

    @Test(
        "what no relay could read is refused before it is sent",
        arguments: [
            GCMAppServer.DownstreamMessage(to: nobody, messageID: ""),
            .init(to: nobody, messageID: String(repeating: "x", count: 257)),
            .init(to: nobody, messageID: "\u{1}"),
            .init(to: nobody, data: ["k": String(repeating: "<", count: 17_000)]),
        ])
    func invalid(message: GCMAppServer.DownstreamMessage) async throws {
        let relay = try await TestRelay()
        try await withServer(configuration(of: relay)) { server in
            let invalid = try await failure(server, message)
            #expect(invalid.code == .invalidMessage)
            let next = try await failure(server, .init(to: Self.nobody))
            #expect(next.code == .refused, "the connection is as good as before")
        }
        try await relay.shutdown()
    }

    @Test("no tries are no configuration")
    func noTries() async throws {
        let relay = try await TestRelay()
        var configuration = configuration(of: relay)
        configuration.tries = 0
        let error = #expect(throws: GCMAppServerError.self) { try GCMAppServer(configuration) }
        #expect(error?.code == .invalidConfiguration)
        try await relay.shutdown()
    }
}

@Suite("Codes of a NACK")
struct NackErrorTests {
    @Test(
        "each code keeps its name, and says whether to try again",
        arguments: [
            ("INVALID_JSON", false), ("BAD_REGISTRATION", false), ("DEVICE_UNREGISTERED", false),
            ("BAD_ACK", false), ("SERVICE_UNAVAILABLE", true), ("INTERNAL_SERVER_ERROR", true),
            ("DEVICE_MESSAGE_RATE_EXCEEDED", false), ("TOPICS_MESSAGE_RATE_EXCEEDED", false),
            ("CONNECTION_DRAINING", true), ("INVALID_APNS_CREDENTIAL", false),
        ])
    func documented(name: String, isRetryable: Bool) {
        let error = GCMAppServer.NackError(name: name)
        #expect(error.name == name)
        #expect(error != .unknown(name))
        #expect(error.isRetryable == isRetryable)
    }

    @Test("an unknown code is kept, and treated like an internal error")
    func unknown() {
        let error = GCMAppServer.NackError(name: "NEVER_HEARD_OF")
        #expect(error == .unknown("NEVER_HEARD_OF"))
        #expect(error.description == "NEVER_HEARD_OF")
        #expect(error.isRetryable)
    }
}

/// Sends a message that has no ACK to expect.
private func failure(
    _ server: GCMAppServer, _ message: GCMAppServer.DownstreamMessage
) async throws -> GCMAppServer.SendError {
    do {
        let answer = try await server.send(message)
        throw Accepted(messageID: answer.messageID)
    } catch let error as GCMAppServer.SendError {
        return error
    }
}

/// The relay has taken what it should have refused.
private struct Accepted: Error {
    let messageID: String
}
