internal import CLibXML2

/// Finds where each header, stanza and end tag of a stream ends, before libxml2 sees a byte of it.
///
/// libxml2's push parser has no bound on the size or depth of a stanza, is quadratic on some input
/// that arrives byte by byte, and expands what a DOCTYPE declares. So the framer counts, and lets
/// through only whole pieces without DOCTYPE, comments and processing instructions. It looks at
/// each byte once, however the stream is cut, and finds the same fault at the same byte.
///
/// It also compares the names of tags. Otherwise an unescaped `<b>` in some text would swallow the
/// stanzas that follow, and nobody would be told why.
struct StanzaFramer: Sendable {
    /// One piece of the stream, as a range of the bytes that were scanned.
    enum Frame: Equatable {
        case header(Range<Int>)
        case stanza(Range<Int>)
        case end
    }

    enum Outcome: Equatable {
        case frame(Frame)
        case needsMoreBytes
        case fault(XMLFault)
    }

    private enum State: Equatable {
        case beforeHeader
        /// Inside `<?xml … ?>`.
        case declaration
        case betweenStanzas
        /// In the text of a stanza.
        case text
        /// After a `<`; what follows decides.
        case markup
        case cdata
        case startTag(openQuote: UInt8?)
        case endTag
        /// After the stream's end tag.
        case ended
    }

    private let limits: ParserLimits
    private var state = State.beforeHeader
    /// Where the piece that is being scanned starts; what is before it may be dropped.
    private(set) var start = 0
    /// The next byte to look at.
    private var position = 0
    /// Where the tag, section or declaration that is being scanned starts.
    private var tagStart = 0
    /// Names of the elements that are open in the stanza, as ranges from ``start``.
    private var openNames: [Range<Int>] = []
    /// The stream header's name with its prefix; empty until the header was read.
    private var streamName: [UInt8] = []
    /// Whether the XML declaration was read.
    private var isDeclared = false

    init(limits: ParserLimits) {
        self.limits = limits
    }

    /// Whether the scan is in, or waits for, a stream header.
    var expectsHeader: Bool {
        streamName.isEmpty
    }

    /// Where the next stanza may begin, while no byte of it was scanned; nil anywhere else.
    var nextStanza: Int? {
        state == .betweenStanzas ? position : nil
    }

    /// The caller read the next stanza by itself, up to a place.
    mutating func didRead(upTo end: Int) {
        start = end
        position = end
    }

    /// Expects a stream header next.
    mutating func restart() {
        state = .beforeHeader
        streamName = []
        isDeclared = false
        openNames.removeAll(keepingCapacity: true)
        position = start
    }

    /// The caller dropped that many bytes from the front, none of them after ``start``.
    mutating func didDrop(_ count: Int) {
        start -= count
        position -= count
        tagStart -= count
    }

    /// Scans on to the end of the next piece.
    ///
    /// - Parameter bytes: the same bytes as last time, with more at the end.
    mutating func scan(_ bytes: UnsafeRawBufferPointer) -> Outcome {
        while true {
            let outcome: Outcome? =
                switch state {
                case .beforeHeader: skipToHeader(bytes)
                case .declaration: scanDeclaration(bytes)
                case .betweenStanzas: skipToMarkup(bytes)
                case .text: scanText(bytes)
                case .markup: classifyMarkup(bytes)
                case .cdata: scanCDATA(bytes)
                case .startTag(let quote): scanStartTag(bytes, openQuote: quote)
                case .endTag: scanEndTag(bytes)
                case .ended: skipAll(bytes)
                }
            if let outcome { return outcome }
        }
    }
}

// MARK: Between tags. Every step goes as far as it can; `nil` means that another one goes on.

extension StanzaFramer {
    private mutating func skipToHeader(_ bytes: UnsafeRawBufferPointer) -> Outcome? {
        while position < bytes.count {
            let byte = bytes[position]
            start = position
            if byte == UInt8(ascii: "<") { return enterMarkup(bytes) }
            // A real client writes a stray > after its tags.
            guard byte.isXMLSpace || byte == UInt8(ascii: ">") else {
                return .fault(
                    XMLFault(.notWellFormed, "\(byte.quoted) instead of <", at: 0))
            }
            position += 1
        }
        start = position
        return .needsMoreBytes
    }

    private mutating func skipToMarkup(_ bytes: UnsafeRawBufferPointer) -> Outcome? {
        position = bytes.index(of: UInt8(ascii: "<"), from: position, to: bytes.count)
        start = position
        return position < bytes.count ? enterMarkup(bytes) : .needsMoreBytes
    }

    private mutating func skipAll(_ bytes: UnsafeRawBufferPointer) -> Outcome? {
        position = bytes.count
        start = position
        return .needsMoreBytes
    }

