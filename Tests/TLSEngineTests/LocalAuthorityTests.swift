import Foundation
import TLSEngine
import Testing

struct LocalAuthorityTests {
    private let home: TemporaryDirectory
    private var state: String { home.file("state/gcm-simulator") }

    init() throws {
        home = try TemporaryDirectory()
    }

    private func open(at now: Int64 = testTime) throws -> LocalAuthority {
        try LocalAuthority(directory: state, now: now)
    }

    private func content(_ name: String) throws -> String {
        try home.read("state/gcm-simulator/" + name)
    }

    private func put(_ text: String, _ name: String) throws {
        _ = try home.write(text, to: "state/gcm-simulator/" + name)
    }

    private func remove(_ name: String) throws {
        try FileManager.default.removeItem(atPath: state + "/" + name)
    }

    @Test("The first start makes CA and server certificate, keys for this user only")
    func firstStart() throws {
        let authority = try open()
        let identity = try authority.serverIdentity(names: ["relay.example"], now: testTime)
        #expect(
            identity.names == [
                "localhost", "127.0.0.1", "::1", "gcm.googleapis.com", "gcm-xmpp.googleapis.com",
                "gcm-preprod.googleapis.com", "gcm-staging.googleapis.com", "fcm.googleapis.com",
                "fcm-xmpp.googleapis.com", "mtalk.google.com", "relay.example",
            ])
        #expect(authority.certificateFile == state + "/ca.pem")
        #expect(try home.mode(of: "state") == 0o700)
        #expect(try home.mode(of: "state/gcm-simulator") == 0o700)
        #expect(try home.mode(of: "state/gcm-simulator/ca-key.pem") == 0o600)
        #expect(try home.mode(of: "state/gcm-simulator/server-key.pem") == 0o600)
        #expect(try home.mode(of: "state/gcm-simulator/ca.pem") == 0o644)
        let names = try FileManager.default.contentsOfDirectory(atPath: state).sorted()
        #expect(names == ["ca-key.pem", "ca.pem", "lock", "server-key.pem", "server.pem"])
    }

    @Test("A client that trusts ca.pem accepts the server under every name")
    func trusted() throws {
        let authority = try open()
        let server = try TLSContext(server: authority.serverIdentity(now: testTime))
        let client = try TLSContext(
            clientTrusting: authority.certificateFile, verificationTime: testTime)
        for name in LocalAuthority.standardNames {
            let pair = try TLSPair(client: client, server: server, hostName: name)
            try pair.connect()
            #expect(pair.client.connection.state == .open, "\(name): \(pair.client.error as Any)")
        }
    }

    @Test("The next start uses what is there")
    func reuse() throws {
        _ = try open().serverIdentity(names: ["a.example"], now: testTime)
        let before = try [content("ca.pem"), content("ca-key.pem"), content("server.pem")]
        _ = try open(at: testTime + 1000).serverIdentity(now: testTime + 1000)
        #expect(try [content("ca.pem"), content("ca-key.pem"), content("server.pem")] == before)
    }

    @Test(
        "A server certificate is renewed when a name is missing or its end is near",
        arguments: [
            (["b.example"], 0, true), ([], 366 * 86_400, false), ([], 368 * 86_400, true),
            ([], 500 * 86_400, true),
        ] as [([String], Int64, Bool)])
    func renewal(names: [String], later: Int64, renewed: Bool) throws {
        let first = try open().serverIdentity(names: ["a.example"], now: testTime)
        let (ca, leaf) = try (content("ca.pem"), content("server.pem"))
        let second = try open(at: testTime + later).serverIdentity(
            names: names, now: testTime + later)
        #expect(try content("ca.pem") == ca)
        #expect(try (content("server.pem") != leaf) == renewed)
        #expect((second.validUntil != first.validUntil || second.names != first.names) == renewed)
    }

    @Test("A server certificate ends no later than its CA")
    func nearTheEnd() throws {
        _ = try open()
        let late = testTime + CertificateAuthority.lifetime - 86_400
        let identity = try open(at: late).serverIdentity(now: late)
        #expect(identity.validUntil == testTime + CertificateAuthority.lifetime)
        let leaf = try content("server.pem")
        _ = try open(at: late).serverIdentity(now: late)
        #expect(try content("server.pem") == leaf)
    }

    @Test("A server certificate of another CA, or with a foreign key, is renewed")
    func foreignLeaf() throws {
        _ = try open().serverIdentity(now: testTime)
        let strange = try LocalAuthority(directory: home.file("other"), now: testTime)
        _ = try strange.serverIdentity(now: testTime)
        for file in ["server.pem", "server-key.pem"] {
            try put(home.read("other/" + file), file)
            let identity = try open().serverIdentity(now: testTime)
            let pair = try TLSPair(
                client: TLSContext(clientTrusting: state + "/ca.pem", verificationTime: testTime),
                server: TLSContext(server: identity))
            try pair.connect()
            #expect(pair.client.connection.state == .open)
        }
    }

    @Test("A CA key without a certificate, as a crash leaves it, is used and kept")
    func crashBetweenWritings() throws {
        let identity = try open().serverIdentity(now: testTime)
        let key = try content("ca-key.pem")
        try remove("ca.pem")
        let authority = try open()
        #expect(try content("ca-key.pem") == key)
        let pair = try TLSPair(
            client: TLSContext(
                clientTrusting: authority.certificateFile, verificationTime: testTime),
            server: TLSContext(server: identity))
        try pair.connect()
        #expect(pair.client.connection.state == .open)
    }

    @Test("A CA key behind a link that leads nowhere is missed, not replaced")
    func danglingLink() throws {
        _ = try open()
        try remove("ca.pem")
        try remove("ca-key.pem")
        try FileManager.default.createSymbolicLink(
            atPath: state + "/ca-key.pem", withDestinationPath: home.file("unmounted"))
        #expect(throws: TrustError.missing(path: state + "/ca-key.pem")) { try open() }
    }

    @Test("Key files that others can read are closed to them")
    func looseMode() throws {
        _ = try open()
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o644], ofItemAtPath: state + "/ca-key.pem")
        _ = try open()
        #expect(try home.mode(of: "state/gcm-simulator/ca-key.pem") == 0o600)
    }

    @Test("A CA that cannot be used is named, and nothing of it is touched")
    func brokenAuthority() throws {
        let (ca, key) = (state + "/ca.pem", state + "/ca-key.pem")
        _ = try open().serverIdentity(now: testTime)
        let (goodCA, goodKey) = try (content("ca.pem"), content("ca-key.pem"))
        let foreignKey = try content("server-key.pem")
        let cases: [(ca: String, key: String?, error: TrustError)] = [
            ("rubbish", goodKey, .notPEM(path: ca, expected: "a certificate")),
            ("", goodKey, .notPEM(path: ca, expected: "a certificate")),
            (goodCA, "rubbish", .notPEM(path: key, expected: "a private key")),
            (goodCA, foreignKey, .keyMismatch(certificate: ca, key: key)),
            (goodCA, nil, .authorityKeyMissing(certificate: ca, key: key)),
            (try content("server.pem"), foreignKey, .notAnAuthority(path: ca)),
        ]
        for broken in cases {
            try put(broken.ca, "ca.pem")
            if let key = broken.key { try put(key, "ca-key.pem") } else { try remove("ca-key.pem") }
            #expect(throws: broken.error) { try open() }
            #expect(broken.error.description.contains(state))
            #expect(try content("ca.pem") == broken.ca)
            #expect(try broken.key == nil || content("ca-key.pem") == broken.key)
        }
    }

    @Test("A CA out of its time is not replaced unasked")
    func outOfTime() throws {
        _ = try open()
        let key = try content("ca-key.pem")
        #expect(
            throws: TrustError.authorityExpired(
                path: state + "/ca.pem", key: state + "/ca-key.pem", at: "2037-01-12")
        ) { try open(at: testTime + CertificateAuthority.lifetime) }
        #expect(
            throws: TrustError.authorityNotYetValid(path: state + "/ca.pem", from: "2027-01-15")
        ) { try open(at: testTime - 86_400) }
        #expect(try content("ca-key.pem") == key)
    }

    @Test("A broken server certificate is named, a bad extra name too")
    func brokenLeaf() throws {
        let authority = try open()
        try put("rubbish", "server.pem")
        #expect(
            throws: TrustError.notPEM(path: state + "/server.pem", expected: "a certificate")
        ) { try authority.serverIdentity(now: testTime) }
        #expect(throws: TrustError.invalidName("not a name")) {
            try authority.serverIdentity(names: ["not a name"], now: testTime)
        }
    }

    @Test("A directory that cannot be made is named")
    func noDirectory() throws {
        let file = try home.write("", to: "file")
        #expect(throws: TrustError.self) {
            try LocalAuthority(directory: file + "/state", now: testTime)
        }
    }

    @Test("Processes that start at once agree on one CA and one server certificate")
    func race() async throws {
        let directory = state
        // Threads, here: the lock belongs to the open file, so it parts them as it parts processes.
        let seen = try await withThrowingTaskGroup(of: [String].self) { group in
            for _ in 0..<16 {
                group.addTask {
                    let authority = try LocalAuthority(directory: directory, now: testTime)
                    let identity = try authority.serverIdentity(now: testTime)
                    _ = try TLSContext(server: identity)
                    return try ["ca.pem", "ca-key.pem", "server.pem", "server-key.pem"].map {
                        try String(contentsOfFile: directory + "/" + $0, encoding: .utf8)
                    }
                }
            }
            return try await group.reduce(into: Set<[String]>()) { $0.insert($1) }
        }
        #expect(seen.count == 1)
    }
}
