import Foundation
import RealPrograms
import Testing

@Suite("gcm-relay exec runs a command beside a relay")
struct ExecTests {
    private let state: TemporaryDirectory

    init() throws {
        state = try TemporaryDirectory()
    }

    /// What a script prints, and how it ended.
    private func exec(_ options: [String] = [], _ script: String) throws -> RealProgram {
        try RealProgram(
            "gcm-relay",
            ["exec", "--state-dir", state.path] + options + ["--", "sh", "-c", script])
    }

    private static func program(_ name: String) -> String { RealProgram.directory + "/" + name }

    @Test("The command finds the relay by itself: a message goes all the way")
    func wholeRoad() async throws {
        let device = Self.program("gcm-device")
        let appServer = Self.program("gcm-appserver")
        let exec = try exec(
            [],
            "\(device) send --state '\(state.file("d.db"))' --data a=b --id m-1 "
                + "&& \(appServer) run --count 1")
        #expect(try await exec.exitStatus() == 0, "\(exec.talk)")
        let events = exec.linesSoFar.compactMap(ProgramEvent.init(line:))
        #expect(events.contains { $0.event == "message_sent" && $0.messageID == "m-1" })
        #expect(events.contains { $0.event == "ack_sent" && $0.messageID == "m-1" })
    }

    @Test("It has the variables, the first project's sender ID and key among them")
    func variables() async throws {
        let exec = try exec(
            ["--project", "4711:s3cret"],
            """
            echo $GCM_RELAY_HOST $GCM_RELAY_SENDER_ID $GCM_RELAY_API_KEY $GCM_RELAY_CA_FILE
            echo $SSL_CERT_FILE $NODE_EXTRA_CA_CERTS
            echo $GCM_RELAY_PORT $GCM_RELAY_DEVICE_PORT $GCM_RELAY_ADMIN_URL
            """)
        #expect(try await exec.exitStatus() == 0)
        let ca = state.file("ca.pem")
        #expect(exec.linesSoFar.first == "127.0.0.1 4711 s3cret \(ca)")
        #expect(exec.linesSoFar.dropFirst().first == "\(state.file("trust-bundle.pem")) \(ca)")
        let last = try #require(exec.linesSoFar.last)
        #expect(last.wholeMatch(of: #/\d+ \d+ http://127\.0\.0\.1:\d+/#) != nil, "\(last)")
    }

    @Test(
        "It ends with the command's own code",
        arguments: [("exit 0", 0), ("exit 3", 3), ("kill -9 $$", 137), ("kill -TERM $$", 143)]
            as [(String, Int32)])
    func exitCode(script: String, code: Int32) async throws {
        #expect(try await exec([], script).exitStatus() == code)
    }

    @Test("What cannot be started has its shell's code, and a reason")
    func notThere() async throws {
        let exec = try RealProgram(
            "gcm-relay", ["exec", "--state-dir", state.path, "--", "no-such-program"])
        #expect(try await exec.exitStatus() == 127)
        #expect(exec.talk.contains("no-such-program cannot be started"), "\(exec.talk)")
    }

    @Test("What is there and cannot be executed has another", arguments: ["plain", "."])
    func notExecutable(name: String) async throws {
        try "no program".write(
            toFile: state.file("plain"), atomically: true, encoding: .utf8)
        let exec = try RealProgram(
            "gcm-relay", ["exec", "--state-dir", state.path, "--", state.file(name)])
        #expect(try await exec.exitStatus() == 126, "\(exec.talk)")
    }

    @Test("Without a command nothing is started")
    func usage() async throws {
        let exec = try RealProgram("gcm-relay", ["exec", "--state-dir", state.path])
        #expect(try await exec.exitStatus() == 64)
        #expect(exec.talk.contains("write it after --"), "\(exec.talk)")
    }

    @Test("Where the relay cannot start the command is not run: 69")
    func portTaken() async throws {
        let relay = try await RelayProgram(in: state)
        let exec = try exec(["--port", "\(relay.endpoints.xmpp)"], "echo begun")
        #expect(try await exec.exitStatus() == 69)
        #expect(exec.linesSoFar.isEmpty)
        let admin = try self.exec(["--admin-port", "\(relay.endpoints.admin)"], "echo begun")
        #expect(try await admin.exitStatus() == 69)
        #expect(admin.linesSoFar.isEmpty)
        #expect(admin.talk.contains("(--admin-port) is not available"), "\(admin.talk)")
    }

    @Test("Two run side by side, each with ports of its own")
    func sideBySide() async throws {
        // Each waits for the other, so that both relays are there at once.
        let script = """
            touch '\(state.path)/'$NAME; while ! test -e '\(state.path)/'$OTHER; do sleep 0.01; done
            echo $GCM_RELAY_PORT
            """
        let one = try exec([], "NAME=one OTHER=two; \(script)")
        let two = try exec([], "NAME=two OTHER=one; \(script)")
        #expect(try await one.exitStatus() == 0, "\(one.talk)")
        #expect(try await two.exitStatus() == 0, "\(two.talk)")
        #expect(Set(one.linesSoFar + two.linesSoFar).count == 2)
    }

    @Test("A signal that comes twice at once reaches the command once; its code counts")
    func signals() async throws {
        let exec = try exec(
            [], "trap 'echo int' INT; trap 'exit 7' TERM; echo ready; while :; do sleep 0.02; done")
        _ = try await exec.first("ready") { $0 == "ready" ? true : nil }
        exec.send(SIGINT)
        exec.send(SIGINT)
        _ = try await exec.first("the signal") { $0 == "int" ? true : nil }
        exec.send(SIGTERM)
        #expect(try await exec.exitStatus() == 7)
        #expect(exec.linesSoFar == ["ready", "int"])
    }

    @Test(
        "Signals that a program may take for a question are passed on, each, and nothing ends",
        arguments: [SIGQUIT, SIGUSR1, SIGUSR2])
    func passedOn(signal: Int32) async throws {
        let exec = try exec(
            [],
            "trap 'echo told' QUIT USR1 USR2; trap 'exit 7' TERM; echo ready; "
                + "while :; do sleep 0.02; done")
        _ = try await exec.first("ready") { $0 == "ready" ? true : nil }
        exec.send(signal)
        _ = try await exec.first("the signal") { $0 == "told" ? true : nil }
        exec.send(SIGTERM)
        #expect(try await exec.exitStatus() == 7)
    }

    @Test("What the command leaves running is ended, also when it does not want to")
    func orphans() async throws {
        let exec = try exec(
            [],
            """
            sleep 1000 & echo $!
            sh -c 'trap "" TERM; echo $$; touch "$0"; sleep 1000; :' '\(state.path)/trapped' &
            while ! test -e '\(state.path)/trapped'; do sleep 0.01; done
            """)
        #expect(try await exec.exitStatus() == 0)
        #expect(exec.linesSoFar.count == 2)
        for line in exec.linesSoFar {
            let pid = try #require(Int(line))
            #expect(!Self.runs(pid), "process \(pid) is left")
        }
    }

    /// False for one that has ended, though nobody may have reaped it yet.
    private static func runs(_ pid: Int) -> Bool {
        let path = "/proc/\(pid)/stat"
        guard let stat = try? String(contentsOfFile: path, encoding: .utf8) else { return false }
        return stat.split(separator: ") ").last?.first != "Z"
    }
}
