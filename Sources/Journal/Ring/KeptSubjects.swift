import CloudMessaging

/// Writes the subjects of events into blocks of bytes, that of one upstream message once for as
/// long as its events come near each other.
struct KeptSubjects: Sendable {
    private var texts = TextBlocks()
    /// Where the upstream messages stand that were written last, by the last digits of their
    /// sequences.
    private var places = ContiguousArray<Written>()

    private struct Written: Sendable {
        var message: MessageKey?
        var place = TextBlocks.Place()
    }

    /// Messages whose places are remembered, a power of two.
    private static let remembered = 1 << 12

    /// Bytes that names and payloads take.
    var size: Int { texts.size }

    /// - Parameters:
    ///   - event: the number of the event that the subject is of.
    ///   - oldest: the number of the oldest event that is still there.
    mutating func keep(
        _ subject: JournalEvent.Subject, for event: UInt64, oldest: UInt64
    ) -> KeptSubject {
        switch subject {
        case .nothing:
            return .nothing
        case .upstream(let message):
            return .upstream(message.origin, place(of: message, for: event, oldest: oldest))
        case .downstream(let message):
            return .downstream(message)
        case .named(let names):
            let place = texts.write(bytes: names.packedSize, for: event, oldest: oldest) {
                names.write(to: &$0)
            }
            return .named(place)
        }
    }

    private mutating func place(
        of message: UpstreamMessage, for event: UInt64, oldest: UInt64
    ) -> TextBlocks.Place {
        if places.isEmpty { places = .init(repeating: Written(), count: Self.remembered) }
        let slot = Int(message.key.sequence) & (Self.remembered - 1)
        let written = places[slot]
        if written.message == message.key, texts.isNear(written.place) { return written.place }
        let place = texts.write(bytes: message.packedSize, for: event, oldest: oldest) {
            message.write(to: &$0)
        }
        places[slot] = Written(message: message.key, place: place)
        return place
    }

    /// From here on a number may stand for another message.
    mutating func forgetPlaces() {
        places = []
    }

    mutating func removeAll() {
        texts.removeAll()
    }

    func subject(_ subject: KeptSubject) -> JournalEvent.Subject {
        switch subject {
        case .nothing:
            .nothing
        case .upstream(let origin, let place):
            texts.read(at: place) { .upstream(UpstreamMessage(readFrom: &$0, origin: origin)) }
        case .downstream(let message):
            .downstream(message)
        case .named(let place):
            texts.read(at: place) { .named(JournalEvent.Names(readFrom: &$0)) }
        }
    }
}

extension JournalEvent.Kind {
    /// Whether what a store did not commit may be gone: a message that comes later can get the
    /// number of one that is lost.
    var mayRepeatNumbers: Bool { self == .processStarted || self == .storePowerCut }
}
