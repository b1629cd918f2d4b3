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

    @Test(
        "Every subcommand and every flag stands there",
        arguments: [
            ("gcm-relay", ["serve", "exec", "record"]), ("gcm-appserver", ["run", "send"]),
            (
                "gcm-device",
                [
                    "run", "send", "register", "refresh-token", "unregister", "subscribe",
                    "unsubscribe", "join", "leave", "uninstall",
                ]
            ),
        ])
    func flags(program: String, subcommands: [String]) async throws {
        let overview = try await lines(program, ["--help"]).joined(separator: "\n")
        let list = overview.split(separator: "SUBCOMMANDS:").last ?? ""
        let listed = list.matches(of: #/\n  ([a-z-]+) /#).map { String($0.1) }
        // Those have subcommands of their own; docs/scenarios.md and docs/trust.md tell of them.
        #expect(
            Set(listed).subtracting(["config", "scenario", "trust"]) == Set(subcommands))
        for subcommand in subcommands {
            #expect(page.contains("`\(subcommand)") || page.contains("`\(program) \(subcommand)"))
            let help = try await lines(program, [subcommand, "--help"]).joined(separator: "\n")
            for flag in help.matches(of: /\n  (?:-\w, )?(--[a-z-]+)/) {
                #expect(page.contains("`\(flag.1)"), "\(program) \(subcommand) \(flag.1)")
            }
        }
    }
}
