import TLSEngine

/// The instant at which all certificates of the tests are judged: a day in 2027.
let testTime: Int64 = 1_800_000_000

/// A CA, the file that clients trust, and contexts made from them.
struct TestTrust {
    let directory: TemporaryDirectory
    let authority: CertificateAuthority
    let caFile: String

    init() throws {
        directory = try TemporaryDirectory()
        authority = try CertificateAuthority(now: testTime, machine: "test")
        caFile = try directory.write(authority.certificatePEM(), to: "ca.pem")
    }

    func identity(
        _ names: [String] = ["localhost"], from start: Int64 = testTime - 60,
        until end: Int64 = testTime + 86_400
    ) throws -> ServerIdentity {
        try authority.issue(
            names: names.compactMap(ServerName.init), validFrom: start, validUntil: end)
    }

    func clientContext(_ version: TLSVersion = .tls13) throws -> TLSContext {
        try TLSContext(
            clientTrusting: caFile, verificationTime: testTime, highestVersion: version)
    }
}
