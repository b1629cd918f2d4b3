/// Eight bytes of a text in one word, the first of them lowest.
///
/// Names, tokens and JSON strings nearly always hold none of the bytes that need care, and each
/// message has hundreds of bytes to prove it of. A word tests eight at the price of one, in debug
/// builds too, where vector types are slow.
///
/// A test answers with the highest bit of each byte that it strikes. A strike may carry over into
/// the bytes behind it, never into those before: the lowest bit that is set is always right.
struct EightBytes {
    private static let each: UInt64 = 0x0101_0101_0101_0101
    private static let highest: UInt64 = 0x8080_8080_8080_8080

    fileprivate let word: UInt64

    /// Strikes bytes below a bound, which is at most 0x80.
    @inline(__always)
    func below(_ bound: UInt8) -> UInt64 {
        (word &- Self.each &* UInt64(bound)) & ~word & Self.highest
    }

    /// Strikes one byte.
    @inline(__always)
    func equal(to byte: UInt8) -> UInt64 {
        EightBytes(word: word ^ Self.each &* UInt64(byte)).below(1)
    }

    /// Strikes bytes that are not ASCII.
    @inline(__always)
    var beyondASCII: UInt64 { word & Self.highest }
}

extension UnsafeRawBufferPointer {
    /// The first place at or after `start` that a test strikes, or the end.
    @inline(__always)
    func firstIndex(from start: Int = 0, where test: (EightBytes) -> UInt64) -> Int {
        guard let base = baseAddress else { return count }
        let lastWord = count &- 8
        var index = start
        while index <= lastWord {
            let word = base.loadUnaligned(fromByteOffset: index, as: UInt64.self)
            let strikes = test(EightBytes(word: UInt64(littleEndian: word)))
            guard strikes == 0 else { return index &+ strikes.trailingZeroBitCount / 8 }
            index &+= 8
        }
        // What the zeros behind the last bytes strike is the end, too.
        var rest: UInt64 = 0
        var last = count
        while last > index {
            last &-= 1
            rest = rest << 8 | UInt64(base.load(fromByteOffset: last, as: UInt8.self))
        }
        return Swift.min(count, index &+ test(EightBytes(word: rest)).trailingZeroBitCount / 8)
    }
}

extension String {
    /// Whether a test strikes no byte of the text.
    @inline(__always)
    func hasNone(where test: (EightBytes) -> UInt64) -> Bool {
        withBytes { bytes in bytes.firstIndex(where: test) == bytes.count }
    }
}
