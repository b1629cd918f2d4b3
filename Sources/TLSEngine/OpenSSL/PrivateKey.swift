internal import COpenSSL

/// A private key of a certificate.
///
/// Unchecked: an `EVP_PKEY` is never changed after it was made, and its reference count is atomic.
final class PrivateKey: @unchecked Sendable {
    let handle: OpaquePointer

    /// Takes ownership.
    private init(handle: OpaquePointer) {
        self.handle = handle
    }

    deinit {
        EVP_PKEY_free(handle)
    }

    /// Makes a key on the curve P-256, which every TLS library of the last ten years accepts.
    static func makeP256() throws(TrustError) -> PrivateKey {
        OpenSSLFailure.clear()
        guard let key = shim_EVP_EC_gen("P-256") else {
            throw .openSSL(doing: "making a key", reason: OpenSSLFailure.take().text)
        }
        return PrivateKey(handle: key)
    }

    /// Reads the first private key in a PEM text; `path` is where it came from.
    init(pem: [UInt8], path: String) throws(TrustError) {
        let input = MemoryBIO(pem)
        // Without the callback OpenSSL would ask on the terminal for an encrypted key's passphrase.
        var asked = false
        let key = withUnsafeMutablePointer(to: &asked) { asked in
            PEM_read_bio_PrivateKey(
                input.handle, nil,
                { _, _, _, asked in
                    asked?.assumingMemoryBound(to: Bool.self).pointee = true
                    return -1
                }, asked)
        }
        OpenSSLFailure.clear()
        guard let key else {
            throw asked ? .encryptedKey(path: path) : .notPEM(path: path, expected: "a private key")
        }
        handle = key
    }

    func pem() throws(TrustError) -> [UInt8] {
        OpenSSLFailure.clear()
        let output = MemoryBIO()
        guard PEM_write_bio_PrivateKey(output.handle, handle, nil, nil, 0, nil, nil) == 1 else {
            throw .openSSL(doing: "writing a key", reason: OpenSSLFailure.take().text)
        }
        return output.contents()
    }
}
