import TLSEngine
import Testing

struct VerificationTests {
    @Test(
        "A server is accepted under each name that its certificate has",
        arguments: ["localhost", "LOCALHOST", "localhost.", "127.0.0.1", "::1", "0:0:0:0:0:0:0:1"])
    func accepted(name: String) throws {
        let trust = try TestTrust()
        let pair = try TLSPair(
            trust, identity: trust.identity(["localhost", "127.0.0.1", "::1"]), hostName: name)
        try pair.connect()
        #expect(pair.client.connection.state == .open)
    }

    @Test(
        "A certificate for another name or address is refused, and the peer is told",
        arguments: ["gcm.googleapis.com", "127.0.0.2", "::2", "host"])
    func wrongName(name: String) throws {
        let trust = try TestTrust()
        let pair = try TLSPair(
            trust, identity: trust.identity(["localhost", "127.0.0.1", "::1"]), hostName: name)
        try pair.connect()
        let refused = TLSError.certificate(
            .wrongName(wanted: name, certified: ["localhost", "127.0.0.1", "::1"]))
        #expect(pair.client.error == refused)
        #expect(pair.client.connection.state == .failed(refused))
        #expect(pair.server.error == .alert(.badCertificate, from: .client))
        #expect(refused.description.contains("--name \(name)"))
    }

    @Test("An address is looked for among the addresses, never taken for a name")
    func addressIsNoName() throws {
        let trust = try TestTrust()
        let pair = try TLSPair(
            trust, identity: trust.identity(["host.example"]), hostName: "127.0.0.1")
        try pair.connect()
        #expect(
            pair.client.error
                == .certificate(.wrongName(wanted: "127.0.0.1", certified: ["host.example"])))
    }

    @Test(
        "A server of another CA is refused, and it understands why",
        arguments: [
            TLSVersion.tls12, .tls13,
        ])
    func unknownAuthority(version: TLSVersion) throws {
        let stranger = try CertificateAuthority(now: testTime, machine: "elsewhere")
        let identity = try stranger.issue(
            names: [.host("localhost")], validFrom: testTime, validUntil: testTime + 1000)
        let pair = try TLSPair(TestTrust(), identity: identity, version: version)
        try pair.connect()
        #expect(pair.client.error == .certificate(.unknownAuthority))
        #expect(pair.server.error == .alert(.unknownAuthority, from: .client))
        #expect(pair.server.error?.description.contains("refused our certificate") == true)
    }

    @Test("A CA of the same name with another key signs nothing that is accepted")
    func sameNameOtherKey() throws {
        let impostor = try CertificateAuthority(now: testTime, machine: "test")
        let identity = try impostor.issue(
            names: [.host("localhost")], validFrom: testTime, validUntil: testTime + 1000)
        let pair = try TLSPair(TestTrust(), identity: identity)
        try pair.connect()
        #expect(pair.client.error == .certificate(.unknownAuthority))
    }

    @Test("An expired certificate is refused with the day")
    func expired() throws {
        let trust = try TestTrust()
        let identity = try trust.identity(from: testTime - 200_000, until: testTime - 100_000)
        let pair = try TLSPair(trust, identity: identity)
        try pair.connect()
        #expect(pair.client.error == .certificate(.expired(on: "2027-01-14")))
        #expect(pair.server.error == .alert(.certificateExpired, from: .client))
    }

    @Test("A certificate of the future is refused with the day")
    func notYetValid() throws {
        let trust = try TestTrust()
        let pair = try TLSPair(
            trust,
            identity: trust.identity(from: testTime + 86_400 * 20, until: testTime + 86_400 * 30))
        try pair.connect()
        #expect(pair.client.error == .certificate(.notYetValid(before: "2027-02-04")))
    }

    @Test("Without a given time the machine's clock judges")
    func wallClock() throws {
        let trust = try TestTrust()
        let longAgo = try trust.identity(from: 1_000_000_000, until: 1_000_086_400)
        let pair = try TLSPair(
            client: TLSContext(clientTrusting: trust.caFile), server: TLSContext(server: longAgo))
        try pair.connect()
        #expect(pair.client.connection.state != .open)
    }

    @Test("A refused server gets not a byte of data and hands over none")
    func nothingLeaks() throws {
        let trust = try TestTrust()
        let pair = try TLSPair(trust, hostName: "elsewhere.example")
        try pair.connect()
        #expect(throws: TLSError.notOpen) { try pair.client.send([1]) }
        try? pair.server.send([1])
        pair.exchange()
        #expect(pair.client.received == [])
        #expect(pair.server.received == [])
    }
}
