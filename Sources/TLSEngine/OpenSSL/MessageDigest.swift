internal import COpenSSL

/// OpenSSL's one-way functions.
package enum MessageDigest {
    /// For what must be recognised and not kept, security tokens of devices: 32 bytes.
    package static func sha256(of bytes: [UInt8]) -> [UInt8] {
        digest(of: bytes, by: EVP_sha256())
    }

    /// For formats that ask for it only: it is broken. 20 bytes.
    static func sha1(of bytes: [UInt8]) -> [UInt8] {
        digest(of: bytes, by: EVP_sha1())
    }

    private static func digest(of bytes: [UInt8], by function: OpaquePointer?) -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
        var count: UInt32 = 0
        let done = EVP_Digest(bytes, bytes.count, &digest, &count, function, nil)
        precondition(done == 1, "OpenSSL is out of memory")
        return Array(digest.prefix(Int(count)))
    }
}
