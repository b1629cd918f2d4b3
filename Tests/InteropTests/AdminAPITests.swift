import Foundation
import RealPrograms
import Testing

/// schemathesis, as `make interop` prepares it; on a continuous-integration machine it must be there.
private enum APITester {
    static let path = ForeignLibrary.root + "/.build/python/bin/schemathesis"

    static let isPrepared =
        ProcessInfo.processInfo.environment["CI"] != nil
        || FileManager.default.isExecutableFile(atPath: path)
}

@Suite(
    "The admin API, as a tester sees it that nobody here wrote",
    .enabled(
        if: APITester.isPrepared, "no .build/python here: `make interop` prepares it"))
struct AdminAPITests {
    /// Stopping the relay would end the test, and the stream of events has no end.
    private static let left = ["--exclude-path", "/v1/stop", "--exclude-path", "/v1/events"]

    private static let checks = [
        "not_a_server_error", "status_code_conformance", "content_type_conformance",
        "response_schema_conformance", "response_headers_conformance", "unsupported_method",
    ]

    @Test("schemathesis finds nothing in three thousand cases, and the relay goes on")
    func schemathesis() async throws {
        let state = try TemporaryDirectory()
        let environment = ["XDG_STATE_HOME": state.path]
        let relay = try await RelayProgram(["--store", ":memory:"], environment: environment)
        let device = try DeviceProgram(["send", "--data", "hello=world"], environment: environment)
        #expect(try await device.program.exitStatus() == 0)
        let python = ForeignLibrary.root + "/Tests/Interop/python"
        let tester = try RealProgram(
            path: APITester.path,
            [
                "run", ForeignLibrary.root + "/docs/admin-api.yaml",
                "--url", "http://127.0.0.1:\(relay.endpoints.admin)",
                "--checks", Self.checks.joined(separator: ","),
                "--phases", "examples,coverage,fuzzing", "--max-examples", "130",
                // One thread: Python 3.11 cannot parse its own source in two at once.
                "--seed", "1", "--workers", "1", "--no-color",
                "--generation-database", "none",
            ] + Self.left,
            environment: [
                "SCHEMATHESIS_HOOKS": "admin_api_hooks", "PYTHONPATH": python,
                "PYTHONDONTWRITEBYTECODE": "1", "HOME": state.path,
            ])
        let status = try await tester.exitStatus(within: .seconds(600))
        let report = tester.linesSoFar.joined(separator: "\n")
        #expect(status == 0, "\(report.suffix(4_000))")
        let cases = report.firstMatch(of: #/(\d+) generated, (\d+) passed/#)
        #expect((cases.flatMap { Int($0.1) } ?? 0) >= 3_000, "\(report.suffix(1_000))")
        #expect(try await LocalHTTP.get("/readyz", port: relay.endpoints.admin).status == 200)
    }
}
