import XMPP

/// Reads what a session wrote, as a peer would.
enum ReadBack {
    /// Everything that one side wrote, restart included; a fault is an `Issue` of the writer.
    ///
    /// - Parameter isWhole: whether nothing may be cut off at the end.
    static func stanzas(_ output: [UInt8], isWhole: Bool = true) throws -> [Element] {
        var limits = ParserLimits()
        limits.stanzaBytes = 1 << 20
        limits.tagBytes = 1 << 16
        var parser = StreamParser(limits: limits)
        parser.append(output)
        var stanzas: [Element] = []
        while let event = try parser.next() {
            guard case .stanza(let element) = event else { continue }
            stanzas.append(element)
            // After it the other side writes a stream header anew; so does whoever was let in.
            if element.is("success", in: Namespace.sasl) || element.is("auth", in: Namespace.sasl) {
                parser.restart()
            }
        }
        guard !isWhole || parser.bufferedBytes == 0 else { throw Unfinished() }
        return stanzas
    }

    struct Unfinished: Error {}
}
