import CloudMessaging

/// What a sender's queue knows about one (token, message ID) pair.
///
/// An ACK names the pair, not an attempt. On one connection, ACKs of a pair are credited to the
/// attempts that this connection carried, oldest first, whichever message they belong to; a message
/// is settled only by an ACK credited to an attempt of its own (design decision 7).
struct PairRecord: Hashable {
    /// The message of the pair that was sent and is not yet settled, expired or discarded.
    var flight: Flight?
    /// Later messages of the same pair, which wait until the flight has ended: with both in flight
    /// an ACK could settle the wrong one (design decision 8).
    var held: [UpstreamMessage] = []
    /// Credits of messages that ended; always older than the flight's.
    var leftovers: [Leftover] = []

    /// Whether a message is in flight or held back here.
    func holds(_ key: MessageKey) -> Bool {
        flight?.message.key == key || held.contains { $0.key == key }
    }

    var isEmpty: Bool { flight == nil && held.isEmpty && leftovers.isEmpty }
}

/// A message that was sent at least once and has no final state.
struct Flight: Hashable {
    let message: UpstreamMessage
    var attempts = 0
    /// Where the latest attempt went; nil while the message waits to be sent again.
    var latest: ConnectionID?
    /// When the latest attempt was made.
    var sentAt: Instant?
    /// How long the latest attempt waits for its ACK.
    var delay = Duration.zero
    var carriers = Carriers()
    /// Why the next attempt is made.
    var retryCause = RetryCause.connectionLost
}

/// A live connection that carried a message, and what it may still be credited for.
struct Carrier: Hashable {
    let connection: ConnectionID
    /// Attempts on this connection that no ACK was credited to.
    var credits: Int
    /// The message's place in the connection's window.
    let slot: Int
}

/// The connections that carried a message: nearly always one, so the first needs no array.
struct Carriers: Hashable {
    private var first: Carrier?
    private var others: [Carrier] = []

    func forEach(_ handle: (Carrier) -> Void) {
        if let first { handle(first) }
        others.forEach(handle)
    }

    subscript(connection: ConnectionID) -> Carrier? {
        if let first, first.connection == connection { return first }
        return others.first { $0.connection == connection }
    }

    /// One more attempt on a connection that carried the message before; false: it did not.
    mutating func addCredit(on connection: ConnectionID) -> Bool {
        if first?.connection == connection {
            first?.credits += 1
            return true
        }
        guard let index = others.firstIndex(where: { $0.connection == connection })
        else { return false }
        others[index].credits += 1
        return true
    }

    mutating func append(_ carrier: Carrier) {
        if first == nil { first = carrier } else { others.append(carrier) }
    }

    mutating func remove(_ connection: ConnectionID) {
        if first?.connection == connection {
            first = others.isEmpty ? nil : others.removeFirst()
        } else {
            others.removeAll { $0.connection == connection }
        }
    }
}

/// Credits of a message that was settled or has expired.
struct Leftover: Hashable {
    let connection: ConnectionID
    let key: MessageKey
    var credits: Int
    /// An expired message keeps its slot until an ACK or the end of the connection.
    var slot: Int?
}
