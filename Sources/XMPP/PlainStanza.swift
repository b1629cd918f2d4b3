/// Reads a stanza in the plain form that most stanzas have, for a fraction of libxml2's price.
///
/// Plain is ASCII without references, in tags as programs write them: no prefixes, one blank
/// before each attribute and none elsewhere. Names have letters only, and libxml2 has read them,
/// and the namespaces, in this stream before: so they are well-formed and counted. Of anything else
/// the reader says nothing, neither that it is right nor that it is wrong: that is left to the
/// framer and libxml2, which read everything that is read here as the same element.
struct PlainStanza {
    private let bytes: UnsafeRawBufferPointer
    private let limits: ParserLimits
    private let parser: XMLPushParser
    /// The next byte to look at: behind the stanza, once it is read.
    private(set) var position: Int

    /// - Parameter position: where in the bytes of the stream the stanza begins.
    init(
        in bytes: UnsafeRawBufferPointer, at position: Int, limits: ParserLimits,
        parser: XMLPushParser
    ) {
        self.bytes = bytes
        self.limits = limits
        self.parser = parser
        self.position = position
    }

    private static let declaration = Array("xmlns".utf8)

    /// Nil when the stanza is not plain, not all there, or beyond a limit.
    mutating func read() -> Element? {
        let start = position
        guard let stanza = readElement(in: parser.contentNamespace, depth: 1),
            position - start <= limits.stanzaBytes
        else { return nil }
        return stanza
    }

    private mutating func readElement(in namespace: String, depth: Int) -> Element? {
        let start = position
        guard depth <= limits.depth, skip("<"), let name = readName() else { return nil }
        guard let knownName = parser.knownName(bytes, at: name) else { return nil }
        var element = Element(knownName, namespace: namespace)
        guard readAttributes(into: &element) else { return nil }
        let isEmpty = skip("/")
        guard skip(">"), position - start <= limits.tagBytes else { return nil }
        return isEmpty || readContent(into: &element, tag: name, depth: depth) ? element : nil
    }

    private mutating func readAttributes(into element: inout Element) -> Bool {
        var declaresNamespace = false
        while skip(" ") {
            guard let name = readName(), skip("="), let value = readValue() else { return false }
            if bytes.has(Self.declaration, at: name) {
                // The namespaces that XML keeps for itself have a slash.
                guard !declaresNamespace, !bytes.has(UInt8(ascii: "/"), in: value),
                    let namespace = parser.knownName(bytes, at: value)
                else { return false }
                declaresNamespace = true
                element.namespace = namespace
            } else {
                guard let name = parser.knownName(bytes, at: name),
                    element[attribute: name] == nil
                else { return false }
                let text = UnsafeRawBufferPointer(rebasing: bytes[value])
                element.attributes.append(Attribute(name, String(decoding: text, as: UTF8.self)))
            }
        }
        return true
    }

    /// Reads on behind a start tag up to its end tag.
    private mutating func readContent(
        into element: inout Element, tag: Range<Int>, depth: Int
    ) -> Bool {
        while true {
            let end = bytes.index(of: UInt8(ascii: "<"), from: position, to: bytes.count)
            guard end + 1 < bytes.count, bytes.isPlain(position..<end) else { return false }
            element.text.append(
                contentsOf: UnsafeRawBufferPointer(rebasing: bytes[position..<end]))
            position = end
            guard bytes[end + 1] == UInt8(ascii: "/") else {
                guard let child = readElement(in: element.namespace, depth: depth + 1)
                else { return false }
                element.children.append(child)
                continue
            }
            position = end + 2
            guard let name = readName(), bytes.hasSameBytes(at: name, and: tag), skip(">")
            else { return false }
            return position - end <= limits.tagBytes
        }
    }

    /// Letters; nil when there are none.
    private mutating func readName() -> Range<Int>? {
        let start = position
        while position < bytes.count, bytes[position].isLetter { position += 1 }
        return start < position ? start..<position : nil
    }

    /// A value in quotes, without them.
    private mutating func readValue() -> Range<Int>? {
        guard position < bytes.count else { return nil }
        let quote = bytes[position]
        guard quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else { return nil }
        let start = position + 1
        let end = bytes.index(of: quote, from: start, to: bytes.count)
        guard end < bytes.count, bytes.isPlain(start..<end) else { return nil }
        position = end + 1
        return start..<end
    }

    private mutating func skip(_ byte: Unicode.Scalar) -> Bool {
        guard position < bytes.count, bytes[position] == UInt8(ascii: byte) else { return false }
        position += 1
        return true
    }
}

extension UInt8 {
    fileprivate var isLetter: Bool { (self | 0x20) &- UInt8(ascii: "a") < 26 }
}

extension UnsafeRawBufferPointer {
    fileprivate func has(_ byte: UInt8, in range: Range<Int>) -> Bool {
        index(of: byte, from: range.lowerBound, to: range.upperBound) < range.upperBound
    }

    /// Whether a range holds nothing but ASCII characters that stand for themselves wherever they
    /// are: no controls, no `&`, no `<` and no `>`. Tests eight bytes at a time.
    fileprivate func isPlain(_ range: Range<Int>) -> Bool {
        guard let base = baseAddress else { return true }
        var index = range.lowerBound
        var strikes: UInt64 = 0
        while index &+ 8 <= range.upperBound {
            strikes |= Self.strikes(base.loadUnaligned(fromByteOffset: index, as: UInt64.self))
            index &+= 8
        }
        while index < range.upperBound {
            let byte = base.load(fromByteOffset: index, as: UInt8.self)
            strikes |= Self.strikes(UInt64(byte) | Self.blanks << 8)
            index &+= 1
        }
        return strikes == 0
    }

    private static let each: UInt64 = 0x0101_0101_0101_0101
    private static let highest: UInt64 = 0x8080_8080_8080_8080
    private static let blanks: UInt64 = 0x2020_2020_2020_2020

    /// Sets the highest bit of a byte, at least, when one of the eight is not plain.
    @inline(__always)
    private static func strikes(_ word: UInt64) -> UInt64 {
        let isControl = (word &- blanks) & ~word
        let ampersand = word ^ 0x2626_2626_2626_2626
        // "<" and ">" differ in one bit.
        let angle = (word | 0x0202_0202_0202_0202) ^ 0x3E3E_3E3E_3E3E_3E3E
        let isMarkup = (ampersand &- each) & ~ampersand | (angle &- each) & ~angle
        return (word | isControl | isMarkup) & highest
    }
}
