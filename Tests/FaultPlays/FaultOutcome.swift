package import CloudMessaging
package import Faults
package import Journal

/// What came of a play: what the app server heard, what the relay and the device tell.
package struct FaultOutcome: Sendable {
    package let point: FaultPoint
    package let sender: SenderID
    package let heard: Heard
    /// The journal.
    package let events: [JournalEvent]
    /// The IDs of the messages that the device got.
    package let received: [String]

    package init(
        _ point: FaultPoint, _ sender: SenderID, _ heard: Heard, _ events: [JournalEvent],
        received: [String]
    ) {
        self.point = point
        self.sender = sender
        self.heard = heard
        self.events = events
        self.received = received
    }

    private func events(_ kind: JournalEvent.Kind) -> [JournalEvent] {
        events.filter { $0.kind == kind }
    }

    // MARK: What both sides take for true

    /// What the app server saw of what the play is about.
    package var sights: [String] {
        var sights = heard.sights
        switch point {
        case .upstreamAck: sights.removeAll { $0.hasPrefix("m-") }
        case .receipt: sights.removeAll { $0.hasPrefix("ack ") }
        case .downstreamStanza:
            sights = sights.map { sight in
                let isKnown = sight.contains("d-1") || sight.contains("d-2")
                return !isKnown && sight.hasPrefix("ack ") ? "ack ?" : sight
            }
        case .login where heard.text.contains("<not-authorized"):
            sights.insert("not-authorized", at: 0)
        case .upstreamStanza, .downstreamAnswer, .connection, .login: break
        }
        return sights
    }

    /// What the relay takes for done.
    package var beliefs: [String] {
        switch point {
        case .upstreamStanza: ids(events(.upstreamStanza))
        case .receipt: ids(events(.receipt))
        case .upstreamAck: ids(events(.messageState).filter { $0.state == .settled })
        case .downstreamStanza, .downstreamAnswer:
            received.map { ["d-1", "d-2"].contains($0) ? $0 : "?" }
        case .connection, .login: bindings.map { _ in "bound" }
        }
    }

    private func ids(_ events: [JournalEvent]) -> [String] {
        events.compactMap { $0.messageID?.text }
    }

    private var bindings: [JournalEvent] {
        events(.connectionBound).filter { $0.sender == sender }
    }

    // MARK: Verdict

    /// What is not as it was expected, in words; none: all is well.
    ///
    /// - Parameter sound: the bytes that the app server hears without the fault; nil: they are not
    ///   compared.
    package func differences(from expected: FaultCase, sound: [UInt8]? = nil) -> [String] {
        var differences: [String] = []
        func compare<Value: Equatable>(_ what: String, _ value: Value, _ wanted: Value) {
            if value != wanted { differences.append("\(what): \(value) instead of \(wanted)") }
        }
        if expected.bytes == nil { compare("sights", sights, expected.sees) }
        compare("state", heard.state, expected.state)
        compare("beliefs", beliefs, expected.believes)
        let faults = events(.fault)
        compare("deeds", faults.map { $0.detail?.deed }, [expected.deed.name.rawValue])
        compare("numbers", faults.map { $0.detail?.fault }, [1])
        compare("senders", faults.map(\.sender), [sender])
        compare("causes", faults.map { cause(of: $0)?.kind }, [causeOfFault])
        if case .delay(let delay) = expected.deed, point.victim == nil, let fault = faults.first {
            // Stanzas that are late are overtaken: the sights show it.
            for binding in bindings where fault.instant.duration(to: binding.instant) < delay {
                differences.append("the binding came too early")
            }
        }
        if let bytes = expected.bytes, let sound {
            differences += self.differences(from: sound, bytes)
        }
        return differences
    }

    private func differences(from whole: [UInt8], _ bytes: FaultCase.Bytes) -> [String] {
        let bitten = heard.bytesAfterBinding
        switch bytes {
        case .oneBitElse:
            let bits = zip(whole, bitten).reduce(0) { $0 + ($1.0 ^ $1.1).nonzeroBitCount }
            let isRight = whole.count == bitten.count && bits == 1
            return isRight ? [] : ["\(bits) other bits in \(bitten.count) of \(whole.count)"]
        case .halfOfTheStanza:
            let last = heard.text.split(separator: "<message").last ?? ""
            let isRight =
                whole.starts(with: bitten) && last.count > 20 && !last.contains("</message>")
            return isRight ? [] : ["no half of a stanza: \(last)"]
        }
    }

    private func cause(of event: JournalEvent) -> JournalEvent? {
        event.cause.flatMap { cause in events.first { $0.number == cause } }
    }

    /// What led to the fault, as the journal tells it.
    private var causeOfFault: JournalEvent.Kind {
        switch point {
        case .upstreamStanza: .upstreamStanza
        case .receipt: .receipt
        case .upstreamAck: .upstreamAck
        case .downstreamStanza, .downstreamAnswer: .downstreamStanza
        case .connection: .loginAccepted
        case .login: .connectionOpened
        }
    }
}

extension FaultPoint {
    /// The stanza that is bitten in the plays.
    package var victim: String? {
        switch self {
        case .upstreamStanza, .upstreamAck: "m-1"
        case .downstreamStanza, .downstreamAnswer: "d-1"
        case .receipt: "dr2:d-1"
        case .connection, .login: nil
        }
    }

    /// A fault that bites the first of what a play is about.
    package func rule(_ deed: FaultDeed, sender: SenderID) throws -> FaultRule {
        let match = victim.map { "message_id=\"\($0)\"" } ?? "sender_id=\(sender)"
        return try FaultRule(on: self, match: Match(parsing: match), do: deed, .times(1))
    }
}
