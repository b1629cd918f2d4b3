/// A server's certificate chain and its key, in memory: what `TLSContext(server:)` presents.
///
/// Read once, so that a renewal on disk cannot mix an old certificate with a new key.
package struct ServerIdentity: Sendable {
    /// The server's certificate first, then the CAs between it and a root; never empty.
    let chain: [Certificate]
    let key: PrivateKey

    /// Reads PEM files, for certificates that were made elsewhere.
    package init(certificateFile: String, keyFile: String) throws(TrustError) {
        let chain = try Certificate.readAll(
            pem: TrustFile.read(certificateFile), path: certificateFile)
        let key = try PrivateKey(pem: TrustFile.read(keyFile), path: keyFile)
        guard chain[0].belongs(to: key) else {
            throw .keyMismatch(certificate: certificateFile, key: keyFile)
        }
        self.init(chain: chain, key: key)
    }

    init(chain: [Certificate], key: PrivateKey) {
        self.chain = chain
        self.key = key
    }

    /// The host names and IP addresses that a client may reach the server under.
    package var names: [String] { chain[0].names }

    /// Unix seconds.
    package var validFrom: Int64 { chain[0].validFrom }

    /// Unix seconds.
    package var validUntil: Int64 { chain[0].validUntil }
}
