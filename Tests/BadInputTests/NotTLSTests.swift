import Logging
import NIOCore
import NetworkRuntime
import Nodes
import RelayService
import Testing

/// Peers that never come as far as XMPP.
struct NotTLSTests {
    /// Which port of the relay is meant.
    enum Door: CaseIterable, Sendable {
        case appServers
        case devices

        func port(of relay: TestRelay) -> Int {
            self == .appServers ? relay.ports.xmpp : relay.ports.device
        }
    }

    struct Opening: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let bytes: [UInt8]
        /// The alert's level and code (RFC 8446 §6).
        let alert: [UInt8]
        let log: String
    }

    static let openings = [
        Opening(
            testDescription: "XMPP without TLS",
            bytes: Array(Words.header.utf8), alert: [2, 10],
            log: "plain text on the TLS port: the client began with \"<stream:stream "
                + "to=\"gcm.googleapis.com\" v…\"; it must speak TLS from the first byte, "
                + "without STARTTLS"),
        Opening(
            testDescription: "HTTP", bytes: Array("GET / HTTP/1.1\r\nHost: a\r\n\r\n".utf8),
            alert: [2, 10],
            log: "plain text on the TLS port: the client began with \"GET / HTTP/1.1\""),
        Opening(
            testDescription: "a ClientHello of TLS 1.0", bytes: clientHello(minorVersion: 1),
            alert: [2, 70],
            log: "client offered only TLS 1.0; it needs TLS 1.2 or 1.3"),
        Opening(
            testDescription: "a ClientHello of TLS 1.1", bytes: clientHello(minorVersion: 2),
            alert: [2, 70],
            log: "client offered only TLS 1.1; it needs TLS 1.2 or 1.3"),
    ]

    @Test(
        "What is not TLS 1.2 or 1.3 gets an alert and is named", arguments: openings, Door.allCases)
    func notTLS(opening: Opening, door: Door) async throws {
        try await losesNothing { relay in
            let client = try await RawClient(plainPort: door.port(of: relay))
            try await client.send(opening.bytes)
            try await client.untilClosed()
            #expect(client.bytes.count == 7)
            #expect(client.bytes.first == 0x15)
            #expect(client.bytes.suffix(2) == opening.alert)
            #expect(try await relay.logged(opening.log).level == .warning)
        }
    }

    @Test("A peer that says nothing is hung up on when the time for its handshake is over")
    func silent() async throws {
        try await losesNothing {
            $0.node.handshakeTimeout = .milliseconds(250)
        } _: { relay in
            let client = try await RawClient(plainPort: relay.ports.xmpp)
            #expect(try await client.untilClosed() == "")
            let line = try await relay.logged("no TLS handshake came in time")
            #expect(line.level == .warning)
        }
    }

    /// As a client of that version sends it: one cipher, no extensions.
    private static func clientHello(minorVersion: UInt8) -> [UInt8] {
        let random = [UInt8](repeating: 0x55, count: 32)
        let body = [3, minorVersion] + random + [0, 0, 2, 0, 0x2F, 1, 0]
        let handshake = [1, 0, 0, UInt8(body.count)] + body
        return [22, 3, 1, 0, UInt8(handshake.count)] + handshake
    }
}
