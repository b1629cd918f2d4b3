/// The `<?xml … ?>` that a peer may write before a stream header.
///
/// It is checked here and not shown to libxml2, which would switch to any encoding it names.
enum XMLDeclaration {
    /// What is wrong with a declaration, if anything is.
    ///
    /// - Parameter bytes: from `<?` to `?>`.
    static func fault(in bytes: UnsafeRawBufferPointer) -> XMLFault? {
        let opening = Array("<?xml".utf8)
        guard bytes.count > opening.count + 2, bytes.has(opening, at: 0..<opening.count),
            bytes[opening.count].isXMLSpace
        else {
            return XMLFault(
                .restrictedXML, "a processing instruction, which XMPP forbids,", at: 0)
        }
        var scanner = PseudoAttributes(bytes: bytes, position: opening.count, end: bytes.count - 2)
        while !scanner.isAtEnd {
            let place = scanner.position
            guard let (name, value) = scanner.next() else {
                return XMLFault(.notWellFormed, "a broken XML declaration", at: place)
            }
            if let fault = check(name, value, at: place) { return fault }
        }
        return nil
    }

    private static func check(_ name: String, _ value: String, at place: Int) -> XMLFault? {
        switch name {
        case "version" where value == "1.0", "standalone":
            nil
        case "version":
            XMLFault(.notWellFormed, "XML version \"\(value)\" instead of 1.0", at: place)
        case "encoding" where value.lowercased() == "utf-8":
            nil
        case "encoding":
            XMLFault(.unsupportedEncoding, "encoding \"\(value)\" instead of UTF-8", at: place)
        default:
            XMLFault(.notWellFormed, "\"\(name)\" in the XML declaration", at: place)
        }
    }

    /// Reads `name="value"` pairs.
    private struct PseudoAttributes {
        let bytes: UnsafeRawBufferPointer
        var position: Int
        let end: Int

        /// Skips white space, then says whether anything is left.
        var isAtEnd: Bool {
            mutating get {
                while position < end, bytes[position].isXMLSpace { position += 1 }
                return position >= end
            }
        }

        mutating func next() -> (name: String, value: String)? {
            let equals = bytes.index(of: UInt8(ascii: "="), from: position, to: end)
            guard equals < end else { return nil }
            var nameEnd = equals
            while nameEnd > position, bytes[nameEnd - 1].isXMLSpace { nameEnd -= 1 }
            let name = bytes.excerpt(position..<nameEnd)
            position = equals + 1
            guard !isAtEnd else { return nil }
            let quote = bytes[position]
            guard quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else { return nil }
            let closing = bytes.index(of: quote, from: position + 1, to: end)
            guard closing < end else { return nil }
            let value = bytes.excerpt(position + 1..<closing)
            position = closing + 1
            return (name, value)
        }
    }
}
