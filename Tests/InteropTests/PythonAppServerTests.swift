import Foundation
import RealPrograms
import Testing

@Suite("An app server on an XMPP library that nobody here wrote")
struct PythonAppServerTests {
    /// What `make test` prepares; on a continuous-integration machine it must be there.
    private static let isPrepared =
        FileManager.default.isExecutableFile(atPath: python)
        || ProcessInfo.processInfo.environment["CI"] != nil

    private static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path
    private static let python = root + "/.build/python/bin/python"

    @Test(
        "slixmpp logs in over verified TLS, receives and ACKs; nothing comes twice",
        .enabled(if: isPrepared, "no .build/python here: `make test` prepares it"))
    func slixmpp() async throws {
        let state = try TemporaryDirectory()
        let relay = try await RelayProgram(in: state)
        let appServer = try RealProgram(
            path: Self.python,
            [
                Self.root + "/Tests/Interop/python/appserver.py", "--host", "127.0.0.1",
                "--port", "\(relay.endpoints.xmpp)", "--ca", relay.endpoints.ca,
                "--sender-id", "555000111222", "--api-key", "demo-key", "--count", "40",
            ])
        let device = try DeviceProgram(
            relay: relay.endpoints, app: "com.example.interop", state: state.file("device.db"),
            ["--exit-when-sent"])
        for number in 1...40 {
            device.send(line: #"{"message_id":"<\#(number)> & é","data":{"text":"\#(Self.text)"}}"#)
        }
        device.endInput()
        #expect(try await device.program.exitStatus() == 0)
        #expect(try await appServer.exitStatus() == 0, "\(appServer.failure("it failed"))")

        let metrics = try await relay.metrics()
        #expect(metrics["accepted"] == 40)
        #expect(metrics["settled"] == 40)
        #expect(metrics["redeliveries"] == 0)
        #expect(metrics["bad_acks"] == 0)
        #expect(metrics["rejected_acks"] == 0)
        let received = appServer.linesSoFar.compactMap { ProgramEvent(line: $0) }
        #expect(received.compactMap(\.messageID) == (1...40).map { "<\($0)> & é" })
        #expect(received.allSatisfy { $0.category == "com.example.interop" })
        #expect(
            received.allSatisfy { $0.line.contains(#"<a> & 'b' 😀"#) || $0.line.contains("ud83d") })
    }

    private static let text = "<a> & 'b' 😀 ]]>"
}
