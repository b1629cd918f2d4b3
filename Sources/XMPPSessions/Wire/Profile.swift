/// A set of quirks: the form of stanzas on the app-server port as one source has it. The meaning is
/// the same in all of them (contract, "Wire").
package enum Profile: String, Sendable, CaseIterable {
    /// As captured from the real service: what every real app server tried accepts.
    case observed
    /// As drawn in the public documentation: `<message id="">`.
    case docs

    package var quirks: WireQuirks {
        var quirks = WireQuirks()
        switch self {
        case .observed:
            break
        case .docs:
            quirks.featuresPrefix = .str
            quirks.messageAttributes = .bare
            quirks.stanzaID = .empty
            quirks.upstreamMembers = .documented
            quirks.answerPrefix = .absent
        }
        return quirks
    }
}
