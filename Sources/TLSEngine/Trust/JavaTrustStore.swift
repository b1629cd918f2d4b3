/// A Java trust store with one certificate, in the format JKS, version 2.
///
/// Every Java since 1.2 reads it, whatever its default format is. OpenSSL's own PKCS #12 files are
/// no way round: Java takes their certificates for trusted ones only with an attribute that
/// OpenSSL 3.0 does not write.
enum JavaTrustStore {
    /// What `keytool` suggests. It keeps out nobody: a trust store has no secrets.
    static let password = "changeit"

    /// - Parameter date: when the entry was made, Unix seconds.
    static func bytes(trusting certificate: [UInt8], alias: String, date: Int64) -> [UInt8] {
        var store = bigEndian(UInt32(0xFEED_FEED)) + bigEndian(UInt32(2))
        store += bigEndian(UInt32(1))
        store += bigEndian(Entry.trustedCertificate) + text(alias)
        store += bigEndian(UInt64(clamping: date) * 1000)
        store += text("X.509") + bigEndian(UInt32(certificate.count)) + certificate
        return store + checksum(of: store)
    }

    private enum Entry {
        static let trustedCertificate: UInt32 = 2
    }

    /// SHA-1 over the password in UTF-16, two words that the format asks for, and the store.
    private static func checksum(of store: [UInt8]) -> [UInt8] {
        let salted = password.utf16.flatMap { bigEndian($0) } + Array("Mighty Aphrodite".utf8)
        return MessageDigest.sha1(of: salted + store)
    }

    /// A text as Java's `DataOutput.writeUTF` writes ASCII.
    private static func text(_ text: String) -> [UInt8] {
        bigEndian(UInt16(text.utf8.count)) + Array(text.utf8)
    }

    private static func bigEndian(_ number: some FixedWidthInteger) -> [UInt8] {
        withUnsafeBytes(of: number.bigEndian) { Array($0) }
    }
}
