/// Reading and writing JSON strings on bytes (RFC 8259 §7).
package enum JSONStrings {
    /// The text of a scanned string; nil when it holds half of a surrogate pair, which no UTF-8
    /// text can carry.
    package static func decode(
        _ value: JSONValue, in bytes: UnsafeBufferPointer<UInt8>
    ) -> String? {
        let (text, isWhole) = read(value, in: bytes)
        return isWhole ? text : nil
    }

    /// The text of a scanned string; where half of a surrogate pair stood it has U+FFFD.
    package static func repair(
        _ value: JSONValue, in bytes: UnsafeBufferPointer<UInt8>
    ) -> String {
        read(value, in: bytes).text
    }

    private static func read(
        _ value: JSONValue, in bytes: UnsafeBufferPointer<UInt8>
    ) -> (text: String, isWhole: Bool) {
        let content = UnsafeBufferPointer(rebasing: bytes[value.content])
        guard value.hasEscapes else { return (String(decoding: content, as: UTF8.self), true) }
        var decoded: [UInt8] = []
        decoded.reserveCapacity(content.count)
        var isWhole = true
        forEachPiece(of: content) { piece in
            switch piece {
            case .bytes(let run): decoded.append(contentsOf: content[run])
            case .scalar(let scalar): decoded.append(contentsOf: UTF8.encode(scalar) ?? .init())
            case .loneSurrogate:
                isWhole = false
                decoded.append(contentsOf: "\u{FFFD}".utf8)
            }
        }
        return (String(decoding: decoded, as: UTF8.self), isWhole)
    }

    /// How many UTF-8 bytes the string has once its escapes are read; half a surrogate pair counts
    /// three, as its replacement character would.
    package static func decodedByteCount(
        of value: JSONValue, in bytes: UnsafeBufferPointer<UInt8>
    ) -> Int {
        guard value.hasEscapes else { return value.content.count }
        let content = UnsafeBufferPointer(rebasing: bytes[value.content])
        var count = 0
        forEachPiece(of: content) { piece in
            switch piece {
            case .bytes(let run): count += run.count
            case .scalar(let scalar): count += UTF8.width(scalar)
            case .loneSurrogate: count += 3
            }
        }
        return count
    }

    /// Whether a scanned value is a string that spells the given ASCII name, escapes or not.
    package static func spells(
        _ name: StaticString, _ value: JSONValue, in bytes: UnsafeBufferPointer<UInt8>
    ) -> Bool {
        guard value.kind == .string else { return false }
        guard !value.hasEscapes else {
            return decode(value, in: bytes)?.hasSameBytes(as: "\(name)") ?? false
        }
        let count = name.utf8CodeUnitCount
        guard value.range.count == count + 2 else { return false }
        let content = UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(bytes)[value.content])
        return content.hasSameBytes(
            as: UnsafeRawBufferPointer(start: name.utf8Start, count: count))
    }

    /// Appends a text as a JSON string with its quotes.
    ///
    /// What JSON or XML 1.0 forbids raw becomes an escape, so the text survives inside a stanza.
    package static func append(_ text: String, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\""))
        if text.hasNone(where: mayNeedEscape) {
            text.withBytes { bytes.append(contentsOf: $0) }
        } else {
            appendEscaped(text.unicodeScalars, to: &bytes)
        }
        bytes.append(UInt8(ascii: "\""))
    }

    // MARK: Escapes

    private enum Piece {
        case bytes(Range<Int>)
        case scalar(Unicode.Scalar)
        case loneSurrogate
    }

    /// Cuts the content of a string, already scanned, into runs of plain bytes and escapes.
    private static func forEachPiece(
        of content: UnsafeBufferPointer<UInt8>, _ body: (Piece) -> Void
    ) {
        var index = 0
        while index < content.count {
            guard content[index] == UInt8(ascii: "\\") else {
                let start = index
                while index < content.count, content[index] != UInt8(ascii: "\\") { index += 1 }
                body(.bytes(start..<index))
                continue
            }
            guard content[index + 1] == UInt8(ascii: "u") else {
                body(.scalar(shortEscape(content[index + 1])))
                index += 2
                continue
            }
            let unit = codeUnit(at: index, in: content)
            index += 6
            if let scalar = Unicode.Scalar(unit) {
                body(.scalar(scalar))
            } else if unit < 0xDC00, let low = lowSurrogate(at: index, in: content) {
                let scalar = 0x1_0000 + ((unit - 0xD800) << 10) + low
                body(.scalar(Unicode.Scalar(scalar) ?? "\u{FFFD}"))
                index += 6
            } else {
                body(.loneSurrogate)
            }
        }
    }

    private static func shortEscape(_ byte: UInt8) -> Unicode.Scalar {
        switch byte {
        case UInt8(ascii: "b"): "\u{8}"
        case UInt8(ascii: "f"): "\u{C}"
        case UInt8(ascii: "n"): "\n"
        case UInt8(ascii: "r"): "\r"
        case UInt8(ascii: "t"): "\t"
        default: Unicode.Scalar(byte)
        }
    }

    /// The code unit of the `\uXXXX` at an index.
    private static func codeUnit(at index: Int, in content: UnsafeBufferPointer<UInt8>) -> UInt32 {
        var unit: UInt32 = 0
        for digit in content[(index + 2)..<(index + 6)] {
            unit = unit << 4 | (digit.hexDigitValue ?? 0)
        }
        return unit
    }

    /// The ten low bits of a pair whose second half stands at an index.
    private static func lowSurrogate(
        at index: Int, in content: UnsafeBufferPointer<UInt8>
    ) -> UInt32? {
        guard index + 6 <= content.count, content[index] == UInt8(ascii: "\\"),
            content[index + 1] == UInt8(ascii: "u")
        else { return nil }
        let unit = codeUnit(at: index, in: content)
        return (0xDC00...0xDFFF).contains(unit) ? unit - 0xDC00 : nil
    }

    /// Strikes bytes that JSON or XML may mind; 0xEF may begin U+FFFE or U+FFFF.
    @inline(__always)
    private static func mayNeedEscape(_ bytes: EightBytes) -> UInt64 {
        bytes.below(0x20) | bytes.equal(to: UInt8(ascii: "\""))
            | bytes.equal(to: UInt8(ascii: "\\"))
            | bytes.equal(to: 0xEF)
    }

    private static func appendEscaped(
        _ scalars: String.UnicodeScalarView, to bytes: inout [UInt8]
    ) {
        for scalar in scalars {
            switch scalar {
            case "\"": bytes.append(contentsOf: #"\""#.utf8)
            case "\\": bytes.append(contentsOf: #"\\"#.utf8)
            case "\n": bytes.append(contentsOf: #"\n"#.utf8)
            case "\r": bytes.append(contentsOf: #"\r"#.utf8)
            case "\t": bytes.append(contentsOf: #"\t"#.utf8)
            case "\0"..<" ", "\u{FFFE}", "\u{FFFF}": appendUnicodeEscape(scalar, to: &bytes)
            default: bytes.append(contentsOf: UTF8.encode(scalar) ?? .init())
            }
        }
    }

    private static func appendUnicodeEscape(_ scalar: Unicode.Scalar, to bytes: inout [UInt8]) {
        let digits = Array("0123456789abcdef".utf8)
        bytes.append(contentsOf: #"\u"#.utf8)
        for shift in [12, 8, 4, 0] {
            bytes.append(digits[Int(scalar.value >> UInt32(shift)) & 15])
        }
    }
}
