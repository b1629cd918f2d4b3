internal import CLibXML2

/// Writes `&quot;` and `&apos;` in the text of a stanza as the characters they stand for.
///
/// Many XML libraries escape quotes where they need not, so that JSON arrives with dozens of
/// references, and libxml2 reports each one by itself: most of the time of such a stanza. Between
/// tags a quote has no meaning to XML, so that both forms say the same. Tags and CDATA sections,
/// where they do not, are copied as they are. The framer has already found every tag's end.
struct QuoteReferences {
    /// The stanza without the references.
    private(set) var output: [UInt8] = []
    /// A place in the output whose source is looked for.
    private var wanted = Int.max
    private var found: Int?

    /// Rewrites a stanza into ``output``; says `false`, and writes nothing, when there is nothing
    /// to rewrite.
    mutating func resolve(_ stanza: UnsafeRawBufferPointer) -> Bool {
        let reference = stanza.index(of: UInt8(ascii: "&"), from: 0, to: stanza.count)
        guard reference < stanza.count else { return false }
        output.removeAll(keepingCapacity: true)
        var index = 0
        while index < stanza.count {
            let tag = stanza.index(of: UInt8(ascii: "<"), from: index, to: stanza.count)
            copyText(of: stanza, index..<tag)
            index = Self.endOfMarkup(in: stanza, from: tag)
            copy(stanza, tag..<index)
        }
        return true
    }

    /// Where in a stanza a place of its rewritten form comes from.
    static func source(of offset: Int, in stanza: UnsafeRawBufferPointer) -> Int {
        var references = QuoteReferences()
        references.wanted = offset
        guard references.resolve(stanza) else { return offset }
        return references.found ?? stanza.count
    }

    private mutating func copyText(of stanza: UnsafeRawBufferPointer, _ range: Range<Int>) {
        var index = range.lowerBound
        while index < range.upperBound {
            let reference = stanza.index(of: UInt8(ascii: "&"), from: index, to: range.upperBound)
            copy(stanza, index..<reference)
            index = reference
            guard index < range.upperBound else { return }
            if let quote = Self.quote(in: stanza, at: index) {
                output.append(quote)
                index += Self.referenceLength
            } else {
                copy(stanza, index..<index + 1)
                index += 1
            }
        }
    }

    private mutating func copy(_ stanza: UnsafeRawBufferPointer, _ range: Range<Int>) {
        if found == nil, output.count + range.count > wanted {
            found = range.lowerBound + max(0, wanted - output.count)
        }
        output.append(contentsOf: UnsafeRawBufferPointer(rebasing: stanza[range]))
    }

    /// Both references have six bytes.
    private static let referenceLength = 6

    private static func quote(in stanza: UnsafeRawBufferPointer, at index: Int) -> UInt8? {
        guard index + referenceLength <= stanza.count, let base = stanza.baseAddress else {
            return nil
        }
        if memcmp(base + index, "&quot;", referenceLength) == 0 { return UInt8(ascii: "\"") }
        if memcmp(base + index, "&apos;", referenceLength) == 0 { return UInt8(ascii: "'") }
        return nil
    }

    /// The end of the tag or CDATA section that starts at a `<`.
    private static func endOfMarkup(
        in stanza: UnsafeRawBufferPointer, from start: Int
    ) -> Int {
        let isCDATA = start + 1 < stanza.count && stanza[start + 1] == UInt8(ascii: "!")
        var quote: UInt8?
        var index = start
        while index < stanza.count {
            let byte = stanza[index]
            index += 1
            if isCDATA {
                if byte == UInt8(ascii: ">"), stanza[index - 2] == UInt8(ascii: "]"),
                    stanza[index - 3] == UInt8(ascii: "]")
                {
                    return index
                }
            } else if let open = quote {
                if byte == open { quote = nil }
            } else if byte == UInt8(ascii: ">") {
                return index
            } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
                quote = byte
            }
        }
        return index
    }
}
