import Foundation
import GCMAppServer
import GCMDevice
import GCMTestSupport
import Testing

@Suite("A relay inside a test", .serialized)
struct TestRelayTests {
    /// Runs an app server while `work` is done.
    private func serving<Result: Sendable>(
        _ relay: TestRelay, _ acknowledgement: GCMAppServer.Acknowledgement,
        _ work: (GCMAppServer) async throws -> Result
    ) async throws -> Result {
        var configuration = relay.appServerConfiguration
        configuration.acknowledgement = acknowledgement
        configuration.firstReconnectDelay = .milliseconds(20)
        let server = try GCMAppServer(configuration)
        async let running: Void = server.run()
        do {
            let result = try await work(server)
            server.stop()
            try await running
            return result
        } catch {
            server.stop()
            try await running
            throw error
        }
    }

    @Test("A message goes all the way, and its ACK is waited for")
    func wholeRoad() async throws {
        try await TestRelay.run { relay in
            let phone = try await relay.phone(app: "com.example.courier")
            let data: GCMBundle = ["parcel": "17", "\u{e9}": "composed", "e\u{301}": "decomposed"]
            try await phone.send(data, id: "m-1")
            let waiting = try await relay.wait(for: "message_id=m-1")
            #expect(waiting.map(\.state) == [.queued])
            let message = try await serving(relay, .always) { _ in
                try await relay.waitForAck(of: "m-1")
            }
            #expect(message.state == .settled)
            #expect(message.attempts == 1)
            #expect(message.token == phone.token)
            #expect(message.category == "com.example.courier")
            #expect(message.senderID == relay.senderID)
            #expect(message["parcel"] == "17")
            #expect(message["\u{e9}"] == "composed")
            #expect(message["e\u{301}"] == "decomposed")
            #expect(message["e"] == nil)
        }
    }

    @Test("An ACK that a fault drops brings the message again")
    func retry() async throws {
        try await TestRelay.run(.init(firstRetry: .milliseconds(50))) { relay in
            try await relay.addFault(
                .init(on: .upstreamAck, do: .drop, matching: "message_id=m-1", times: 2))
            let phone = try await relay.phone()
            try await serving(relay, .always) { _ in
                try await phone.send([:], id: "m-1")
                try await phone.send([:], id: "m-2")
                #expect(try await relay.waitForAck(of: "m-1").attempts >= 3)
                try await relay.waitForAck(of: "m-2")
            }
        }
    }

    @Test("A fault that was removed bites nobody")
    func removedFaults() async throws {
        try await TestRelay.run { relay in
            let first = try await relay.addFault(.init(on: .upstreamStanza, do: .drop))
            try await relay.addFault(.init(on: .login, do: .refuse))
            try await relay.removeFault(first)
            try await relay.clearFaults()
            try await relay.phone().send([:], id: "m-1")
            try await serving(relay, .always) { _ in
                let message = try await relay.waitForAck(of: "m-1")
                #expect(message.attempts == 1)
            }
        }
    }

    @Test("A connection that is cut or drained is replaced, and what had no ACK comes again")
    func otherConnections() async throws {
        try await TestRelay.run { relay in
            try await relay.phone().send([:], id: "m-1")
            try await serving(relay, .byApplication) { server in
                var messages = server.messages.makeAsyncIterator()
                let first = try #require(await messages.next())
                try await relay.cutConnections()
                let second = try #require(await messages.next())
                #expect(second.connection != first.connection)
                try await relay.drain()
                second.ack()
                #expect(try await relay.waitForAck(of: "m-1").attempts >= 2)
            }
        }
    }

    @Test("A phone gets what app servers send; offline, once it is back")
    func downstream() async throws {
        try await TestRelay.run { relay in
            let phone = try await relay.phone()
            try await serving(relay, .always) { server in
                try await server.send(.init(to: .token(phone.token), data: ["n": "1"]))
                phone.goOffline()
                try await server.send(.init(to: .token(phone.token), data: ["n": "2"]))
                phone.goOnline()
                var received = phone.received.makeAsyncIterator()
                #expect(await received.next()?.getString("n") == "1")
                #expect(await received.next()?.getString("n") == "2")
            }
        }
    }

    @Test("A reset forgets what was; phones and connections stay")
    func reset() async throws {
        try await TestRelay.run { relay in
            let phone = try await relay.phone()
            try await phone.send([:], id: "m-1")
            try await relay.addFault(.init(on: .login, do: .refuse))
            try await relay.reset()
            #expect(try await relay.messages().isEmpty)
            try await phone.send([:], id: "m-2")
            _ = try await serving(relay, .always) { _ in try await relay.waitForAck(of: "m-2") }
            #expect(try await relay.messages().map(\.messageID) == ["m-2"])
        }
    }

