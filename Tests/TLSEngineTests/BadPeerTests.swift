import COpenSSL
import TLSEngine
import Testing

/// What comes to the port besides well-behaved TLS.
struct BadPeerTests {
    @Test(
        "Plain text on the TLS port is called that, and answered with an alert",
        arguments: [
            (
                "<stream:stream to='gcm.googleapis.com' version='1.0'>",
                "<stream:stream to='gcm.googleapis.com' v…"
            ),
            ("<", "<"), ("GET /metrics HTTP/1.1\r\nHost: localhost\r\n", "GET /metrics HTTP/1.1"),
            ("\r\n", ""),
        ])
    func plainText(text: String, beginning: String) throws {
        let server = try TLSEnd(TLSContext(server: TestTrust().identity()), .server)
        server.receive(Array(text.utf8))
        #expect(server.error == .plainText(from: .client, beginning: beginning))
        #expect(server.error?.description.contains("plain text on the TLS port: ") == true)
        #expect(server.connection.takeCiphertext() == [0x15, 3, 1, 0, 2, 2, 10])
        server.receive(Array(text.utf8))
        #expect(server.connection.pendingCiphertext == 0)
    }

    @Test("A client that reaches a plain-text port says so")
    func plainTextServer() throws {
        let client = try TLSEnd(TestTrust().clientContext(), .client(hostName: "localhost"))
        try client.connection.start()
        client.receive(Array("HTTP/1.1 400 Bad Request\r\n".utf8))
        #expect(client.error == .plainText(from: .server, beginning: "HTTP/1.1 400 Bad Request"))
    }

    @Test(
        "A client with old versions only is told apart, whole or byte by byte",
        arguments: [(UInt8(0), "SSL 3.0"), (1, "TLS 1.0"), (2, "TLS 1.1")], [1, 1000])
    func outdated(version: (minor: UInt8, name: String), fragment: Int) throws {
        let server = try TLSEnd(TLSContext(server: TestTrust().identity()), .server)
        var hello = Self.clientHello(minorVersion: version.minor)[...]
        while !hello.isEmpty {
            server.receive(Array(hello.prefix(fragment)))
            hello = hello.dropFirst(fragment)
        }
        #expect(server.error == .outdatedProtocol(from: .client, offered: version.name))
        #expect(server.error?.description.contains("client offered only \(version.name)") == true)
        // A fatal protocol_version alert; SSL 3.0 has none and gets a handshake_failure.
        let alert: UInt8 = version.minor == 0 ? 40 : 70
        #expect(server.connection.takeCiphertext().suffix(2) == [2, alert])
    }

    @Test("Bytes that are neither TLS nor text are refused")
    func garbage() throws {
        let server = try TLSEnd(TLSContext(server: TestTrust().identity()), .server)
        server.receive([UInt8](repeating: 0xFF, count: 64))
        #expect(server.error == .notTLS(from: .client))
    }

    @Test("A garbled record ends an open connection with an alert; what came before is kept")
    func garbledRecord() throws {
        let pair = try TLSPair(TestTrust())
        try pair.connect()
        try pair.client.send([1, 2, 3])
        let good = pair.client.connection.takeCiphertext()
        try pair.client.send([4, 5, 6])
        var bad = pair.client.connection.takeCiphertext()
        bad[bad.count - 1] ^= 1
        pair.server.receive(good + bad)
        #expect(pair.server.received == [1, 2, 3])
        guard case .protocolViolation(by: .client, _) = pair.server.error else {
            Issue.record("\(String(describing: pair.server.error))")
            return
        }
        pair.exchange()
        #expect(pair.client.error == .alert(TLSAlert(code: 20), from: .server))
    }

    @Test("The garbage of one connection does not disturb another on the same thread")
    func errorQueuesDoNotMix() throws {
        let trust = try TestTrust()
        var healthy = try TLSPair(trust)
        healthy.fragment = 5
        let context = try TLSContext(server: trust.identity())
        try healthy.client.connection.start()
        for _ in 0..<50 {
            try TLSEnd(context, .server).receive([UInt8](repeating: 0xFF, count: 64))
            // Fails, and leaves that in the error queue, as another user of the thread may.
            SSL_CTX_use_certificate(nil, nil)
            healthy.carry(from: healthy.client, to: healthy.server)
            SSL_CTX_use_certificate(nil, nil)
            healthy.carry(from: healthy.server, to: healthy.client)
            if healthy.client.connection.handshakeCompleted { try healthy.client.send([1]) }
        }
        #expect(healthy.client.error == nil)
        #expect(healthy.server.error == nil)
        #expect(healthy.server.received.count > 40)
    }

    /// As a client of that version sends it: one cipher, no extensions.
    static func clientHello(minorVersion: UInt8) -> [UInt8] {
        let random = [UInt8](repeating: 0x55, count: 32)
        let body = [3, minorVersion] + random + [0, 0, 2, 0, 0x2F, 1, 0]
        let handshake = [1, 0, 0, UInt8(body.count)] + body
        return [22, 3, min(minorVersion, 1), 0, UInt8(handshake.count)] + handshake
    }
}