    private mutating func scanText(_ bytes: UnsafeRawBufferPointer) -> Outcome? {
        let end = min(bytes.count, start + limits.stanzaBytes)
        position = bytes.index(of: UInt8(ascii: "<"), from: position, to: end)
        return position < end ? enterMarkup(bytes) : incomplete(bytes, scannedTo: end)
    }

    private mutating func enterMarkup(_ bytes: UnsafeRawBufferPointer) -> Outcome? {
        tagStart = position
        state = .markup
        return classifyMarkup(bytes)
    }

    private mutating func scanCDATA(_ bytes: UnsafeRawBufferPointer) -> Outcome? {
        let end = min(bytes.count, start + limits.stanzaBytes)
        let contentStart = tagStart + Self.cdataOpening.utf8CodeUnitCount
        while position < end {
            position = bytes.index(of: UInt8(ascii: ">"), from: position, to: end)
            guard position < end else { break }
            position += 1
            if position - contentStart >= 3, bytes[position - 2] == UInt8(ascii: "]"),
                bytes[position - 3] == UInt8(ascii: "]")
            {
                state = .text
                return nil
            }
        }
        return incomplete(bytes, scannedTo: end)
    }

    private mutating func scanDeclaration(_ bytes: UnsafeRawBufferPointer) -> Outcome? {
        let end = min(bytes.count, tagStart + limits.tagBytes)
        while position < end {
            position = bytes.index(of: UInt8(ascii: ">"), from: position, to: end)
            guard position < end else { break }
            position += 1
            guard bytes[position - 2] == UInt8(ascii: "?") else { continue }
            let declaration = UnsafeRawBufferPointer(rebasing: bytes[tagStart..<position])
            if let fault = XMLDeclaration.fault(in: declaration) { return .fault(fault) }
            isDeclared = true
            state = .beforeHeader
            return nil
        }
        return incomplete(bytes, scannedTo: end)
    }
}

// MARK: Tags

extension StanzaFramer {
    private static let cdataOpening: StaticString = "<![CDATA["

    /// Decides what a `<` begins, as soon as enough bytes are there.
    private mutating func classifyMarkup(_ bytes: UnsafeRawBufferPointer) -> Outcome? {
        guard tagStart + 1 < bytes.count else { return .needsMoreBytes }
        let first = bytes[tagStart + 1]
        switch first {
        case UInt8(ascii: "/"):
            guard !expectsHeader else {
                return fault(.notWellFormed, "an end tag instead of a stream header")
            }
            position = tagStart + 2
            state = .endTag
            return scanEndTag(bytes)
        case UInt8(ascii: "?"):
            guard expectsHeader, !isDeclared else {
                return fault(.restrictedXML, "a processing instruction, which XMPP forbids,")
            }
            position = tagStart + 2
            state = .declaration
        case UInt8(ascii: "!"):
            return classifyDeclaration(bytes)
        case _ where first.isXMLNameStart:
            position = tagStart + 1
            return scanStartTag(bytes, openQuote: nil)
        default:
            return fault(
                .notWellFormed, "unescaped <",
                advice: "\(first.quoted) follows, and no tag begins so; write &lt; in text")
        }
        return nil
    }

    private mutating func classifyDeclaration(_ bytes: UnsafeRawBufferPointer) -> Outcome? {
        guard tagStart + 2 < bytes.count else { return .needsMoreBytes }
        switch bytes[tagStart + 2] {
        case UInt8(ascii: "-"):
            return fault(.restrictedXML, "a comment, which XMPP forbids,")
        case UInt8(ascii: "D"):
            return fault(.restrictedXML, "a DOCTYPE, which XMPP forbids,")
        case UInt8(ascii: "[") where !openNames.isEmpty:
            let opening = Self.cdataOpening
            let seen = min(bytes.count - tagStart, opening.utf8CodeUnitCount)
            guard memcmp(bytes.baseAddress! + tagStart, opening.utf8Start, seen) == 0 else {
                return fault(.notWellFormed, "<![ that begins no CDATA section")
            }
            guard seen == opening.utf8CodeUnitCount else { return .needsMoreBytes }
            position = tagStart + seen
            state = .cdata
            return nil
        default:
            return fault(.notWellFormed, "<! that begins nothing known here")
        }
    }

    private mutating func scanStartTag(
        _ bytes: UnsafeRawBufferPointer, openQuote: UInt8?
    ) -> Outcome? {
        var quote = openQuote
        var isComplete = false
        var index = position
        let end = tagWindow(bytes)
        while index < end, !isComplete {
            if let open = quote {
                index = bytes.index(of: open, from: index, to: end)
                guard index < end else { break }
                quote = nil
            } else {
                // Letters are beyond all that ends a run.
                while index < end, bytes[index] > UInt8(ascii: ">") { index += 1 }
                guard index < end else { break }
                let byte = bytes[index]
                if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") { quote = byte }
                isComplete = byte == UInt8(ascii: ">")
            }
            index += 1
        }
        let second = bytes.index(of: UInt8(ascii: "<"), from: position, to: index)
        if second < index { return unescaped(secondAt: second) }
        position = index
        if isComplete { return startTagEnded(bytes) }
        state = .startTag(openQuote: quote)
        return incomplete(bytes, scannedTo: end)
    }

