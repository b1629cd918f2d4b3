import Foundation
import Synchronization

/// Ports that a server may leave and take again.
///
/// A port that the system chooses lies where the system also takes those of outgoing connections:
/// while the server is away, a client that tries to reach it, or anybody else, may be given it.
package enum LastingPort {
    /// Below every range that the system chooses from by default.
    private static let range = 10_000..<30_000

    /// Each process counts from a place of its own, so that no two tests are given the same port.
    private static let next = Mutex(Int(getpid()) * 61)

    /// A port that is free now on 127.0.0.1, and that nobody else is given.
    package static func pick() -> Int {
        while true {
            let count = next.withLock { next in
                next += 1
                return next
            }
            let port = range.lowerBound + count % range.count
            if isFree(port) { return port }
        }
    }

    private static func isFree(_ port: Int) -> Bool {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(port).bigEndian)
        address.sin_addr.s_addr = in_addr_t(INADDR_LOOPBACK).bigEndian
        return withUnsafePointer(to: address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
    }
}
