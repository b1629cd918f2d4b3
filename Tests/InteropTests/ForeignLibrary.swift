import Foundation
import RealPrograms
import Testing

/// An XMPP library that nobody here wrote, and the app server on it in `Tests/Interop`.
enum ForeignLibrary: String, CaseIterable, CustomTestStringConvertible {
    case slixmpp, libstrophe

    var testDescription: String { rawValue }

    /// Whether `make test` has prepared all of them; on a continuous-integration machine they must
    /// be there.
    static let arePrepared =
        ProcessInfo.processInfo.environment["CI"] != nil
        || allCases.allSatisfy { FileManager.default.isExecutableFile(atPath: $0.program) }

    /// Starts its app server, which sends requests as soon as it is connected, or once the relay
    /// drains.
    func appServer(
        relay: RelayProgram.Endpoints, ca: String, requests: [String] = [],
        late: String? = nil
    ) throws -> ForeignAppServer {
        ForeignAppServer(
            program: try RealProgram(
                path: program,
                script + [
                    "--host", relay.host, "--port", "\(relay.xmpp)", "--ca", ca,
                    "--sender-id", "555000111222", "--api-key", "demo-key",
                ] + (late.map { ["--late", $0] } ?? []) + requests))
    }

    static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path

    private var program: String {
        switch self {
        case .slixmpp: Self.root + "/.build/python/bin/python"
        case .libstrophe: Self.root + "/.build/interop/libstrophe"
        }
    }

    private var script: [String] {
        switch self {
        case .slixmpp: [Self.root + "/Tests/Interop/python/appserver.py"]
        case .libstrophe: []
        }
    }
}

/// Its events are the frames that came, each named after its type.
struct ForeignAppServer: EventProgram {
    let program: RealProgram
}
