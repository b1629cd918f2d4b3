/// One character in a byte string.
enum UTF8Sequence {
    /// The character that starts at a byte; `nil` where the bytes are not UTF-8 (RFC 3629 §4:
    /// overlong forms, surrogates and numbers beyond U+10FFFF are not).
    static func scalar(in bytes: UnsafeRawBufferPointer, at index: Int) -> Unicode.Scalar? {
        let first = bytes[index]
        let (length, payload, smallest): (Int, UInt8, UInt32)
        switch first {
        case 0x00...0x7F: (length, payload, smallest) = (1, first, 0)
        case 0xC2...0xDF: (length, payload, smallest) = (2, first & 0x1F, 0x80)
        case 0xE0...0xEF: (length, payload, smallest) = (3, first & 0x0F, 0x800)
        case 0xF0...0xF4: (length, payload, smallest) = (4, first & 0x07, 0x1_0000)
        default: return nil
        }
        guard index + length <= bytes.count else { return nil }
        var value = UInt32(payload)
        for continuation in bytes[index + 1..<index + length] {
            guard continuation & 0xC0 == 0x80 else { return nil }
            value = value << 6 | UInt32(continuation & 0x3F)
        }
        return value >= smallest ? Unicode.Scalar(value) : nil
    }
}
