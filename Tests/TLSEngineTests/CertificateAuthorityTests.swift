import TLSEngine
import Testing

struct CertificateAuthorityTests {
    @Test("A server certificate never lives longer than 397 days")
    func lifetime() throws {
        let authority = try CertificateAuthority(now: testTime, machine: "test")
        let identity = try authority.issue(
            names: [.host("localhost")], validFrom: testTime,
            validUntil: testTime + CertificateAuthority.lifetime)
        #expect(identity.validFrom == testTime)
        // Both ends count (RFC 5280 §4.1.2.5).
        #expect(identity.validUntil - identity.validFrom + 1 == 397 * 86_400)
    }

    @Test("A certificate has exactly the names asked for")
    func names() throws {
        let authority = try CertificateAuthority(now: testTime, machine: "test")
        let names = ["wrong-host.invalid", "10.1.2.3", "2001:db8::1", "*.example.com"]
        let identity = try authority.issue(
            names: names.compactMap(ServerName.init), validFrom: testTime,
            validUntil: testTime + 60)
        #expect(identity.names == names)
    }

    @Test("A machine name of any length and script fits into the subject")
    func machineNames() throws {
        for machine in ["", String(repeating: "ä", count: 300), "😀,CN=x"] {
            _ = try CertificateAuthority(now: testTime, machine: machine)
        }
    }

    @Test(
        "Server names are host names or addresses",
        arguments: [
            ("localhost", ServerName.host("localhost")), ("a_b-c.example.", .host("a_b-c.example")),
            ("*.example.com", .host("*.example.com")), ("127.0.0.1", .address("127.0.0.1")),
            ("::0001", .address("::1")), ("xn--bcher-kva.example", .host("xn--bcher-kva.example")),
        ])
    func serverName(text: String, name: ServerName) {
        #expect(ServerName(text) == name)
    }

    @Test(
        "What is neither is refused",
        arguments: [
            "", ".", "a..b", "-a", "a-", "a b", "a,DNS:b", "a:b", "bücher.example", "1.2.3",
            "1.2.3.4.5", "[::1]", "a\0b", "*", "a.*.b", "fe80::1%eth0",
            String(repeating: "a", count: 64),
        ])
    func notAServerName(text: String) {
        #expect(ServerName(text) == nil)
    }
}
