import RealPrograms
import Testing

@Suite("Devices in a group, as processes of their own")
struct DeviceGroupTests {
    private let home: TemporaryDirectory

    init() throws {
        home = try TemporaryDirectory()
    }

    /// A subcommand of the device that keeps its state under this name.
    private func start(
        _ arguments: [String], of device: String, _ relay: RelayProgram
    ) throws -> DeviceProgram {
        let endpoints = relay.endpoints
        return try DeviceProgram(
            arguments + [
                "--relay", "\(endpoints.host):\(endpoints.device)", "--ca", endpoints.ca,
                "--state", home.file(device),
            ])
    }

    @Test("A member's message to the notification key reaches the other; a stranger's is refused")
    func send() async throws {
        let relay = try await RelayProgram(in: home)
        var keys: [String?] = []
        for device in ["anna", "bert"] {
            let join = try start(["join", "family"], of: device, relay)
            #expect(try await join.program.exitStatus() == 0)
            keys.append(try await join.event("group_joined").notificationKey)
        }
        let key = try #require(keys[0])
        #expect(keys[1] == key)

        let bert = try start(["run"], of: "bert", relay)
        _ = try await bert.event("online")
        let message = ["send", "--to", key, "--data", "k=v", "--id", "m-1"]
        let anna = try start(message, of: "anna", relay)
        #expect(try await anna.program.exitStatus() == 0)
        let received = try await bert.event("message_received")
        #expect(received.messageID == "m-1")
        #expect(received.line.contains(#""data":{"k":"v"}"#), "\(received.line)")

        let leave = try start(["leave", "family"], of: "anna", relay)
        #expect(try await leave.program.exitStatus() == 0)
        #expect(leave.eventsSoFar.map(\.event).contains("group_left"))
        let times = try leave.eventsSoFar.map { try #require($0.time) }
        #expect(times == times.sorted(), "each event has the time when it happened: \(times)")

        let register = try start(["register"], of: "carl", relay)
        #expect(try await register.program.exitStatus() == 0)
        let carl = try start(message, of: "carl", relay)
        #expect(try await carl.program.exitStatus() == 1)
        #expect(try await carl.event("send_error").error == "invalid_parameters")
        #expect(relay.program.talk.contains("notification key"), "\(relay.program.talk)")
    }
}
