import TLSEngine
import Testing

struct ClosingTests {
    @Test(
        "Either side says goodbye, the other hears it and answers",
        arguments: [TLSVersion.tls12, .tls13], [true, false])
    func goodbye(version: TLSVersion, clientFirst: Bool) throws {
        let pair = try TLSPair(TestTrust(), version: version)
        try pair.connect()
        let (first, second) = clientFirst ? (pair.client, pair.server) : (pair.server, pair.client)
        try first.send([1])
        first.connection.shutdown()
        #expect(first.connection.state == .closing)
        #expect(!first.connection.receivedCloseNotify)
        pair.exchange()
        #expect(second.received == [1])
        #expect(second.connection.state == .peerClosed)
        #expect(second.connection.receivedCloseNotify)
        second.connection.shutdown()
        #expect(second.connection.state == .closed)
        pair.exchange()
        #expect(first.connection.state == .closed)
        for end in [first, second] {
            end.endOfStream()
            #expect(end.error == nil)
            #expect(throws: TLSError.notOpen) { try end.send([1]) }
        }
    }

    @Test("Whoever said goodbye still hears what was on its way")
    func halfClosed() throws {
        let pair = try TLSPair(TestTrust())
        try pair.connect()
        try pair.server.send([1, 2])
        pair.client.connection.shutdown()
        pair.exchange()
        #expect(pair.client.received == [1, 2])
        try pair.server.send([3])
        pair.exchange()
        #expect(pair.client.received == [1, 2, 3])
    }

    @Test("A connection that breaks is told from one that ends")
    func truncated() throws {
        let pair = try TLSPair(TestTrust())
        try pair.connect()
        pair.server.endOfStream()
        #expect(pair.server.error == .truncated(by: .client, duringHandshake: false))
        #expect(
            pair.server.connection.state
                == .failed(.truncated(by: .client, duringHandshake: false)))
        #expect(throws: TLSError.notOpen) { try pair.server.send([1]) }
    }

    @Test("A record cut short by the end of the stream is a truncation, not data")
    func truncatedRecord() throws {
        let pair = try TLSPair(TestTrust())
        try pair.connect()
        try pair.client.send([1, 2, 3])
        pair.server.receive(pair.client.connection.takeCiphertext().dropLast())
        #expect(pair.server.received == [])
        pair.server.endOfStream()
        #expect(pair.server.error == .truncated(by: .client, duringHandshake: false))
    }

    @Test("Hanging up during the handshake says so")
    func handshakeCutShort() throws {
        let pair = try TLSPair(TestTrust())
        try pair.client.connection.start()
        pair.server.receive(pair.client.connection.takeCiphertext().dropLast())
        pair.server.endOfStream()
        #expect(pair.server.error == .truncated(by: .client, duringHandshake: true))
        pair.client.endOfStream()
        #expect(pair.client.error == .truncated(by: .server, duringHandshake: true))
    }

    @Test("The peer's silence after our goodbye is no error")
    func noAnswerToGoodbye() throws {
        let pair = try TLSPair(TestTrust())
        try pair.connect()
        pair.client.connection.shutdown()
        pair.client.endOfStream()
        #expect(pair.client.error == nil)
        #expect(pair.client.connection.state == .closed)
    }

    @Test("Shut down during the handshake, nothing is sent and nothing more is read")
    func shutdownInHandshake() throws {
        let pair = try TLSPair(TestTrust())
        try pair.client.connection.start()
        pair.server.connection.shutdown()
        pair.exchange()
        #expect(pair.server.connection.state == .closed)
        #expect(pair.client.connection.state == .handshaking)
    }
}
