/// Finds the exact place of the mistakes that libxml2 places only roughly: it reports where it
/// stopped reading, and for an unescaped `&` that is somewhere in the words that follow.
///
/// Runs only after libxml2 has refused a header or stanza, or still waits for the `;` of a
/// reference at its end.
enum MalformedStanza {
    /// The first mistake in the bytes of characters and references, if one of those is to blame.
    static func fault(in bytes: UnsafeRawBufferPointer) -> XMLFault? {
        let reference = referenceFault(in: bytes)
        let character = characterFault(in: bytes)
        guard let reference, let character else { return reference ?? character }
        return reference.offset < character.offset ? reference : character
    }

    private static func characterFault(in bytes: UnsafeRawBufferPointer) -> XMLFault? {
        guard let forbidden = XMLCharacters.firstForbiddenCharacter(in: bytes, from: 0) else {
            return nil
        }
        let finding =
            if let scalar = forbidden.scalar {
                "U+\(scalar.hexadecimal), which XML cannot carry,"
            } else {
                "\(bytes[forbidden.offset].quoted), which is not UTF-8,"
            }
        return XMLFault(.notWellFormed, finding, at: forbidden.offset)
    }

    private static func referenceFault(in bytes: UnsafeRawBufferPointer) -> XMLFault? {
        var index = 0
        while index < bytes.count {
            switch bytes[index] {
            case UInt8(ascii: "<") where bytes[index...].starts(with: "<![CDATA[".utf8):
                index = endOfCDATA(in: bytes, from: index)
            case UInt8(ascii: "&"):
                if let fault = fault(inReferenceAt: index, of: bytes) { return fault }
                index += 1
            default:
                index += 1
            }
        }
        return nil
    }

    private static func endOfCDATA(in bytes: UnsafeRawBufferPointer, from start: Int) -> Int {
        var index = start
        while index < bytes.count, !bytes[index...].starts(with: "]]>".utf8) { index += 1 }
        return index
    }

    private static func fault(
        inReferenceAt start: Int, of bytes: UnsafeRawBufferPointer
    ) -> XMLFault? {
        let unescaped = XMLFault(
            .notWellFormed, "unescaped &", at: start, advice: "write &amp;")
        var end = start + 1
        while end < bytes.count, bytes[end].isReferenceByte { end += 1 }
        guard end > start + 1, end < bytes.count, bytes[end] == UInt8(ascii: ";") else {
            return unescaped
        }
        let name = bytes[start + 1..<end]
        if name.first == UInt8(ascii: "#") { return characterReferenceFault(name, at: start) }
        guard name[name.startIndex].isXMLNameStart else { return unescaped }
        let predefined = ["amp", "lt", "gt", "quot", "apos"]
        guard !predefined.contains(where: { name.elementsEqual($0.utf8) }) else { return nil }
        return XMLFault(
            .restrictedXML, "undefined entity &\(bytes.excerpt(start + 1..<end));", at: start,
            advice: "XMPP has &amp; &lt; &gt; &quot; &apos; only; write &amp; for an &")
    }

    private static func characterReferenceFault(
        _ name: Slice<UnsafeRawBufferPointer>, at start: Int
    ) -> XMLFault? {
        let digits = String(decoding: name.dropFirst(), as: UTF8.self)
        let value =
            digits.hasPrefix("x") ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits)
        if let value, let scalar = Unicode.Scalar(value),
            XMLCharacters.firstForbiddenCharacter(in: Array(String(scalar).utf8)) == nil
        {
            return nil
        }
        return XMLFault(
            .notWellFormed, "&#\(digits.prefix(40));, which is no character of XML,", at: start)
    }
}

extension UInt8 {
    /// Whether the byte can be part of what stands between `&` and `;`.
    fileprivate var isReferenceByte: Bool {
        switch self {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "#"), UInt8(ascii: "-"),
            UInt8(ascii: "."):
            true
        default: isXMLNameStart
        }
    }
}
