import RealPrograms
import Testing

@Suite("gcm-appserver send")
struct AppServerSendTests {
    private let home: TemporaryDirectory

    init() throws {
        home = try TemporaryDirectory()
    }

    private var environment: [String: String] { ["XDG_STATE_HOME": home.path] }

    @Test("A refusal is one line of JSON and exit code 1")
    func refused() async throws {
        let relay = try await RelayProgram(environment: environment)
        let sending = try AppServerProgram(
            ["send", "--to", "nobody", "--data", "hello=world", "--id", "d-1"],
            environment: environment)
        #expect(try await sending.program.exitStatus() == 1)
        let events = sending.eventsSoFar
        #expect(events.map(\.event) == ["downstream_nack"])
        #expect(events.first?.messageID == "d-1")
        #expect(events.first?.error?.isEmpty == false)
        #expect(events.first?.line.contains(#""error_description":"#) == true)
        _ = try await relay.metrics()
    }

    @Test("Without a relay it says so, with exit code 69")
    func noRelay() async throws {
        let relay = try await RelayProgram(environment: environment)
        try await relay.kill9()
        let sending = try AppServerProgram(
            ["send", "--to", "nobody", "--data", "hello=world"], environment: environment)
        #expect(try await sending.program.exitStatus() == 69)
        #expect(sending.eventsSoFar.isEmpty)
        #expect(sending.program.talk.contains("error: "), "\(sending.program.talk)")
    }

    @Test(
        "What is no message is a matter of usage",
        arguments: [
            ["--data", "k=v"], ["--to", "t", "--data", "k"], ["--to", "t", "--ttl", "soon"],
            ["--to", "t", "--priority", "huge"], ["--to", "t", "--timeout", "10"],
        ])
    func usage(arguments: [String]) async throws {
        let sending = try AppServerProgram(["send"] + arguments, environment: environment)
        #expect(try await sending.program.exitStatus() == 64)
    }

    @Test("An echo has its answer before --count ends the program")
    func echo() async throws {
        let relay = try await RelayProgram(environment: environment)
        let echoing = try AppServerProgram(
            ["run", "--echo", "--count", "1"], environment: environment)
        let device = try DeviceProgram(
            ["send", "--id", "m-1", "--data", "hello=world"], environment: environment)
        #expect(try await device.program.exitStatus() == 0)
        #expect(try await echoing.program.exitStatus() == 0)
        let answers = echoing.eventsSoFar.filter { $0.event.hasPrefix("downstream_") }
        #expect(answers.count == 1)
        #expect(answers.first?.messageID?.hasPrefix("echo-m-1-") == true)
        _ = try await relay.metrics(once: "settled", is: 1)
    }
}
