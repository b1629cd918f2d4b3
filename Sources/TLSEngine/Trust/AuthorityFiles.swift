internal import Glibc

/// The two files of a CA. Used under the directory's lock only.
struct AuthorityFiles {
    let certificate: String
    let key: String

    func openOrMake(now: Int64) throws(TrustError) -> CertificateAuthority {
        guard TrustFile.exists(certificate) else {
            return try make(now: now)
        }
        guard TrustFile.exists(key) else {
            throw .authorityKeyMissing(certificate: certificate, key: key)
        }
        return try open(now: now)
    }

    /// A key without a certificate is what a crash between the two writings leaves: it is used,
    /// never overwritten.
    private func make(now: Int64) throws(TrustError) -> CertificateAuthority {
        let machine = CertificateAuthority.machineName()
        let authority: CertificateAuthority
        if TrustFile.exists(key) {
            authority = try CertificateAuthority(key: readKey(), now: now, machine: machine)
        } else {
            authority = try CertificateAuthority(now: now, machine: machine)
            try TrustFile.write(authority.key.pem(), to: key, mode: 0o600)
        }
        try TrustFile.write(authority.certificatePEM(), to: certificate, mode: 0o644)
        return authority
    }

    private func open(now: Int64) throws(TrustError) -> CertificateAuthority {
        let certificates = try Certificate.readAll(
            pem: TrustFile.read(certificate), path: certificate)
        let authority = CertificateAuthority(certificate: certificates[0], key: try readKey())
        guard authority.certificate.isAuthority else { throw .notAnAuthority(path: certificate) }
        guard authority.certificate.belongs(to: authority.key) else {
            throw .keyMismatch(certificate: certificate, key: key)
        }
        let (start, end) = (authority.certificate.validFrom, authority.certificate.validUntil)
        guard now >= start else {
            throw .authorityNotYetValid(path: certificate, from: calendarDay(unixSeconds: start))
        }
        guard now < end else {
            throw .authorityExpired(
                path: certificate, key: key, at: calendarDay(unixSeconds: end))
        }
        return authority
    }

    private func readKey() throws(TrustError) -> PrivateKey {
        let authorityKey = try PrivateKey(pem: TrustFile.read(key), path: key)
        // A copy or an unpacked archive may have opened it to others. Not ours: not our decision.
        _ = chmod(key, 0o600)
        return authorityKey
    }
}
