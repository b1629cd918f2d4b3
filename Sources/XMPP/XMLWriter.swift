/// Writes XML as compact bytes, ready for a stream.
///
/// Elements are written without prefixes and declare their namespace where it differs from their
/// parent's, with one exception: the namespace of streams keeps the prefix `stream`, which the
/// stream header has declared. The caller must not hand in characters that XML forbids; see
/// ``XMLCharacters``.
package struct XMLWriter: Sendable {
    /// Everything written so far.
    package var bytes: [UInt8]

    package init(appendingTo bytes: [UInt8] = []) {
        self.bytes = bytes
    }

    /// Writes markup as it is.
    package mutating func markup(_ markup: StaticString) {
        markup.withUTF8Buffer { bytes.append(contentsOf: $0) }
    }

    /// Writes an element with all that is in it.
    ///
    /// - Parameter defaultNamespace: what is in force where the element is put.
    package mutating func element(
        _ element: Element, defaultNamespace: String = Namespace.client
    ) {
        let inStreams = element.namespace.hasSameBytes(as: Namespace.streams)
        let name = inStreams ? "stream:" + element.name : element.name
        openTag(name)
        var inherited = defaultNamespace
        if !inStreams, !element.namespace.hasSameBytes(as: defaultNamespace) {
            attribute("xmlns", element.namespace)
            inherited = element.namespace
        }
        attributes(element.attributes)
        if element.children.isEmpty, element.text.isEmpty {
            endEmptyTag()
            return
        }
        endTagOpening()
        text(element.text)
        for child in element.children { self.element(child, defaultNamespace: inherited) }
        closeTag(name)
    }

    private mutating func attributes(_ attributes: [Attribute]) {
        for (index, attribute) in attributes.enumerated() {
            if attribute.namespace.isEmpty {
                self.attribute(attribute.name, attribute.value)
            } else if attribute.namespace.hasSameBytes(as: Namespace.xml) {
                self.attribute("xml:" + attribute.name, attribute.value)
            } else {
                self.attribute("xmlns:a\(index)", attribute.namespace)
                self.attribute("a\(index):" + attribute.name, attribute.value)
            }
        }
    }

    /// Writes `<name`, to be followed by attributes and ``endTagOpening()`` or ``endEmptyTag()``.
    package mutating func openTag(_ name: String) {
        bytes.append(UInt8(ascii: "<"))
        bytes.append(contentsOf: name.utf8)
    }

    /// Writes ` name="value"`, the value escaped.
    package mutating func attribute(_ name: String, _ value: String) {
        bytes.append(UInt8(ascii: " "))
        bytes.append(contentsOf: name.utf8)
        bytes.append(UInt8(ascii: "="))
        bytes.append(UInt8(ascii: "\""))
        value.withBytes { appendEscaped($0, from: 0, inAttribute: true) }
        bytes.append(UInt8(ascii: "\""))
    }

    /// Writes the `>` of a start tag.
    package mutating func endTagOpening() {
        bytes.append(UInt8(ascii: ">"))
    }

    /// Writes the `/>` of an element that holds nothing.
    package mutating func endEmptyTag() {
        bytes.append(UInt8(ascii: "/"))
        bytes.append(UInt8(ascii: ">"))
    }

    /// Writes `</name>`.
    package mutating func closeTag(_ name: String) {
        bytes.append(UInt8(ascii: "<"))
        bytes.append(UInt8(ascii: "/"))
        bytes.append(contentsOf: name.utf8)
        bytes.append(UInt8(ascii: ">"))
    }

    /// Writes character data, escaped.
    package mutating func text(_ text: [UInt8]) {
        text.withUnsafeBytes { self.text($0) }
    }

    /// Writes character data, escaped.
    package mutating func text(_ text: UnsafeRawBufferPointer) {
        let plain = Self.firstEscape(in: text, from: 0)
        bytes.append(contentsOf: UnsafeRawBufferPointer(rebasing: text[..<plain]))
        if plain < text.count { appendEscaped(text, from: plain, inAttribute: false) }
    }

    /// Writes the character data that a closure appends, escaped where it lies: of a text in
    /// several parts no copy is made.
    package mutating func text(appending append: (inout [UInt8]) -> Void) {
        let start = bytes.count
        append(&bytes)
        let plain = bytes.withUnsafeBytes { Self.firstEscape(in: $0, from: start) }
        guard plain < bytes.count else { return }
        let rest = Array(bytes[plain...])
        bytes.removeSubrange(plain...)
        rest.withUnsafeBytes { appendEscaped($0, from: 0, inAttribute: false) }
    }

    /// The first byte that character data cannot hold raw, or the end: most texts have none.
    private static func firstEscape(in text: UnsafeRawBufferPointer, from start: Int) -> Int {
        var plain = text.count
        plain = text.index(of: UInt8(ascii: "&"), from: start, to: plain)
        plain = text.index(of: UInt8(ascii: "<"), from: start, to: plain)
        plain = text.index(of: UInt8(ascii: ">"), from: start, to: plain)
        plain = text.index(of: UInt8(ascii: "\r"), from: start, to: plain)
        return plain
    }

    /// Copies run by run.
    private mutating func appendEscaped(
        _ source: UnsafeRawBufferPointer, from start: Int, inAttribute: Bool
    ) {
        var runStart = start
        for index in start..<source.count {
            guard let escape = Self.escape(for: source[index], inAttribute: inAttribute) else {
                continue
            }
            bytes.append(contentsOf: UnsafeRawBufferPointer(rebasing: source[runStart..<index]))
            markup(escape)
            runStart = index + 1
        }
        bytes.append(contentsOf: UnsafeRawBufferPointer(rebasing: source[runStart...]))
    }

    /// A parser turns a raw CR into LF everywhere, and TAB and LF into spaces in attributes: they
    /// survive only as references.
    private static func escape(for byte: UInt8, inAttribute: Bool) -> StaticString? {
        // Nothing above it needs an escape, and most bytes are letters.
        guard byte <= UInt8(ascii: ">") else { return nil }
        return switch byte {
        case UInt8(ascii: "&"): "&amp;"
        case UInt8(ascii: "<"): "&lt;"
        case UInt8(ascii: ">"): "&gt;"
        case UInt8(ascii: "\r"): "&#13;"
        case UInt8(ascii: "\"") where inAttribute: "&quot;"
        case UInt8(ascii: "\t") where inAttribute: "&#9;"
        case UInt8(ascii: "\n") where inAttribute: "&#10;"
        default: nil
        }
    }
}
