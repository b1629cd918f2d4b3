import Foundation
import Testing

@testable import TLSEngine

/// The files by which clients in other languages trust the relay.
struct ClientTrustTests {
    private let files: TemporaryDirectory
    private let authority: LocalAuthority

    init() throws {
        files = try TemporaryDirectory()
        authority = try LocalAuthority(directory: files.path, now: testTime)
    }

    private func content(_ path: String) throws -> [UInt8] {
        try Array(Data(contentsOf: URL(filePath: path)))
    }

    @Test("The bundle has the system's CAs and ours, each on lines of its own")
    func bundle() throws {
        let system = try files.write(Array("-----SYSTEM-----".utf8), to: "system.crt")
        let trust = try ClientTrust(
            of: authority, systemBundles: [files.file("nowhere"), system], now: testTime)
        let ours = try content(authority.certificateFile)
        #expect(try content(trust.bundleFile) == Array("-----SYSTEM-----\n".utf8) + ours)
    }

    @Test("Without a system bundle our CA stands alone, and clients can read it")
    func alone() throws {
        let trust = try ClientTrust(of: authority, systemBundles: [], now: testTime)
        #expect(try content(trust.bundleFile) == content(authority.certificateFile))
        _ = try TLSContext(clientTrusting: trust.bundleFile)
    }

    @Test("The Java trust store holds the certificate under one alias, and ends with its checksum")
    func javaTrustStore() throws {
        let trust = try ClientTrust(of: authority, systemBundles: [], now: testTime)
        let store = try content(trust.javaTrustStoreFile)
        #expect(store.starts(with: [0xFE, 0xED, 0xFE, 0xED, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2]))
        let certificate = try authority.authority.certificate.der()
        let head = store.prefix(store.count - 20 - certificate.count)
        #expect(
            head.suffix(4)
                == withUnsafeBytes(of: UInt32(certificate.count).bigEndian, Array.init)[...])
        #expect(store.dropLast(20).suffix(certificate.count) == certificate[...])
        let salt = "changeit".utf8.flatMap { [0, $0] } + Array("Mighty Aphrodite".utf8)
        #expect(store.suffix(20) == MessageDigest.sha1(of: salt + store.dropLast(20))[...])
    }

    @Test("What is in JAVA_TOOL_OPTIONS stays there; a path with a blank is quoted")
    func environment() throws {
        let directory = files.file("with blank")
        let authority = try LocalAuthority(directory: directory, now: testTime)
        let trust = try ClientTrust(of: authority, systemBundles: [], now: testTime)
        let variables = trust.environment(javaToolOptions: "-Xmx1g")
        #expect(
            variables.map(\.name) == ["JAVA_TOOL_OPTIONS", "NODE_EXTRA_CA_CERTS", "SSL_CERT_FILE"])
        #expect(
            variables[0].value
                == "-Xmx1g -Djavax.net.ssl.trustStore='\(directory)/trust.jks' "
                + "-Djavax.net.ssl.trustStorePassword=changeit")
        #expect(variables[1].value == directory + "/ca.pem")
        #expect(variables[2].value == directory + "/trust-bundle.pem")
    }
}
