import Foundation
import RealPrograms
import Testing

@Suite("Device, relay and app server, each a process of its own")
struct ThreeProgramsTests {
    private let home: TemporaryDirectory

    init() throws {
        home = try TemporaryDirectory()
    }

    private var environment: [String: String] { ["XDG_STATE_HOME": home.path] }

    @Test("With defaults only, one message goes all the way")
    func defaults() async throws {
        let relay = try await RelayProgram(environment: environment)
        let appServer = try AppServerProgram(["run"], environment: environment)
        _ = try await appServer.event("connected")
        let device = try DeviceProgram(["send", "--data", "hello=world"], environment: environment)
        #expect(try await device.program.exitStatus() == 0)
        let sent = try await device.event("message_sent")
        let token = try await device.event("registered").token

        let upstream = try await appServer.event("upstream")
        #expect(upstream.messageID == sent.messageID)
        #expect(upstream.from == token)
        #expect(upstream.category == "com.example.demo")
        #expect(upstream.attempt == 1)
        #expect(upstream.line.contains(#""data":{"hello":"world"}"#), "\(upstream.line)")
        _ = try await appServer.event("ack_sent") { $0.messageID == sent.messageID }
        appServer.program.send(SIGTERM)
        #expect(try await appServer.program.exitStatus() == 143)
        let metrics = try await relay.metrics()
        #expect(metrics["accepted"] == 1)
        #expect(metrics["attempts"] == 1)
        #expect(metrics["settled"] == 1)
    }

    @Test("A device keeps its identity: the second message comes from the same token")
    func identity() async throws {
        let relay = try await RelayProgram(environment: environment)
        let appServer = try AppServerProgram(["run", "--count", "2"], environment: environment)
        for text in ["one", "two"] {
            let device = try DeviceProgram(
                ["send", "--data", "text=\(text)"], environment: environment)
            #expect(try await device.program.exitStatus() == 0)
        }
        #expect(try await appServer.program.exitStatus() == 0)
        let upstream = appServer.eventsSoFar.filter { $0.event == "upstream" }
        #expect(Set(upstream.map(\.from)).count == 1)
        #expect(Set(upstream.map(\.messageID)).count == 2)
        #expect(try await relay.metrics()["settled"] == 2)
    }

    @Test("Nobody answers: a device that sends gives up in time")
    func noRelay() async throws {
        let relay = try await RelayProgram(environment: environment)
        try await relay.kill9()
        let device = try DeviceProgram(
            ["send", "--timeout", "500ms", "--data", "hello=world"], environment: environment)
        #expect(try await device.program.exitStatus() == 75)
    }

    @Test("Without an app server messages wait in the relay, and flow when it comes")
    func flush() async throws {
        let relay = try await RelayProgram(in: home)
        let device = try device(at: relay)
        for number in 1...30 { device.send(line: #"{"message_id":"m-\#(number)","data":{}}"#) }
        device.endInput()
        #expect(try await device.program.exitStatus() == 0)
        #expect(try await relay.metrics()["queued"] == 30)

        let appServer = try AppServerProgram(relay: relay.endpoints, ["--count", "30"])
        #expect(try await appServer.program.exitStatus() == 0)
        #expect(messageIDs(appServer) == (1...30).map { "m-\($0)" }, "in the order of sending")
    }

    @Test("Killed, the relay has lost nothing that it accepted")
    func relayKilled() async throws {
        let relay = try await RelayProgram(in: home)
        let device = try device(at: relay)
        for number in 1...10 { device.send(line: #"{"message_id":"m-\#(number)","data":{}}"#) }
        _ = try await device.event("message_sent") { $0.messageID == "m-10" }
        try await relay.kill9()

        let next = try await relay.restarted()
        let appServer = try AppServerProgram(relay: next.endpoints, ["--count", "11"])
        device.send(line: #"{"message_id":"m-11","data":{}}"#)
        device.endInput()
        #expect(try await device.program.exitStatus() == 0)
        #expect(try await appServer.program.exitStatus() == 0)
        #expect(Set(messageIDs(appServer)) == Set((1...11).map { "m-\($0)" }))
        #expect(appServer.eventsSoFar.count { $0.event == "upstream" } == 11, "none came twice")
    }

    @Test("Killed, a device with a state file still sends what it had taken")
    func deviceKilled() async throws {
        let relay = try await RelayProgram(in: home)
        let first = try device(at: relay, ["--client", "ios"])
        _ = try await first.event("registered")
        try await relay.kill9()
        for number in 1...5 { first.send(line: #"{"message_id":"m-\#(number)","data":{}}"#) }
        _ = try await first.event("will_send") { $0.messageID == "m-5" }
        try await first.program.kill9()

        let next = try await relay.restarted()
        let appServer = try AppServerProgram(relay: next.endpoints, ["--count", "5"])
        let second = try device(at: next, ["--client", "ios"])
        second.endInput()
        #expect(try await second.program.exitStatus() == 0)
        #expect(try await appServer.program.exitStatus() == 0)
        #expect(messageIDs(appServer) == (1...5).map { "m-\($0)" })
    }

    @Test("Bad lines are named, and the others are sent")
    func badLines() async throws {
        let relay = try await RelayProgram(in: home)
        let device = try device(at: relay)
        device.send(line: #"{"message_id":"m-1","data":{}}"#)
        device.send(line: "not json")
        device.send(line: #"{"message_id":"m-3","data":{}}"#)
        device.endInput()
        #expect(try await device.program.exitStatus() == 65)
        #expect(device.program.talk.contains("2"), "\(device.program.talk)")
        #expect(try await relay.metrics()["accepted"] == 2)
    }

    // MARK: Helpers

    private func device(
        at relay: RelayProgram, _ arguments: [String] = []
    ) throws -> DeviceProgram {
        try DeviceProgram(
            relay: relay.endpoints, app: "com.example.test", state: home.file("device.db"),
            ["--exit-when-sent"] + arguments)
    }

    private func messageIDs(_ appServer: AppServerProgram) -> [String] {
        appServer.eventsSoFar.filter { $0.event == "upstream" }.compactMap(\.messageID)
    }
}
