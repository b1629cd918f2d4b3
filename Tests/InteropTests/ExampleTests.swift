import Foundation
import RealPrograms
import Testing

/// The files of `docs/examples`, as they are, by the commands that stand in their README.
@Suite(
    "The examples work",
    .enabled(
        if: ForeignLibrary.arePrepared,
        "no .build/python or .build/interop here: `make test` prepares them"))
struct ExampleTests {
    private let state: TemporaryDirectory
    private static let folder = ForeignLibrary.root + "/docs/examples"

    init() throws {
        state = try TemporaryDirectory()
    }

    /// Runs a command as a reader types it, with the programs and pytest on the path.
    private func run(_ command: String, in folder: String) throws -> RealProgram {
        let path = [RealProgram.directory, ForeignLibrary.root + "/.build/python/bin"]
        let inherited = ProcessInfo.processInfo.environment["PATH"] ?? ""
        return try RealProgram(
            path: "/bin/sh", ["-c", "cd '\(Self.folder)/\(folder)' && \(command)"],
            environment: [
                "PATH": (path + [inherited]).joined(separator: ":"),
                "XDG_STATE_HOME": state.path, "TMPDIR": state.path,
                // What a test leaves must not lie among the files.
                "PYTHONDONTWRITEBYTECODE": "1", "PYTEST_ADDOPTS": "-p no:cacheprovider",
            ])
    }

    /// The command of an example, as its file says it and the README has it.
    private func command(_ file: String) throws -> String {
        let text = try String(contentsOfFile: Self.folder + "/" + file, encoding: .utf8)
        let readme = try String(contentsOfFile: Self.folder + "/README.md", encoding: .utf8)
        let match = try #require(text.firstMatch(of: #/gcm-relay exec [^"\n]*/#))
        let command = String(match.output)
        #expect(readme.contains(command), "\(command)")
        return command
    }

    @Test(
        "An order whose ACK is lost comes twice, and is booked once",
        arguments: [
            ("pytest", "test_shop.py"), ("java", "ShopTest.java"), ("scenario", "lost-ack.yaml"),
        ])
    func lostACK(folder: String, file: String) async throws {
        let command = try command("\(folder)/\(file)")
        let example = try run(command, in: folder)
        let status = try await example.exitStatus(within: .seconds(180))
        #expect(status == 0, "\(example.failure("the example fails"))")
    }

    @Test("They refuse a certificate that nobody has signed")
    func untrusted() async throws {
        let command = try command("java/ShopTest.java")
            .replacing("exec", with: "exec --certificate untrusted")
        let example = try run(command, in: "java")
        #expect(try await example.exitStatus(within: .seconds(180)) == 1)
        #expect(example.talk.contains("CertPath"), "\(example.talk)")
    }
}