    private mutating func startTagEnded(_ bytes: UnsafeRawBufferPointer) -> Outcome? {
        let name = nameRange(bytes, from: tagStart + 1)
        let isEmpty = bytes[position - 2] == UInt8(ascii: "/")
        if expectsHeader {
            guard !isEmpty else {
                return fault(.badFormat, "a stream header that closes itself")
            }
            streamName = Array(bytes[name])
            return finish(.header(start..<position))
        }
        if openNames.isEmpty, bytes.has(streamName, at: name) {
            return fault(.badFormat, "a second stream header without a reason")
        }
        guard openNames.count < limits.depth else {
            return .fault(
                .limit("elements nested deeper than \(limits.depth)", at: tagStart - start))
        }
        if !isEmpty {
            openNames.append(name.lowerBound - start..<name.upperBound - start)
        } else if openNames.isEmpty {
            return finish(.stanza(start..<position))
        }
        state = .text
        return nil
    }

    private mutating func scanEndTag(_ bytes: UnsafeRawBufferPointer) -> Outcome? {
        let end = tagWindow(bytes)
        let closing = bytes.index(of: UInt8(ascii: ">"), from: position, to: end)
        let second = bytes.index(of: UInt8(ascii: "<"), from: position, to: closing)
        if second < closing { return unescaped(secondAt: second) }
        position = closing
        guard closing < end else { return incomplete(bytes, scannedTo: end) }
        position += 1
        return endTagEnded(bytes)
    }

    private mutating func endTagEnded(_ bytes: UnsafeRawBufferPointer) -> Outcome? {
        let name = nameRange(bytes, from: tagStart + 2)
        guard
            name.upperBound == position - 1
                || bytes[name.upperBound..<position - 1].allSatisfy(\.isXMLSpace)
        else {
            return fault(.notWellFormed, "an end tag that is more than a name")
        }
        guard let open = openNames.popLast() else {
            guard bytes.has(streamName, at: name) else {
                return fault(
                    .notWellFormed, "</\(bytes.excerpt(name))>, which closes nothing,")
            }
            return finish(.end)
        }
        let opened = open.lowerBound + start..<open.upperBound + start
        guard bytes.hasSameBytes(at: opened, and: name) else {
            return fault(
                .notWellFormed,
                "</\(bytes.excerpt(name))> instead of </\(bytes.excerpt(opened))>",
                advice: "<\(bytes.excerpt(opened)) at byte \(open.lowerBound - 1) is open: "
                    + "an unescaped <, or an end tag is missing")
        }
        if openNames.isEmpty { return finish(.stanza(start..<position)) }
        state = .text
        return nil
    }

    private mutating func finish(_ frame: Frame) -> Outcome {
        start = position
        state = frame == .end ? .ended : .betweenStanzas
        return .frame(frame)
    }

    private func nameRange(_ bytes: UnsafeRawBufferPointer, from first: Int) -> Range<Int> {
        var end = first
        // Letters are beyond all that ends a name.
        while bytes[end] > UInt8(ascii: ">")
            || !bytes[end].isXMLSpace && bytes[end] != UInt8(ascii: "/")
                && bytes[end] != UInt8(ascii: ">")
        { end += 1 }
        return first..<end
    }
}

// MARK: Bounds and faults

extension StanzaFramer {
    /// Where the scan of a tag must stop: at the last byte that is there, or that is allowed.
    private func tagWindow(_ bytes: UnsafeRawBufferPointer) -> Int {
        let end = min(bytes.count, tagStart + limits.tagBytes)
        return expectsHeader ? end : min(end, start + limits.stanzaBytes)
    }

    /// The scan ended without an end: at a limit, if there are bytes beyond.
    private func incomplete(
        _ bytes: UnsafeRawBufferPointer, scannedTo end: Int
    ) -> Outcome {
        guard end < bytes.count else { return .needsMoreBytes }
        if !expectsHeader, end >= start + limits.stanzaBytes {
            return .fault(
                .limit("stanza exceeds \(limits.stanzaBytes) bytes", at: limits.stanzaBytes))
        }
        return .fault(.limit("tag exceeds \(limits.tagBytes) bytes", at: end - start))
    }

    private func fault(
        _ condition: StreamError.Condition, _ finding: String, advice: String? = nil
    ) -> Outcome {
        .fault(XMLFault(condition, finding, at: tagStart - start, advice: advice))
    }

    /// A `<` came before a tag had its `>`.
    private func unescaped(secondAt second: Int) -> Outcome {
        fault(
            .notWellFormed, "unescaped <",
            advice: "no > ends it before the next < at byte \(second - start); write &lt; in text")
    }
}
