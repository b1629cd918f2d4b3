/// The characters that XML 1.0 lets into a document, and what to do about the others.
package enum XMLCharacters {
    /// A place in a UTF-8 byte string, and what is wrong there.
    package struct Forbidden: Equatable, Sendable {
        /// In bytes from the start, counted from 0.
        package let offset: Int
        /// The character; `nil` where the bytes are not UTF-8.
        package let scalar: Unicode.Scalar?
    }

    /// The first character that XML 1.0 cannot carry in any form: U+0000–U+001F but for TAB, LF and
    /// CR, U+FFFE, U+FFFF (XML 1.0 §2.2), and bytes that are not UTF-8.
    package static func firstForbiddenCharacter(in bytes: [UInt8]) -> Forbidden? {
        bytes.withUnsafeBytes { firstForbiddenCharacter(in: $0, from: 0) }
    }

    static func firstForbiddenCharacter(
        in bytes: UnsafeRawBufferPointer, from first: Int
    ) -> Forbidden? {
        var index = first
        while index < bytes.count {
            let byte = bytes[index]
            if byte < 0x80 {
                if byte < 0x20, !byte.isXMLSpace {
                    return Forbidden(offset: index, scalar: Unicode.Scalar(byte))
                }
                index += 1
            } else {
                guard let scalar = UTF8Sequence.scalar(in: bytes, at: index) else {
                    return Forbidden(offset: index, scalar: nil)
                }
                if scalar == "\u{FFFE}" || scalar == "\u{FFFF}" {
                    return Forbidden(offset: index, scalar: scalar)
                }
                index += UTF8.width(scalar)
            }
        }
        return nil
    }

    /// JSON text with each character that XML forbids as a `\u` escape.
    ///
    /// Outside of its strings JSON has no such characters, and inside an escape means the same. The
    /// text must be UTF-8; bytes that are not are left alone.
    package static func escapingForbiddenCharacters(inJSON json: [UInt8]) -> [UInt8] {
        guard var forbidden = firstForbiddenCharacter(in: json) else { return json }
        return json.withUnsafeBytes { bytes in
            var result: [UInt8] = []
            result.reserveCapacity(bytes.count + 64)
            var runStart = 0
            while true {
                result.append(contentsOf: bytes[runStart..<forbidden.offset])
                if let scalar = forbidden.scalar {
                    result.append(contentsOf: escape(scalar).utf8)
                    runStart = forbidden.offset + UTF8.width(scalar)
                } else {
                    result.append(bytes[forbidden.offset])
                    runStart = forbidden.offset + 1
                }
                guard let next = firstForbiddenCharacter(in: bytes, from: runStart) else { break }
                forbidden = next
            }
            result.append(contentsOf: bytes[runStart...])
            return result
        }
    }

    private static func escape(_ scalar: Unicode.Scalar) -> String {
        let digits = String(scalar.value, radix: 16)
        return "\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits
    }
}
