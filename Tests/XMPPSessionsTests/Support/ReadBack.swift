import XMPP

/// Reads what a session wrote, as a peer would.
enum ReadBack {
    /// Every stanza of every stream that one side opened, one after the other.
    ///
    /// - Throws: a parser's error, or ``Unfinished`` when something is cut off at the end.
    @discardableResult
    static func stanzas(_ output: [UInt8]) throws -> [Element] {
        try streams(in: output).flatMap { try stanzasOfOne($0) }
    }

    struct Unfinished: Error {}

    /// Cut before each stream header: a header inside a stanza would have its `<` escaped.
    private static func streams(in output: [UInt8]) -> [ArraySlice<UInt8>] {
        let starts = output.ranges(of: Array("<stream:stream ".utf8)).map(\.lowerBound)
        let cuts = [0] + starts.filter { $0 > 0 } + [output.count]
        return zip(cuts, cuts.dropFirst()).map { output[$0..<$1] }
    }

    private static func stanzasOfOne(_ stream: ArraySlice<UInt8>) throws -> [Element] {
        var limits = ParserLimits()
        limits.stanzaBytes = 1 << 20
        limits.tagBytes = 1 << 16
        var parser = StreamParser(limits: limits)
        parser.append(Array(stream))
        var stanzas: [Element] = []
        while let event = try parser.next() {
            if case .stanza(let element) = event { stanzas.append(element) }
        }
        guard parser.bufferedBytes == 0 else { throw Unfinished() }
        return stanzas
    }
}
