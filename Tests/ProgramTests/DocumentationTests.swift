import Foundation
import RealPrograms
import Testing

@Suite("docs/configuration.md is that of the programs")
struct DocumentationTests {
    private let page: String

    init() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        page = try String(
            contentsOf: root.appending(path: "docs/configuration.md"), encoding: .utf8)
    }

    /// What a program prints until it ends.
    private func lines(_ program: String, _ arguments: [String]) async throws -> [String] {
        let program = try RealProgram(program, arguments)
        #expect(try await program.exitStatus() == 0)
        return program.linesSoFar
    }

    @Test("Every metric stands there, and no other")
    func metrics() async throws {
        let home = try TemporaryDirectory()
        let relay = try await RelayProgram(in: home)
        let text = try await LocalHTTP.get("/metrics", port: relay.endpoints.admin).body
        let names = text.matches(of: #/# TYPE (\w+) /#).map { String($0.1) }
        let documented = page.matches(of: #/\n\| `(gcm_relay_\w+)` \| /#).map { String($0.1) }
        #expect(names.count > 20)
        #expect(documented.sorted() == names.sorted())
    }

    @Test("Every quirk of the relay stands there")
    func quirks() async throws {
        let names = try await lines("gcm-relay", ["config", "show"])
            .compactMap { $0.wholeMatch(of: /quirk\.([a-z-]+) = .*/)?.1 }
        #expect(names.count >= 20)
        for name in names { #expect(page.contains("\n| `\(name)` | `"), "\(name)") }
    }

    /// Those have subcommands of their own.
    private static let groups = [
        "config", "scenario", "trust", "messages", "connections", "journal", "trigger", "fault",
    ]

    @Test(
        "Every subcommand and every flag stands there",
        arguments: [
            ("gcm-relay", ["serve", "exec", "record", "verify", "reset", "readyz", "stop"]),
            ("gcm-relay messages", ["list", "show", "wait", "replay", "settle"]),
            ("gcm-relay connections", ["list", "cut", "drain"]),
            ("gcm-relay journal", ["tail", "export"]),
            ("gcm-relay trigger", ["upstream", "drain", "receipt"]),
            ("gcm-relay fault", ["add", "list", "remove", "clear"]),
            ("gcm-appserver", ["run", "send"]),
            (
                "gcm-device",
                [
                    "run", "send", "register", "refresh-token", "unregister", "subscribe",
                    "unsubscribe", "join", "leave", "uninstall",
                ]
            ),
        ])
    func flags(program: String, subcommands: [String]) async throws {
        let words = program.split(separator: " ").map(String.init)
        let (program, group) = (words[0], Array(words.dropFirst()))
        let overview = try await lines(program, group + ["--help"]).joined(separator: "\n")
        let list = overview.split(separator: "SUBCOMMANDS:").last ?? ""
        let listed = list.matches(of: #/\n  ([a-z-]+) /#).map { String($0.1) }
        // Those have subcommands of their own; docs/scenarios.md and docs/trust.md tell of them.
        #expect(
            Set(listed).subtracting(Self.groups) == Set(subcommands))
        for subcommand in subcommands {
            let name = ([program] + group + [subcommand]).joined(separator: " ")
            #expect(page.contains("`\(subcommand)") || page.contains("`\(name)"))
            let help = try await lines(program, group + [subcommand, "--help"]).joined(
                separator: "\n")
            for flag in help.matches(of: /\n  (?:-\w, )?(--[a-z-]+)/) {
                #expect(page.contains("`\(flag.1)"), "\(program) \(subcommand) \(flag.1)")
            }
        }
    }
}
