import Command
import Foundation
import NetworkRuntime
import TLSEngine

/// A relay in a process of its own, kept on the first core; the load has the others.
final class RelayUnderLoad: Sendable {
    let meter: ProcessMeter
    let devices: RelayAddress
    let appServers: RelayAddress
    let admin: (host: String, port: Int)
    let tls: TLSContext
    private let child: ChildProcess

    private init(child: ChildProcess, note: ReadyNote) throws {
        self.child = child
        meter = ProcessMeter(pid: note.pid)
        devices = RelayAddress(host: note.device.host, port: note.device.port)
        appServers = RelayAddress(host: note.xmpp.host, port: note.xmpp.port)
        guard let url = URL(string: note.admin), let host = url.host, let port = url.port else {
            throw BenchmarkError("\(note.admin) is no address")
        }
        admin = (host, port)
        tls = try TLSContext(clientTrusting: note.ca)
    }

    static func start(
        directory: String, store: String, keepalive: String = "60s", arguments: [String] = []
    ) async throws -> RelayUnderLoad {
        let readyFile = store + ".ready.json"
        let child = try ChildProcess(
            program: "gcm-relay",
            arguments: [
                "serve", "--port", "0", "--preprod-port", "0", "--device-port", "0",
                "--admin-port", "0", "--state-dir", directory, "--store", store,
                "--ready-file", readyFile, "--log-level", "error", "--keepalive", keepalive,
                // Nothing is lost here: a retry would only hide a slow relay.
                "--retry-first", "180s",
            ] + arguments)
        _ = try child.firstLine()
        guard let note = ReadyNote.read(from: readyFile) else {
            throw BenchmarkError("the relay wrote no ready file")
        }
        return try RelayUnderLoad(child: child, note: note)
    }

    func stop() async throws {
        await child.stop()
    }
}

/// Why the benchmark cannot go on.
struct BenchmarkError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
