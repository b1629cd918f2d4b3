import COpenSSL
import Foundation
import TLSEngine
import Testing

/// Certificates and keys that users give us as files.
struct TrustFileTests {
    private let files: TemporaryDirectory
    private let certificate: String
    private let key: String

    init() throws {
        files = try TemporaryDirectory()
        let authority = try LocalAuthority(directory: files.path, now: testTime)
        _ = try authority.serverIdentity(now: testTime)
        (certificate, key) = (authority.serverCertificateFile, authority.serverKeyFile)
    }

    @Test("A pair of files makes a server")
    func pair() throws {
        _ = try TLSContext(server: ServerIdentity(certificateFile: certificate, keyFile: key))
    }

    @Test("A missing CA file is named, with a hint")
    func missingAuthority() throws {
        let path = files.file("nowhere/ca.pem")
        let error = #expect(throws: TrustError.missing(path: path)) {
            try TLSContext(clientTrusting: path)
        }
        #expect(error?.description.contains("\(path) does not exist; check the path") == true)
    }

    @Test("A CA file that is none is named")
    func notAnAuthority() throws {
        let text = try files.write("hello", to: "text")
        for path in [text, key] {
            #expect(throws: TrustError.notPEM(path: path, expected: "a certificate")) {
                try TLSContext(clientTrusting: path)
            }
        }
        #expect(throws: TrustError.unreadable(path: files.path, reason: "Is a directory")) {
            try TLSContext(clientTrusting: files.path)
        }
    }

    @Test("A bundle whose last certificate is cut off is refused as a whole")
    func cutOffBundle() throws {
        let good = try files.read("ca.pem")
        let path = try files.write(good + good.prefix(200), to: "bundle.pem")
        #expect(throws: TrustError.notPEM(path: path, expected: "a certificate")) {
            try TLSContext(clientTrusting: path)
        }
        _ = try TLSContext(clientTrusting: files.write(good + "\n# twice\n" + good, to: "two.pem"))
    }

    @Test("The files of a server are told apart when one of them is bad")
    func badPair() throws {
        let text = try files.write("hello", to: "text")
        let missing = files.file("missing")
        let otherKey = files.file("ca-key.pem")
        let cases: [(String, String, TrustError)] = [
            (missing, key, .missing(path: missing)),
            (certificate, missing, .missing(path: missing)),
            (text, key, .notPEM(path: text, expected: "a certificate")),
            (certificate, text, .notPEM(path: text, expected: "a private key")),
            (certificate, otherKey, .keyMismatch(certificate: certificate, key: otherKey)),
        ]
        for (certificate, key, error) in cases {
            #expect(throws: error) {
                try ServerIdentity(certificateFile: certificate, keyFile: key)
            }
        }
    }

    @Test("A key behind a passphrase is refused without asking on the terminal")
    func encryptedKey() throws {
        let path = files.file("encrypted.pem")
        let output = BIO_new_file(path, "w")
        let secret = shim_EVP_EC_gen("P-256")
        PEM_write_bio_PKCS8PrivateKey(output, secret, EVP_aes_128_cbc(), "word", 4, nil, nil)
        EVP_PKEY_free(secret)
        BIO_free(output)
        #expect(throws: TrustError.encryptedKey(path: path)) {
            try ServerIdentity(certificateFile: certificate, keyFile: path)
        }
    }
}
