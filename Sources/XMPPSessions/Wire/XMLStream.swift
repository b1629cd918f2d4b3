package import XMPP

/// One side of an XMPP stream: a parser for what comes in, a writer for what goes out.
struct XMLStream {
    private var parser = StreamParser()
    var output = XMLWriter()
    /// Whether our side has ended the stream; nothing is written after that.
    private(set) var isEnded = false

    /// Bytes that wait because the session waits.
    var bufferedBytes: Int { parser.bufferedBytes }

    mutating func receive(_ bytes: UnsafeRawBufferPointer) {
        parser.append(bytes)
    }

    mutating func next() throws(StreamParserError) -> StreamEvent? {
        try parser.next()
    }

    mutating func restart() {
        parser.restart()
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

    mutating func open(_ header: StreamHeader) {
        output.streamHeader(header)
    }

    /// Ends our side of the stream; once is enough.
    mutating func end() {
        guard !isEnded else { return }
        output.streamEnd()
        isEnded = true
    }

    /// Ends our side with an error (RFC 6120 §4.9).
    mutating func end(_ error: StreamError) {
        write(error.element)
        end()
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
        self.init(error.condition, error.description)
    }

    package var description: String { "\(condition.rawValue): \(reason)" }
}
