import TLSEngine
import Testing

struct HandshakeTests {
    @Test(
        "Client and server agree and talk, however the bytes are cut",
        arguments: [TLSVersion.tls12, .tls13], [1, 7, 1000, Int.max])
    func talk(version: TLSVersion, fragment: Int) throws {
        var pair = try TLSPair(TestTrust(), version: version)
        pair.fragment = fragment
        try pair.connect()
        #expect(pair.client.connection.state == .open)
        #expect(pair.server.connection.state == .open)
        #expect(
            pair.client.connection.protocolVersion == (version == .tls12 ? "TLSv1.2" : "TLSv1.3"))
        #expect(pair.client.connection.cipherSuite?.contains("AES") == true)
        #expect(pair.client.connection.cipherSuite == pair.server.connection.cipherSuite)

        try pair.client.send(Array("<stream:stream>".utf8))
        pair.exchange()
        try pair.server.send(Array("<stream:features/>".utf8))
        pair.exchange()
        #expect(pair.server.received == Array("<stream:stream>".utf8))
        #expect(pair.client.received == Array("<stream:features/>".utf8))
    }

    @Test("A server writes nothing before it hears a client, and start does not hurry it")
    func serverWaits() throws {
        let pair = try TLSPair(TestTrust())
        try pair.server.connection.start()
        #expect(pair.server.connection.pendingCiphertext == 0)
        #expect(pair.server.connection.state == .handshaking)
    }

    @Test("Data that rides along with the end of the handshake is read at once")
    func earlyData() throws {
        let pair = try TLSPair(TestTrust())
        try pair.client.connection.start()
        pair.carry(from: pair.client, to: pair.server)
        pair.carry(from: pair.server, to: pair.client)
        #expect(pair.client.connection.handshakeCompleted)
        try pair.client.send([1, 2, 3])
        // The client's Finished and its data, in one read.
        pair.carry(from: pair.client, to: pair.server)
        #expect(pair.server.received == [1, 2, 3])
    }

    @Test("Nothing can be sent before the handshake is complete")
    func sendTooEarly() throws {
        let pair = try TLSPair(TestTrust())
        #expect(throws: TLSError.notOpen) { try pair.client.send([1]) }
        try pair.connect()
        try pair.client.send([1])
    }

    @Test(
        "What is no host name is refused before anything is sent", arguments: ["", "a b", "[::1]"])
    func invalidHostName(name: String) throws {
        let context = try TestTrust().clientContext()
        #expect(throws: TLSError.invalidHostName(name)) {
            try TLSConnection(context: context, role: .client(hostName: name))
        }
    }
}
