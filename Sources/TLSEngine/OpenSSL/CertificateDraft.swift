internal import COpenSSL

/// A certificate that is being filled in and not yet signed.
struct CertificateDraft: ~Copyable {
    private let handle: OpaquePointer
    private var issuer: OpaquePointer

    /// - Parameters:
    ///   - key: whose certificate it becomes.
    ///   - validFrom: Unix seconds.
    ///   - validUntil: Unix seconds.
    init(key: PrivateKey, validFrom: Int64, validUntil: Int64) throws(TrustError) {
        OpenSSLFailure.clear()
        guard let draft = X509_new() else { throw Self.failure() }
        // Serial numbers: at most 20 bytes, positive, unpredictable (RFC 5280 §4.1.2.2).
        let serial = BN_new()
        defer { BN_free(serial) }
        guard X509_set_version(draft, Int(X509_VERSION_3)) == 1,
            BN_rand(serial, 127, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY) == 1,
            BN_to_ASN1_INTEGER(serial, X509_get_serialNumber(draft)) != nil,
            ASN1_TIME_set(X509_getm_notBefore(draft), time_t(validFrom)) != nil,
            ASN1_TIME_set(X509_getm_notAfter(draft), time_t(validUntil)) != nil,
            X509_set_pubkey(draft, key.handle) == 1
        else {
            X509_free(draft)
            throw Self.failure()
        }
        handle = draft
        issuer = draft
    }

    deinit {
        X509_free(handle)
    }

    /// The subject; the issuer too, until another one is set.
    mutating func setSubject(commonName: String) throws(TrustError) {
        // RFC 5280 appendix A bounds a common name to 64 characters.
        let bounded = String(String.UnicodeScalarView(commonName.unicodeScalars.prefix(64)))
        let subject = X509_get_subject_name(handle)
        for (field, text) in [(NID_organizationName, "GCM simulator"), (NID_commonName, bounded)] {
            let bytes = Array(text.utf8)
            guard
                X509_NAME_add_entry_by_NID(
                    subject, field, MBSTRING_UTF8, bytes, Int32(bytes.count), -1, 0) == 1
            else { throw Self.failure() }
        }
        X509_set_issuer_name(handle, subject)
    }

    mutating func setIssuer(_ authority: Certificate) {
        X509_set_issuer_name(handle, X509_get_subject_name(authority.handle))
        issuer = authority.handle
    }

    /// Adds an extension, in the words of OpenSSL's configuration files (x509v3_config(5)).
    mutating func add(_ identifier: Int32, _ value: String) throws(TrustError) {
        guard let `extension` = shim_X509V3_EXT_conf_nid(issuer, handle, identifier, value) else {
            throw Self.failure()
        }
        defer { X509_EXTENSION_free(`extension`) }
        guard X509_add_ext(handle, `extension`, -1) == 1 else { throw Self.failure() }
    }

    consuming func sign(with key: PrivateKey) throws(TrustError) -> Certificate {
        guard X509_sign(handle, key.handle, EVP_sha256()) > 0 else { throw Self.failure() }
        X509_up_ref(handle)
        return Certificate(owning: handle)
    }

    private static func failure() -> TrustError {
        .openSSL(doing: "making a certificate", reason: OpenSSLFailure.take().text)
    }
}
