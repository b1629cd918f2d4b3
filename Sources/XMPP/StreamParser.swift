/// Reads one side of an XMPP stream: bytes in, events out when they are asked for.
///
/// A caller that stops asking leaves the rest of the bytes where they are, which is how
/// back-pressure reaches the peer. A parser is a value: a copy goes its own way.
package struct StreamParser: Sendable {
    package let limits: ParserLimits
    private var framer: StanzaFramer
    private var buffer: [UInt8] = []
    /// Bytes at the front of the buffer that were dealt with.
    private var used = 0
    /// Bytes of the connection before the front of the buffer.
    private var dropped = 0
    /// The stream header's tag, from which the context can be made anew.
    private var header: [UInt8] = []
    private var context: XMLPushParser?
    private var failure: StreamParserError?

    package init(limits: ParserLimits = ParserLimits()) {
        self.limits = limits
        framer = StanzaFramer(limits: limits)
    }

    /// Bytes that were appended and not yet read as an event, or skipped between events.
    package var bufferedBytes: Int {
        buffer.count - used
    }

    /// Takes bytes from the peer. The caller bounds how many by asking for all events in between.
    package mutating func append(_ bytes: UnsafeRawBufferPointer) {
        compact()
        buffer.append(contentsOf: bytes)
    }

    /// Takes bytes from the peer.
    package mutating func append(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { append($0) }
    }

    /// Expects a new stream header next, as after a successful authentication (RFC 6120 §6.4.6).
    /// It may have arrived already.
    package mutating func restart() {
        framer.restart()
        header = []
        context = nil
    }

    /// Gives back what an idle stream does not need; the next stanza costs a little more.
    package mutating func releaseMemory() {
        context = nil
        compact()
        if buffer.isEmpty { buffer = [] }
    }

    /// The next event, or `nil` when it is not complete yet.
    ///
    /// - Throws: the same error again, once the stream was found broken.
    package mutating func next() throws(StreamParserError) -> StreamEvent? {
        if let failure { throw failure }
        if let stanza = plainStanza() { return .stanza(stanza) }
        switch buffer.withUnsafeBytes({ framer.scan($0) }) {
        case .needsMoreBytes:
            used = framer.start
            return nil
        case .fault(let fault):
            throw fail(fault, at: framer.start, in: framer.expectsHeader ? .header : .stanza)
        case .frame(.header(let range)):
            used = framer.start
            return .opened(try openStream(range))
        case .frame(.stanza(let range)):
            used = framer.start
            return .stanza(try parseStanza(range))
        case .frame(.end):
            used = framer.start
            return .closed
        }
    }

    /// The next stanza if all of it is there, and plain; tried once, when its first byte is there.
    private mutating func plainStanza() -> Element? {
        guard let start = framer.nextStanza, start < buffer.count,
            isKnownUniquelyReferenced(&context), let context
        else { return nil }
        let (stanza, end) = buffer.withUnsafeBytes { bytes in
            var reader = PlainStanza(in: bytes, at: start, limits: limits, parser: context)
            return (reader.read(), reader.position)
        }
        guard let stanza else { return nil }
        framer.didRead(upTo: end)
        used = end
        return stanza
    }

    private mutating func openStream(
        _ range: Range<Int>
    ) throws(StreamParserError) -> StreamHeader {
        header = Array(buffer[range])
        let parser = makeContext()
        do {
            return try parser.header()
        } catch {
            throw fail(error, at: range.lowerBound, in: .header)
        }
    }

    private mutating func parseStanza(_ range: Range<Int>) throws(StreamParserError) -> Element {
        // Made anew after memory was released, and when a copy of this parser holds it too.
        let parser = isKnownUniquelyReferenced(&context) ? context ?? makeContext() : makeContext()
        do throws(XMLFault) {
            let element = try buffer.withUnsafeBufferPointer { (bytes) throws(XMLFault) in
                try parser.parse(
                    UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(bytes)[range]))
            }
            if parser.nameCount > limits.names {
                throw XMLFault.limit("stream uses more than \(limits.names) names", at: 0)
            }
            return element
        } catch {
            throw fail(error, at: range.lowerBound, in: .stanza)
        }
    }

    private mutating func makeContext() -> XMLPushParser {
        let parser = header.withUnsafeBytes { XMLPushParser(header: $0) }
        context = parser
        return parser
    }

    private enum Place: String {
        case header = "stream header"
        case stanza
    }

    private mutating func fail(
        _ fault: XMLFault, at start: Int, in place: Place
    ) -> StreamParserError {
        let error = StreamParserError(
            condition: fault.condition, reason: fault.sentence(place: place.rawValue),
            streamOffset: dropped + start + fault.offset)
        failure = error
        return error
    }

    /// Moves what is left to the front, but only when that is less than what goes away: each byte
    /// is moved at most once on average, however the stream is cut.
    private mutating func compact() {
        guard used > 0, used >= buffer.count - used else { return }
        if used == buffer.count {
            buffer.removeAll(keepingCapacity: true)
        } else {
            buffer.removeFirst(used)
        }
        framer.didDrop(used)
        dropped += used
        used = 0
    }
}