    @Test("What did not come is explained by what came near")
    func nearMiss() async throws {
        try await TestRelay.run { relay in
            try await relay.phone().send(["parcel": "17"], id: #"m "1""#)
            let error = await #expect(throws: TestRelayError.self) {
                try await relay.waitForAck(of: #"m "1""#, timeout: .milliseconds(1))
            }
            #expect(error?.description.contains("0 messages match, not 1") == true)
            #expect(error?.description.contains(#""queued" ≠ "settled""#) == true, "\(error)")
        }
    }

    @Test("What makes no sense is refused with a reason")
    func refused() async throws {
        try await TestRelay.run { relay in
            func fails(_ hint: String, _ work: () async throws -> Void) async {
                let error = await #expect(throws: TestRelayError.self) { try await work() }
                #expect(error?.description.contains(hint) == true, "\(String(describing: error))")
            }
            await fails("makes no sense") {
                try await relay.addFault(.init(on: .login, do: .duplicate))
            }
            await fails("match") {
                try await relay.addFault(.init(on: .login, do: .drop, matching: "x y"))
            }
            await fails("times") {
                try await relay.addFault(.init(on: .login, do: .refuse, times: 0))
            }
            await fails("stat") { try await relay.wait(for: "stat=queued") }
            await fails("event") { try await relay.wait(for: "event=ack.received") }
        }
        for settings in [
            TestRelay.Settings(firstRetry: .zero), TestRelay.Settings(firstRetry: .seconds(181)),
            {
                var settings = TestRelay.Settings(); settings.senderID = "a b"; return settings
            }(),
        ] {
            await #expect(throws: TestRelayError.self) {
                try await TestRelay.run(settings) { _ in Issue.record("it runs") }
            }
        }
    }

    @Test("A phone is told why a message is refused")
    func refusedMessage() async throws {
        try await TestRelay.run { relay in
            let phone = try await relay.phone()
            let error = await #expect(throws: TestPhone.Refused.self) {
                try await phone.send(["long": String(repeating: "x", count: 5_000)], id: "m-1")
            }
            #expect(error?.error == "MessageTooBig")
        }
    }

    @MainActor
    @Test("It is used on the main actor, too")
    func mainActor() async throws {
        try await TestRelay.run { relay in
            let id = try await relay.phone().send([:])
            let message = try await relay.wait(for: "message_id=\(id)")
            #expect(message.count == 1)
        }
    }

    @Test("An app without a name has no phone; nor has anybody after the end")
    func noPhone() async throws {
        let ended = try await TestRelay.run { relay in
            await #expect(throws: (any Error).self) { try await relay.phone(app: "") }
            return relay
        }
        await #expect(throws: TestRelayError.self) { try await ended.phone() }
    }

    @Test("What the work throws comes out, and nothing is left behind")
    func throwing() async throws {
        struct Mine: Error {}
        var ca = ""
        await #expect(throws: Mine.self) {
            try await TestRelay.run { relay in
                ca = relay.authorityFile
                #expect(FileManager.default.fileExists(atPath: ca))
                throw Mine()
            }
        }
        #expect(!FileManager.default.fileExists(atPath: ca))
    }

    @Test("Two side by side have ports of their own, and only their own project logs in")
    func sideBySide() async throws {
        var other = TestRelay.Settings()
        (other.senderID, other.apiKey) = ("4711", "s3cret")
        try await TestRelay.run { one in
            try await TestRelay.run(other) { two in
                let ports = [
                    one.port, one.preprodPort, one.devicePort, two.port, two.preprodPort,
                    two.devicePort,
                ]
                #expect(Set(ports).count == 6)
                var configuration = two.appServerConfiguration
                configuration.apiKey = one.apiKey
                let server = try GCMAppServer(configuration)
                await #expect(throws: GCMAppServerError.self) { try await server.run() }
                try await two.phone().send([:], id: "m-1")
                #expect(try await one.messages().isEmpty)
                #expect(try await two.messages(where: "sender_id=4711").count == 1)
            }
        }
    }

    @Test("An app server in another process finds all it needs among the variables")
    func environment() async throws {
        try await TestRelay.run { relay in
            let environment = relay.environment
            #expect(environment["GCM_RELAY_PORT"] == "\(relay.port)")
            #expect(environment["GCM_RELAY_SENDER_ID"] == "555000111222")
            for name in ["GCM_RELAY_CA_FILE", "SSL_CERT_FILE", "NODE_EXTRA_CA_CERTS"] {
                let path = try #require(environment[name])
                let text = try String(contentsOfFile: path, encoding: .utf8)
                #expect(text.contains("BEGIN CERTIFICATE"), "\(name)")
            }
            #expect(environment["JAVA_TOOL_OPTIONS"]?.contains("trust.jks") == true)
        }
    }
}
