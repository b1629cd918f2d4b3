internal import COpenSSL

/// The one-way function for what must be recognised and not kept: security tokens of devices.
package enum SHA256 {
    /// 32 bytes.
    package static func digest(of bytes: [UInt8]) -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
        var count: UInt32 = 0
        let done = EVP_Digest(bytes, bytes.count, &digest, &count, EVP_sha256(), nil)
        precondition(done == 1, "OpenSSL is out of memory")
        return Array(digest.prefix(Int(count)))
    }
}
