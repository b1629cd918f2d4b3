import Foundation
import TLSEngine

/// A CA in a directory of its own, which goes with it.
final class TestTrust: Sendable {
    let directory: String
    let authority: LocalAuthority

    init() throws {
        directory = NSTemporaryDirectory() + "gcm-device-tests-" + UUID().uuidString
        try FileManager.default.createDirectory(
            atPath: directory, withIntermediateDirectories: true)
        authority = try LocalAuthority(directory: directory + "/trust", now: Self.now)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: directory)
    }

    static var now: Int64 { Int64(Date().timeIntervalSince1970) }

    var caFile: String { authority.certificateFile }

    /// A file for a device, by its name.
    func stateFile(_ name: String = "device") -> String { "\(directory)/\(name).db" }

    func server() throws -> TLSContext {
        try TLSContext(server: authority.serverIdentity(now: Self.now))
    }

    /// A server whose certificate is for other names than ours.
    func server(for name: String) throws -> TLSContext {
        guard let name = ServerName(name) else { throw TrustError.invalidName(name) }
        return try TLSContext(
            server: authority.authority.issue(
                names: [name], validFrom: Self.now - 86_400, validUntil: Self.now + 86_400))
    }
}
