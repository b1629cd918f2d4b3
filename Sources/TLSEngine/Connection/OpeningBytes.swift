/// The first bytes of a peer: enough to tell text from TLS, and to read what a ClientHello offers.
struct OpeningBytes {
    /// Record header 5, handshake header 4, version 2 (RFC 8446 §5.1, §4, §4.1.2).
    private static let helloLength = 11
    private static let longestExcerpt = 40

    private var bytes: [UInt8] = []

    var isComplete: Bool { bytes.count >= Self.helloLength }

    /// Keeps what is still missing; gives back the peer's text if it is text.
    mutating func append(_ more: UnsafeRawBufferPointer) -> String? {
        defer { bytes += more.prefix(Self.helloLength - bytes.count) }
        // A TLS record begins with its type, 20…23: no text does.
        guard bytes.isEmpty, let first = more.first, Self.isText(first) else { return nil }
        return Self.excerpt(of: more)
    }

    /// The version in a ClientHello, if it is one below TLS 1.2: then it is the highest that the
    /// client has (RFC 5246 §E.1).
    var outdatedVersion: String? {
        guard isComplete, bytes[0] == 22, bytes[5] == 1, bytes[9] == 3 else { return nil }
        switch bytes[10] {
        case 0: return "SSL 3.0"
        case 1: return "TLS 1.0"
        case 2: return "TLS 1.1"
        default: return nil
        }
    }

    private static func isText(_ byte: UInt8) -> Bool {
        (0x20...0x7E).contains(byte) || byte == 0x0A || byte == 0x0D || byte == 0x09
    }

    private static func excerpt(of bytes: UnsafeRawBufferPointer) -> String {
        let line = bytes.prefix { isText($0) && $0 != 0x0A && $0 != 0x0D }
        let excerpt = String(decoding: line.prefix(longestExcerpt), as: UTF8.self)
        return line.count > longestExcerpt ? excerpt + "…" : excerpt
    }
}
