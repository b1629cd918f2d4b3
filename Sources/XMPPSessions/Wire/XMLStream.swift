package import XMPP

/// One side of an XMPP stream: a parser for what comes in, a writer for what goes out.
struct XMLStream {
    private var parser = StreamParser()
    var output = XMLWriter()
    /// Whether our header is out, so that an end tag may follow.
    private(set) var isOpen = false
    /// Whether our side has ended the stream; nothing is read or written after that.
    private(set) var isEnded = false

    /// Bytes that wait because the session waits.
    var bufferedBytes: Int { parser.bufferedBytes }

    mutating func receive(_ bytes: UnsafeRawBufferPointer) {
        // A peer may talk on until its connection is closed.
        guard !isEnded else { return }
        parser.append(bytes)
    }

    mutating func next() throws(StreamParserError) -> StreamEvent? {
        try parser.next()
    }

    /// Expects a new header of the peer, and needs one of ours, after a login.
    mutating func restart() {
        parser.restart()
        isOpen = false
    }

    /// Gives back what an idle stream does not need.
    mutating func releaseMemory() {
        parser.releaseMemory()
        if output.bytes.isEmpty { output.bytes = [] }
    }

    mutating func write(_ element: Element) {
        guard !isEnded else { return }
        output.element(element)
    }

    /// Writes what this side offers, under the prefix of the stream header or one of its own.
    mutating func write(_ features: StreamFeatures, _ prefix: WireQuirks.FeaturesPrefix) {
        switch prefix {
        case .stream: write(features.element)
        case .str: output.elementWithOwnPrefix(features.element, prefix: "str")
        }
    }

    mutating func open(_ header: StreamHeader) {
        output.streamHeader(header)
        isOpen = true
    }

    /// Ends our side of the stream; once is enough, and nothing to write if it was never opened.
    mutating func end() {
        guard !isEnded else { return }
        if isOpen { output.streamEnd() }
        isEnded = true
    }

    /// Ends our side with an error (RFC 6120 §4.9).
    mutating func end(_ error: StreamError) {
        write(error.element)
        end()
    }
}

extension XMLWriter {
    /// Writes an element whose prefix it declares itself; what is in it has none.
    fileprivate mutating func elementWithOwnPrefix(_ element: Element, prefix: String) {
        let name = "\(prefix):\(element.name)"
        openTag(name)
        attribute("xmlns:\(prefix)", element.namespace)
        endTagOpening()
        for child in element.children { self.element(child) }
        closeTag(name)
    }
}

/// Why a stream was ended by our side, for the log and the error's text.
package struct StreamFault: Error, Sendable, CustomStringConvertible {
    package let condition: StreamError.Condition
    /// What was wrong and where, in a sentence.
    package let reason: String

    package init(_ condition: StreamError.Condition, _ reason: String) {
        self.condition = condition
        self.reason = reason
    }

    package init(_ error: StreamParserError) {
        self.init(error.condition, error.reason)
    }

    package var description: String { "\(condition.rawValue): \(reason)" }
}
