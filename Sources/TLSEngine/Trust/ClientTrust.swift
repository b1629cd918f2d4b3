/// What clients in other languages are pointed at so that they trust the relay, in files beside
/// the CA:
///
///     trust-bundle.pem  the system's CAs and ours: OpenSSL, Python, Go (`SSL_CERT_FILE`)
///     trust.jks         ours alone: Java
///
/// Both are written anew at each use: the system's CAs change, too.
package struct ClientTrust: Sendable {
    /// For `SSL_CERT_FILE`, which takes the place of the system's CAs.
    package let bundleFile: String
    /// For `NODE_EXTRA_CA_CERTS`, which adds to them.
    package let authorityFile: String
    package let javaTrustStoreFile: String

    /// Where distributions keep the CAs that they trust, the most common first.
    package static let systemBundles = [
        "/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt",
        "/etc/ssl/ca-bundle.pem", "/etc/ssl/cert.pem",
    ]

    /// Writes the files into the authority's directory.
    ///
    /// - Parameters:
    ///   - systemBundles: the first that is there is taken; if none is, our CA stands alone.
    ///   - now: Unix seconds.
    package init(
        of authority: LocalAuthority, systemBundles: [String] = Self.systemBundles, now: Int64
    ) throws(TrustError) {
        authorityFile = authority.certificateFile
        bundleFile = authority.directory + "/trust-bundle.pem"
        javaTrustStoreFile = authority.directory + "/trust.jks"
        let ours = try authority.authority.certificatePEM()
        let bundle = try Self.bundle(adding: ours, to: systemBundles)
        let (bundleFile, javaTrustStoreFile) = (bundleFile, javaTrustStoreFile)
        try DirectoryLock.hold(authority.directory) { () throws(TrustError) in
            try TrustFile.write(bundle, to: bundleFile, mode: 0o644)
            try authority.authority.writeJavaTrustStore(to: javaTrustStoreFile, now: now)
        }
    }

    /// The variables by which clients find the files, in the order of their names.
    ///
    /// - Parameter javaToolOptions: what is in `JAVA_TOOL_OPTIONS` already; it is kept.
    package func environment(javaToolOptions: String? = nil) -> [(name: String, value: String)] {
        let options = [
            javaToolOptions ?? "", "-Djavax.net.ssl.trustStore=" + quoted(javaTrustStoreFile),
            "-Djavax.net.ssl.trustStorePassword=\(JavaTrustStore.password)",
        ]
        return [
            ("JAVA_TOOL_OPTIONS", options.filter { !$0.isEmpty }.joined(separator: " ")),
            ("NODE_EXTRA_CA_CERTS", authorityFile),
            ("SSL_CERT_FILE", bundleFile),
        ]
    }

    /// Java splits the variable at blanks, but for those in quotes.
    private func quoted(_ path: String) -> String {
        path.contains(where: \.isWhitespace) ? "'\(path)'" : path
    }

    private static func bundle(
        adding ours: [UInt8], to systemBundles: [String]
    ) throws(TrustError) -> [UInt8] {
        guard let path = systemBundles.first(where: TrustFile.exists) else { return ours }
        var bundle = try TrustFile.read(path)
        if let last = bundle.last, last != UInt8(ascii: "\n") { bundle.append(UInt8(ascii: "\n")) }
        return bundle + ours
    }
}

extension CertificateAuthority {
    /// A trust store for Java with this CA, as a file has it; its password is "changeit".
    ///
    /// - Parameter now: Unix seconds.
    package func javaTrustStore(now: Int64) throws(TrustError) -> [UInt8] {
        JavaTrustStore.bytes(trusting: try certificate.der(), alias: "gcm-simulator", date: now)
    }

    /// Writes a trust store for Java with this CA.
    ///
    /// - Parameter now: Unix seconds.
    package func writeJavaTrustStore(to path: String, now: Int64) throws(TrustError) {
        try TrustFile.write(try javaTrustStore(now: now), to: path, mode: 0o644)
    }
}
