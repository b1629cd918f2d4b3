import RealPrograms
import Testing

@Suite("gcm-relay serve --faults")
struct ServeFaultsTests {
    private let home: TemporaryDirectory

    init() throws {
        home = try TemporaryDirectory()
    }

    private var environment: [String: String] { ["XDG_STATE_HOME": home.path] }

    @Test("The faults of the file bite from the start, and the log says that there are some")
    func inForce() async throws {
        let file = try home.write(
            "- {on: downstream.answer, do: nack, code: DEVICE_UNREGISTERED, times: 1}\n",
            to: "faults.yaml")
        let relay = try await RelayProgram(["--faults", file], environment: environment)
        let first = try AppServerProgram(
            ["send", "--to", "nobody", "--data", "k=v", "--id", "d-1"], environment: environment)
        #expect(try await first.program.exitStatus() == 1)
        #expect(first.eventsSoFar.map(\.error) == ["DEVICE_UNREGISTERED"])
        let second = try AppServerProgram(
            ["send", "--to", "nobody", "--data", "k=v", "--id", "d-2"], environment: environment)
        #expect(try await second.program.exitStatus() == 1)
        #expect(second.eventsSoFar.map(\.error) == ["BAD_REGISTRATION"])
        let talk = relay.program.talk
        #expect(talk.contains("misbehaves on purpose: 1 fault is in force"), "\(talk)")
        #expect(talk.contains("fault 1: nack downstream.answer d-1"), "\(talk)")
    }

    @Test("A bad file is 65, with the place of each problem and a hint")
    func badFile() async throws {
        let file = try home.write(
            "- {on: upstream.akc, do: drop}\n- {on: login, do: drop, tims: 2}\n",
            to: "faults.yaml")
        let relay = try RealProgram(
            "gcm-relay", ["serve", "--port", "0", "--faults", file], environment: environment)
        #expect(try await relay.exitStatus() == 65)
        #expect(relay.linesSoFar == [])
        #expect(
            relay.talk.contains(
                "error: \(file):1:8: on \"upstream.akc\" is unknown; did you mean \"upstream.ack\"?"
            ), "\(relay.talk)")
        #expect(relay.talk.contains("error: \(file):2:25: unknown key \"tims\""), "\(relay.talk)")
    }

    @Test("No file is 65, too")
    func noFile() async throws {
        let relay = try RealProgram(
            "gcm-relay", ["serve", "--faults", home.file("none.yaml")], environment: environment)
        #expect(try await relay.exitStatus() == 65)
        #expect(relay.talk.contains("there is no such file"), "\(relay.talk)")
    }
}
