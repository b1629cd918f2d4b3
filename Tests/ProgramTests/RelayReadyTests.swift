import Foundation
import RealPrograms
import Testing

@Suite("A relay that is ready says so, and ends in order")
struct RelayReadyTests {
    private let state: TemporaryDirectory

    init() throws {
        state = try TemporaryDirectory()
    }

    @Test("The ready line and the ready file have the contract's form, to the letter")
    func form() async throws {
        let file = state.file("ready")
        let relay = try await RelayProgram(in: state, ["--ready-file", file])
        let ports = relay.endpoints
        let ca = state.file("ca.pem")
        #expect(
            relay.program.linesSoFar == [
                "READY gcm-relay xmpp=127.0.0.1:\(ports.xmpp) preprod=127.0.0.1:\(ports.preprod)"
                    + " device=127.0.0.1:\(ports.device) admin=http://127.0.0.1:\(ports.admin)"
                    + " ca=\(ca) pid=\(relay.program.pid)"
            ])
        let version = try await LocalHTTP.get("/version", port: ports.admin).body
            .wholeMatch(of: /\{"name":"gcm-relay","version":"([^"]+)"\}\n/)
        let note = try String(contentsOfFile: file, encoding: .utf8)
        #expect(
            note == #"{"event":"ready","role":"gcm-relay","xmpp":{"host":"127.0.0.1","port":"#
                + #"\#(ports.xmpp)},"preprod":{"host":"127.0.0.1","port":\#(ports.preprod)},"#
                + #""device":{"host":"127.0.0.1","port":\#(ports.device)},"#
                + #""admin":"http://127.0.0.1:\#(ports.admin)","ca":"\#(ca)","#
                + #""pid":\#(relay.program.pid),"version":"\#(version?.output.1 ?? "")"}"# + "\n")
        #expect(!FileManager.default.fileExists(atPath: file + ".tmp"))
    }

    @Test("Every listener accepts once the ready line is there")
    func accepts() async throws {
        let relay = try await RelayProgram(in: state)
        #expect(try await LocalHTTP.get("/livez", port: relay.endpoints.admin).status == 200)
        #expect(try await LocalHTTP.get("/readyz", port: relay.endpoints.admin).status == 200)
        #expect(try await relay.metrics()["queued"] == 0)
    }

    @Test(
        "A signal ends it with 128 and its number, and the ready file goes",
        arguments: [(SIGTERM, Int32(143)), (SIGINT, Int32(130))])
    func signal(signal: Int32, status: Int32) async throws {
        let file = state.file("ready")
        let relay = try await RelayProgram(in: state, ["--ready-file", file])
        #expect(FileManager.default.fileExists(atPath: file))
        relay.program.send(signal)
        #expect(try await relay.program.exitStatus() == status)
        #expect(!FileManager.default.fileExists(atPath: file))
    }

    @Test("A second signal within a second is the same signal")
    func secondSignal() async throws {
        let relay = try await RelayProgram(in: state)
        relay.program.send(SIGTERM)
        relay.program.send(SIGTERM)
        #expect(try await relay.program.exitStatus() == 143)
    }

    @Test("Asked for its counters all the time, it ends all the same")
    func askedWhileItEnds() async throws {
        let relay = try await RelayProgram(in: state)
        let admin = relay.endpoints.admin
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            for _ in 1...4 {
                tasks.addTask {
                    // Until nobody listens any more.
                    while (try? await LocalHTTP.get("/metrics", port: admin)) != nil {}
                }
            }
            _ = try await LocalHTTP.get("/metrics", port: admin)
            relay.program.send(SIGTERM)
            defer { relay.program.send(SIGKILL) }
            #expect(try await relay.program.exitStatus(within: .seconds(5)) == 143)
        }
    }
}
