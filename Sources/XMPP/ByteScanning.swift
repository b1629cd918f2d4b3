internal import CLibXML2

extension UnsafeRawBufferPointer {
    /// The first place of a byte in `from..<to`, or `to`.
    func index(of byte: UInt8, from: Int, to: Int) -> Int {
        guard from < to, let base = baseAddress,
            let found = memchr(base + from, Int32(byte), to - from)
        else { return to }
        return UnsafeRawPointer(found) - base
    }

    /// Whether the bytes of a range are exactly these.
    func has(_ other: [UInt8], at range: Range<Int>) -> Bool {
        guard range.count == other.count, let base = baseAddress else { return false }
        return memcmp(base + range.lowerBound, other, range.count) == 0
    }

    /// Whether two ranges hold the same bytes.
    func hasSameBytes(at left: Range<Int>, and right: Range<Int>) -> Bool {
        guard left.count == right.count, let base = baseAddress else { return false }
        return memcmp(base + left.lowerBound, base + right.lowerBound, left.count) == 0
    }

    /// A range as text for an error message, cut where it gets long.
    func excerpt(_ range: Range<Int>) -> String {
        let longest = 40
        let text = String(decoding: self[range].prefix(longest), as: UTF8.self)
        return range.count > longest ? text + "…" : text
    }
}

extension UInt8 {
    /// White space as XML has it.
    var isXMLSpace: Bool {
        // Nearly every byte is beyond all four.
        self <= 0x20 && (self == 0x20 || self == 0x0A || self == 0x0D || self == 0x09)
    }

    /// Whether a name may begin with this byte; for bytes beyond ASCII libxml2 has the last word.
    var isXMLNameStart: Bool {
        switch self {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "_"), UInt8(ascii: ":"), 0x80...0xFF:
            true
        default: false
        }
    }

    /// The byte as an error message shows it: a printable character, or its number.
    var quoted: String {
        if (0x21...0x7E).contains(self) { return "\"\(Character(Unicode.Scalar(self)))\"" }
        let digits = String(self, radix: 16, uppercase: true)
        return "byte 0x" + (digits.utf8.count == 1 ? "0" : "") + digits
    }
}
