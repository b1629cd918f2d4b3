internal import COpenSSL
internal import Glibc

/// An X.509 certificate (RFC 5280).
///
/// Unchecked: an `X509` is never changed after it was made, what OpenSSL caches in it is locked,
/// and its reference count is atomic.
final class Certificate: @unchecked Sendable {
    let handle: OpaquePointer

    /// Takes ownership.
    init(owning handle: OpaquePointer) {
        self.handle = handle
    }

    deinit {
        X509_free(handle)
    }

    /// Reads all certificates of a PEM text, at least one; `path` is where it came from.
    static func readAll(pem: [UInt8], path: String) throws(TrustError) -> [Certificate] {
        OpenSSLFailure.clear()
        let input = MemoryBIO(pem)
        var certificates: [Certificate] = []
        while let handle = PEM_read_bio_X509(input.handle, nil, nil, nil) {
            certificates.append(Certificate(owning: handle))
        }
        // The search always ends with an error; "no start line" is the one that means "no more".
        let end = OpenSSLFailure.take()
        guard end.library == ERR_LIB_PEM, end.reason == PEM_R_NO_START_LINE, !certificates.isEmpty
        else {
            throw .notPEM(path: path, expected: "a certificate")
        }
        return certificates
    }

    func pem() throws(TrustError) -> [UInt8] {
        OpenSSLFailure.clear()
        let output = MemoryBIO()
        guard PEM_write_bio_X509(output.handle, handle) == 1 else {
            throw .openSSL(doing: "writing a certificate", reason: OpenSSLFailure.take().text)
        }
        return output.contents()
    }

    /// DER, as RFC 5280 defines it.
    func der() throws(TrustError) -> [UInt8] {
        OpenSSLFailure.clear()
        var start: UnsafeMutablePointer<UInt8>?
        let count = i2d_X509(handle, &start)
        guard count > 0, let start else {
            throw .openSSL(doing: "writing a certificate", reason: OpenSSLFailure.take().text)
        }
        defer { CRYPTO_free(start, #file, #line) }
        return [UInt8](UnsafeBufferPointer(start: start, count: Int(count)))
    }

    // MARK: - What it says

    /// Unix seconds.
    var validFrom: Int64 { Self.unixSeconds(X509_get0_notBefore(handle)) }

    /// Unix seconds.
    var validUntil: Int64 { Self.unixSeconds(X509_get0_notAfter(handle)) }

    /// May sign other certificates (basic constraints and key usage).
    var isAuthority: Bool { X509_check_ca(handle) == 1 }

    func belongs(to key: PrivateKey) -> Bool {
        defer { OpenSSLFailure.clear() }
        return X509_check_private_key(handle, key.handle) == 1
    }

    func isSigned(by authority: Certificate) -> Bool {
        defer { OpenSSLFailure.clear() }
        guard X509_check_issued(authority.handle, handle) == X509_V_OK,
            let key = X509_get0_pubkey(authority.handle)
        else { return false }
        return X509_verify(handle, key) == 1
    }

    /// DNS names and IP addresses of the subject alternative name, in the certificate's order.
    var names: [String] {
        guard let decoded = X509_get_ext_d2i(handle, NID_subject_alt_name, nil, nil) else {
            return []
        }
        let list = OpaquePointer(decoded)
        defer { GENERAL_NAMES_free(list) }
        return (0..<shim_sk_GENERAL_NAME_num(list)).compactMap { index in
            shim_sk_GENERAL_NAME_value(list, index).flatMap(Self.text)
        }
    }

    private static func text(of name: UnsafeMutablePointer<GENERAL_NAME>) -> String? {
        switch name.pointee.type {
        case GEN_DNS: String(decoding: bytes(of: name.pointee.d.dNSName), as: UTF8.self)
        case GEN_IPADD: IPAddress(bytes: bytes(of: name.pointee.d.iPAddress))?.text
        default: nil
        }
    }

    private static func bytes(of string: UnsafePointer<ASN1_STRING>?) -> [UInt8] {
        guard let string, let start = ASN1_STRING_get0_data(string) else { return [] }
        return [UInt8](UnsafeBufferPointer(start: start, count: Int(ASN1_STRING_length(string))))
    }

    private static func unixSeconds(_ time: UnsafePointer<ASN1_TIME>?) -> Int64 {
        var fields = tm()
        guard ASN1_TIME_to_tm(time, &fields) == 1 else { return 0 }
        return Int64(timegm(&fields))
    }
}
