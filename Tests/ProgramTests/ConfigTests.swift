import Foundation
import RealPrograms
import Testing

@Suite("gcm-relay config shows and checks settings")
struct ConfigTests {
    private let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
    }

    private func config(
        _ arguments: [String], environment: [String: String] = [:]
    ) async throws -> (status: Int32, lines: [String], talk: String) {
        let program = try RealProgram(
            "gcm-relay", ["config"] + arguments, environment: environment)
        let status = try await program.exitStatus()
        return (status, program.linesSoFar, program.talk)
    }

    @Test("Every value is shown with its origin: flag, variable, file, profile, built in")
    func origins() async throws {
        let file = try directory.write(
            "port: 1\npreprod-port: 2\nquirk:\n  resource: unchanged\n  draining: silent\n",
            to: "relay.yaml")
        let (status, lines, _) = try await config(
            [
                "show", "--origin", "--config", file, "--profile", "docs", "--port", "3",
                "--quirk", "draining=nack-only", "--quirk", "device-rate=240/60s",
            ],
            environment: [
                "GCM_RELAY_SERVE_DEVICE_PORT": "4",
                "GCM_RELAY_SERVE_QUIRK": "unknown-ack=ignore,idle-timeout=5m",
            ])
        #expect(status == 0)
        for line in [
            "port = 3  (flag)", "preprod-port = 2  (\(file):2:15)",
            "device-port = 4  (variable GCM_RELAY_SERVE_DEVICE_PORT)",
            "admin-port = 8085  (built-in)", "admin-allow-host = -  (built-in)",
            "profile = docs  (flag)", "quirk.features-prefix = str  (profile docs)",
            "quirk.xml-declaration = absent  (built-in)",
            "quirk.resource = unchanged  (\(file):4:3)", "quirk.draining = nack-only  (flag)",
            "quirk.device-rate = 240/60s  (flag)",
            "quirk.unknown-ack = ignore  (variable GCM_RELAY_SERVE_QUIRK)",
            "quirk.idle-timeout = 300s  (variable GCM_RELAY_SERVE_QUIRK)",
        ] {
            #expect(lines.contains(line), "\(line)")
        }
    }

    @Test("Without --origin only the values are shown; API keys never are")
    func masked() async throws {
        let (status, lines, talk) = try await config(
            ["show", "--project", "4711:s3cret", "--project", "1:s3cret"])
        #expect(status == 0)
        #expect(lines.contains("project = 1:***, 4711:***"))
        #expect(lines.contains("port = 5235"))
        #expect(!(lines.joined() + talk).contains("s3cret"))
    }

    @Test("JSON: one object a line, a list as an array, what is not set as null")
    func json() async throws {
        let (_, lines, _) = try await config(["show", "--json", "--name", "a", "--name", "b"])
        for line in [
            #"{"name":"port","value":"5235","origin":"built-in"}"#,
            #"{"name":"name","value":["a","b"],"origin":"flag"}"#,
            #"{"name":"ready-file","value":null,"origin":"built-in"}"#,
            #"{"name":"quirk.draining","value":"announced","origin":"built-in"}"#,
        ] {
            #expect(lines.contains(line), "\(line)")
        }
    }

    @Test("Every flag of serve is shown, under its name")
    func complete() async throws {
        let (_, lines, _) = try await config(["show"])
        let help = try RealProgram("gcm-relay", ["serve", "--help"])
        _ = try await help.exitStatus()
        let flags = help.linesSoFar.joined(separator: "\n").matches(of: /\n  --([a-z-]+) </).map {
            String($0.output.1)
        }
        #expect(flags.count > 20)
        for flag in flags where flag != "config" && flag != "quirk" {
            #expect(lines.contains { $0.hasPrefix("\(flag) = ") }, "\(flag)")
        }
    }

    @Test(
        "A wrong quirk is named, with what is allowed and what was meant",
        arguments: [
            ("draning=silent", "unknown quirk \"draning\"", "did you mean \"draining\"?"),
            (
                "draining=silently",
                "\"silently\" is no value of draining; it has announced, nack-only, silent",
                "did you mean \"draining=silent\"?"
            ),
            ("draining", "\"draining\" is not NAME=VALUE", "such as xml-declaration=sent"),
            (
                "device-rate=many", "\"many\" is no value of device-rate; it has off, N/DURATION",
                ""
            ),
            (
                "idle-timeout=0s",
                "\"0s\" is no value of idle-timeout; it has never, DURATION", ""
            ),
        ])
    func wrongQuirk(quirk: String, problem: String, remedy: String) async throws {
        var (status, _, talk) = try await config(["show", "--quirk", quirk])
        #expect(status == 64)
        #expect(talk.contains("error: --quirk: \(problem)"), "\(talk)")
        #expect(remedy.isEmpty || talk.contains(remedy), "\(talk)")
        (status, _, talk) = try await config(
            ["show"], environment: ["GCM_RELAY_SERVE_QUIRK": quirk])
        #expect(status == 64)
        #expect(talk.contains("the variable GCM_RELAY_SERVE_QUIRK: \(problem)"), "\(talk)")
        let file = try directory.write("port: 0\nquirk: [\"\(quirk)\"]\n", to: "list.yaml")
        (status, _, talk) = try await config(["check", file])
        #expect(status == 65)
        #expect(talk.contains("error: \(file):2:9: \(problem)"), "\(talk)")
    }

    @Test(
        "A duration that comes again and again, or caps a time to live, is longer than nothing",
        arguments: [
            ("retry-first", "0s", "1ms"), ("retry-longest", "0ms", "1ms"),
            ("keepalive", "0s", "1ms"), ("ttl-cap", "999ms", "1s"), ("retry-first", "-1s", "1ms"),
        ])
    func tooShort(setting: String, value: String, least: String) async throws {
        let problem =
            "\"\(value)\" is not a number with a unit: 250ms, 30s, 5m or 24h; at least "
            + least
        for command in [["config", "show"], ["serve"]] {
            let program = try RealProgram("gcm-relay", command + ["--\(setting)=\(value)"])
            #expect(try await program.exitStatus() == 64)
            #expect(program.talk.contains("error: --\(setting): \(problem)"), "\(program.talk)")
        }
        let name = "GCM_RELAY_SERVE_" + setting.replacing("-", with: "_").uppercased()
        var (status, _, talk) = try await config(["show"], environment: [name: value])
        #expect(status == 64)
        #expect(talk.contains("the variable \(name): \(problem)"), "\(talk)")
        let file = try directory.write("\(setting): \(value)\n", to: "short.yaml")
        (status, _, talk) = try await config(["check", file])
        #expect(status == 65)
        #expect(talk.contains("error: \(file):1:\(setting.count + 3): \(problem)"), "\(talk)")
    }

    @Test("Nothing is long enough where there is no need to wait")
    func nothing() async throws {
        let (status, lines, _) = try await config(
            ["show", "--reconnect-holdback", "0s", "--drain-grace", "0s"])
        #expect(status == 0 && lines.contains("drain-grace = 0s"), "\(lines)")
    }

    @Test("A file is good, wrong at a place, or contradicts itself")
    func check() async throws {
        let good = try directory.write("port: 0\nretry-first: 2s\n", to: "good.yaml")
        var (status, lines, talk) = try await config(
            ["check", good], environment: ["GCM_RELAY_SERVE_PORT": "no number"])
        #expect(status == 0 && lines == ["\(good) is good"])
        let wrong = try directory.write("port: 0\nretry-first: soon\n", to: "wrong.yaml")
        (status, lines, talk) = try await config(["check", wrong])
        #expect(status == 65)
        #expect(talk.contains("\(wrong):2:14: \"soon\" is not a number with a unit"), "\(talk)")
        let contrary = try directory.write(
            "retry-first: 5s\nretry-longest: 1s\n", to: "contrary.yaml")
        (status, lines, talk) = try await config(["check", contrary])
        #expect(status == 78)
        #expect(
            talk.contains("error: --retry-first (5s) is longer than --retry-longest (1s)"),
            "\(talk)")
        #expect(talk.contains("--retry-first is set at \(contrary):1:14"), "\(talk)")
        #expect(talk.contains("--retry-longest is set at \(contrary):2:16"), "\(talk)")
        let open = try directory.write("bind: 0.0.0.0\n", to: "open.yaml")
        (status, lines, talk) = try await config(["check", open])
        #expect(status == 78)
        #expect(talk.contains("--project"), "\(talk)")
        #expect(talk.contains("--bind is set at \(open):1:7"), "\(talk)")
        (status, lines, talk) = try await config(
            ["show", "--retry-first", "200s"],
            environment: ["GCM_RELAY_SERVE_RETRY_LONGEST": "190s"])
        #expect(status == 78)
        #expect(talk.contains("--retry-longest is set by the variable GCM_RELAY_SERVE_"), "\(talk)")
    }

    @Test("A file that cannot be read is named, with the reason")
    func unreadable() async throws {
        let missing = directory.file("missing.yaml")
        for arguments in [["check", missing], ["show", "--config", missing]] {
            let (status, _, talk) = try await config(arguments)
            #expect(status == 65)
            #expect(
                talk.contains("error: the settings file \(missing) cannot be read: No such file"),
                "\(talk)")
            #expect(!talk.contains("see --config"))
        }
        let latin = directory.file("latin.yaml")
        try Data([0x70, 0xFC]).write(to: URL(filePath: latin))
        let (status, _, talk) = try await config(["check", latin])
        #expect(status == 65)
        #expect(talk.contains("the settings file \(latin) is not UTF-8"), "\(talk)")
    }

    @Test("A key in a file is not repeated when it is wrong")
    func wrongProject() async throws {
        let file = try directory.write("project: [\"s3cret\"]\n", to: "relay.yaml")
        let (status, _, talk) = try await config(["check", file])
        #expect(status == 65)
        #expect(talk.contains("\(file):1:11: a value is not SENDER_ID:API_KEY"), "\(talk)")
        #expect(!talk.contains("s3cret"))
    }
}
