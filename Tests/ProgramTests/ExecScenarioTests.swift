import Foundation
import RealPrograms
import Testing

@Suite("gcm-relay exec plays a scenario beside its command")
struct ExecScenarioTests {
    private let state: TemporaryDirectory

    init() throws {
        state = try TemporaryDirectory()
    }

    /// A phone sends to the command's app server.
    private func scenario(
        steps: String = "", relay: String = "{}",
        expect: String = "  - relay: {message: m-1, state: settled}"
    ) throws -> String {
        try state.write(
            """
            scenario: an order for the shop under test
            seed: 7
            relay: \(relay)
            cast:
              phone: {role: device, app: com.example.courier, sender-id: "4711"}
              shop: {role: external, sender-id: "4711", api-key: secret}
            steps:
              - phone: goes-online
              - shop: connects
            \(steps)
              - phone: {sends: {id: m-1, data: {parcel: "17"}}}
            expect:
            \(expect)

            """, to: "play.yaml")
    }

    private func exec(_ options: [String], _ script: String) throws -> RealProgram {
        try RealProgram(
            "gcm-relay",
            ["exec", "--state-dir", state.path] + options + ["--", "sh", "-c", script])
    }

    private static let shop = RealProgram.directory + "/gcm-appserver run"

    @Test("The phone's message reaches the command's app server, and the phone is told: 0")
    func met() async throws {
        let play = try scenario(
            expect: """
                  - shop: {acks: m-1, times: 1}
                  - relay: {message: m-1, state: settled, attempts: 1}
                  - phone: {told: {sent: m-1}, times: 1}
                """)
        let exec = try exec(["--scenario", play], "\(Self.shop) --count 1")
        #expect(try await exec.exitStatus() == 0, "\(exec.talk)")
        #expect(exec.talk.contains("3 of 3 expectations"), "\(exec.talk)")
        let events = exec.linesSoFar.compactMap(ProgramEvent.init(line:))
        #expect(events.count == exec.linesSoFar.count)
        #expect(events.contains { $0.event == "upstream" && $0.category == "com.example.courier" })
    }

    @Test("Its app server is told by the variables who it is in the file")
    func variables() async throws {
        let exec = try exec(
            ["--scenario", try scenario()],
            "echo $GCM_RELAY_SENDER_ID $GCM_RELAY_API_KEY; \(Self.shop) --count 1 >&2")
        #expect(try await exec.exitStatus() == 0, "\(exec.talk)")
        #expect(exec.linesSoFar == ["4711 secret"])
    }

    @Test("The relay has the file's settings, and its faults bite")
    func settings() async throws {
        let play = try scenario(
            steps: "  - fault: {on: upstream.ack, do: drop, times: 1}",
            relay: "{retry: {first: 100ms, jitter: 0}, projects: {\"4711\": secret}}",
            expect: "  - relay: {message: m-1, state: settled, attempts: {at-least: 2}}")
        let exec = try exec(
            ["--scenario", play],
            // The second one is another life of the app server.
            "\(Self.shop) --api-key wrong --count 1; \(Self.shop) --count 1; \(Self.shop) --count 1"
        )
        #expect(try await exec.exitStatus() == 0, "\(exec.talk)")
    }

    @Test("A flag is stronger than the file")
    func flags() async throws {
        let play = try scenario(
            steps: "  - fault: {on: upstream.ack, do: drop, times: 1}",
            relay: "{retry: {first: 150s, jitter: 0}, redelivery: timer}",
            expect: "  - relay: {message: m-1, state: settled, attempts: {at-least: 2}}")
        let exec = try exec(
            ["--scenario", play, "--retry-first", "100ms"],
            "\(Self.shop) --count 1; \(Self.shop) --count 1")
        #expect(try await exec.exitStatus() == 0, "\(exec.talk)")
    }

    @Test("What the command does not do is explained, with 1; its own code comes first")
    func unmet() async throws {
        let play = try scenario(expect: "  - shop: {acks: m-1, times: 2}")
        var exec = try exec(["--scenario", play], "\(Self.shop) --count 1")
        #expect(try await exec.exitStatus() == 1)
        #expect(exec.talk.contains("came: once"), "\(exec.talk)")
        #expect(exec.talk.contains("exec --seed 7 "), "\(exec.talk)")
        exec = try self.exec(["--scenario", play], "\(Self.shop) --count 1; exit 3")
        #expect(try await exec.exitStatus() == 3)
    }

    @Test("A command whose app server never comes: 75")
    func nobodyCame() async throws {
        let exec = try exec(["--scenario", try scenario()], "true")
        #expect(try await exec.exitStatus() == 75)
        #expect(exec.talk.contains("shop did not come"), "\(exec.talk)")
    }

    @Test("A command that ends before a step's time: 75, though nothing else was expected")
    func endedEarly() async throws {
        let play = try scenario(
            steps: """
                  - phone: {sends: {id: m-0}}
                  - wait: 4m
                """, expect: "  - relay: {message: m-0, state: settled}")
        let exec = try exec(["--scenario", play], "\(Self.shop) --count 1")
        #expect(try await exec.exitStatus() == 75, "\(exec.talk)")
        #expect(exec.talk.contains("play.yaml:11:"), "\(exec.talk)")
    }

    @Test("Devices that the command brings along are nobody of the cast")
    func otherDevices() async throws {
        let play = try scenario(
            expect: """
                  - phone: {told: {sent: m-1}, times: 1}
                  - shop: {acks: m-2, times: 1}
                """)
        let exec = try exec(
            ["--scenario", play],
            """
            \(RealProgram.directory)/gcm-device send --timeout 60s --state '\(state.file("d.db"))' --id m-2
            \(Self.shop) --count 2
            """)
        #expect(try await exec.exitStatus() == 0, "\(exec.talk)")
    }

    @Test("Play and verification have a report each")
    func both() async throws {
        let verify = try state.write(
            "expect: [{relay: {message: m-1, state: settled}}]\n", to: "e.yaml")
        let exec = try exec(
            ["--scenario", try scenario(), "--verify", verify, "--report", "json"],
            "\(Self.shop) --count 1 >&2")
        #expect(try await exec.exitStatus() == 0, "\(exec.talk)")
        #expect(exec.linesSoFar.count == 2)
        #expect(exec.linesSoFar.allSatisfy { $0.contains(#""good":true"#) }, "\(exec.linesSoFar)")
        #expect(exec.talk.contains("2 scenarios: 2 ok"), "\(exec.talk)")
    }

    @Test(
        "What cannot be played beside a command is said before it is run",
        arguments: [
            ("  - relay: crashes", [], 78, "play.yaml:10:"),
            ("  - clock: {of: relay, by: 1h}", [], 78, "play.yaml:10:"),
            ("  - phone: {snds: {id: m-2}}", [], 65, "sends"),
            ("", ["--certificate", "expired"], 78, "--certificate expired"),
            ("", ["--bind", "::1"], 78, "--bind"),
        ] as [(String, [String], Int32, String)])
    func refused(step: String, options: [String], code: Int32, hint: String) async throws {
        let exec = try exec(["--scenario", try scenario(steps: step)] + options, "echo begun")
        #expect(try await exec.exitStatus() == code)
        #expect(exec.talk.contains(hint), "\(exec.talk)")
        #expect(exec.linesSoFar.isEmpty)
    }
}
