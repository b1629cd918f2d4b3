import Foundation
import RealPrograms
import Testing

@Suite("Man pages and completions are those of the programs")
struct ManualTests {
    private let home: TemporaryDirectory
    private let root = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    init() throws {
        home = try TemporaryDirectory()
    }

    /// All files below a folder by their paths.
    private func files(below folder: String) throws -> [String: String] {
        var files: [String: String] = [:]
        for path in try FileManager.default.subpathsOfDirectory(atPath: folder) {
            guard let bytes = FileManager.default.contents(atPath: "\(folder)/\(path)") else {
                continue
            }
            files[path] = String(decoding: bytes, as: UTF8.self)
        }
        return files
    }

    private func run(_ script: String, _ arguments: String...) async throws {
        let script = try RealProgram(
            path: root.appending(path: ".ci/\(script)").path, arguments)
        guard try await script.exitStatus() == 0 else { throw script.failure("it failed") }
    }

    /// `make test` builds the tool; other runs of the tests may not have it.
    private static let hasTool = FileManager.default.isExecutableFile(
        atPath: RealProgram.directory + "/generate-manual")

    @Test(
        "What is checked in is what the flags make",
        .enabled(if: hasTool, "swift build --product generate-manual makes it run"))
    func checkedIn() async throws {
        try await run("manual", RealProgram.directory, home.path)
        for folder in ["man", "completions"] {
            let made = try files(below: home.file(folder))
            let kept = try files(below: root.appending(path: "docs/\(folder)").path)
            #expect(made.keys.sorted() == kept.keys.sorted())
            #expect(made.count >= 3)
            let stale = made.keys.sorted().filter { made[$0] != kept[$0] }
            #expect(stale.isEmpty, "not up to date in docs/\(folder): run `make man`")
        }
    }

    @Test("Pages and completions are installed where man and the shells look")
    func installed() async throws {
        // Copies of whole programs would only cost time.
        for program in ["gcm-device", "gcm-relay", "gcm-appserver"] {
            _ = try home.write("", to: program)
        }
        try await run("install", home.path, home.file("prefix"))
        let installed = try files(below: home.file("prefix")).keys.sorted()
        #expect(
            installed == [
                "bin/gcm-appserver", "bin/gcm-device", "bin/gcm-relay",
                "share/bash-completion/completions/gcm-appserver",
                "share/bash-completion/completions/gcm-device",
                "share/bash-completion/completions/gcm-relay",
                "share/fish/vendor_completions.d/gcm-appserver.fish",
                "share/fish/vendor_completions.d/gcm-device.fish",
                "share/fish/vendor_completions.d/gcm-relay.fish",
                "share/man/man1/gcm-appserver.1", "share/man/man1/gcm-device.1",
                "share/man/man1/gcm-relay.1", "share/zsh/site-functions/_gcm-appserver",
                "share/zsh/site-functions/_gcm-device", "share/zsh/site-functions/_gcm-relay",
            ])
    }

    @Test("bash completes subcommands and flags")
    func bash() async throws {
        let completions = try RealProgram(
            path: "/bin/bash",
            [
                "-c",
                """
                source "$1"
                COMP_WORDS=(gcm-relay ser); COMP_CWORD=1; COMP_LINE='gcm-relay ser'; COMP_POINT=13
                _gcm-relay gcm-relay ser gcm-relay; echo "${COMPREPLY[@]}"; COMPREPLY=()
                COMP_WORDS=(gcm-relay serve --retry-f); COMP_CWORD=2
                COMP_LINE='gcm-relay serve --retry-f'; COMP_POINT=25
                _gcm-relay gcm-relay --retry-f serve; echo "${COMPREPLY[@]}"
                """, "bash", root.appending(path: "docs/completions/bash/gcm-relay").path,
            ])
        #expect(try await completions.exitStatus() == 0, "\(completions.talk)")
        #expect(completions.linesSoFar == ["serve", "--retry-first --retry-factor"])
    }
}
