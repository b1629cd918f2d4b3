import CloudMessaging

/// An event as the ring keeps it: it holds on to nothing that is freed with its message.
struct JournalEntry: Sendable {
    let number: UInt64
    let facts: JournalEvent.Facts
    let subject: KeptSubject
}

/// The subject of an event in the ring; names and payload stand in the `TextBlocks`.
enum KeptSubject: Sendable {
    case nothing
    case upstream(Registration, TextBlocks.Place)
    case named(TextBlocks.Place)
    /// Of one with many addressees, most stands in a template that they share.
    case downstream(DownstreamMessage)
}
