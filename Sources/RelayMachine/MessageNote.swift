package import CloudMessaging

/// What becomes of a message, step by step: for a journal, and told only with
/// `RelaySettings.tellsMessages`.
///
/// That a message is written is an action (`transmit`, `deliver`); that it is given up is a
/// `RelayNote`, which the log tells, too.
package enum MessageNote: Hashable, Sendable {
    /// A message got its number; what it was made of came in the same round.
    case made(Int64, of: MessageSource, sender: SenderNumber)
    case upstream(UpstreamMessage, UpstreamStep)
    case downstream(DownstreamMessage, DownstreamStep)
    /// The store found that an upstream message has expired, and nobody had it in memory.
    case expired(ExpiredMessage)
    /// A message to a topic or a group is in the mailboxes of so many, under one number.
    case fannedOut(Int64, DownstreamTemplate, count: Int)
    /// Messages left their mailbox, by number, when another came.
    case dropped([Int64], DropCause, by: DownstreamMessage)
    /// The store found that a message in a mailbox has expired.
    case depositExpired(MailboxKey)

    /// Whose message it is; nil: nobody knows any more.
    package var sender: SenderNumber? {
        switch self {
        case .made(_, _, let sender): sender
        case .upstream(let message, _): message.key.lane.sender
        case .downstream(let message, _), .dropped(_, _, let message): message.sender
        case .expired(let message): message.key.lane.sender
        case .fannedOut(_, let template, _): template.sender
        case .depositExpired: nil
        }
    }
}

/// What a message was made of.
package enum MessageSource: Hashable, Sendable {
    case upload(Ticket, on: DeviceStreamID)
    case request(MessageID, on: ConnectionID)
    /// A device acknowledged a message whose sender wants a receipt.
    case delivery(on: DeviceStreamID)
    /// Somebody put it in.
    case order
}

/// What becomes of a message to an app server.
package enum UpstreamStep: Hashable, Sendable {
    /// It waits for its turn, and why.
    case queued(QueueCause)
    /// It waits until an earlier message of its pair has ended.
    case held
    /// An attempt has waited so long for its ACK in vain.
    case timerFired(ConnectionID, attempt: Int, delay: Duration)
    case settled(on: ConnectionID)
    /// Its time to live is over; TTL 0: nobody took it.
    case expired
    case endedByHand(HandEnding)
}

/// Why a message waits for its turn.
package enum QueueCause: Hashable, Sendable {
    /// It is on disk.
    case stored
    /// No ACK came, and no connection takes it now.
    case noRoom
    /// The connection that carried it is gone.
    case connectionLost(ConnectionID)
    /// The earlier message of its pair has ended.
    case released
}

/// What becomes of a message to a device.
package enum DownstreamStep: Hashable, Sendable {
    /// It is in its mailbox.
    case queued
    /// It is in its mailbox still: the stream that carried it is gone.
    case queuedAgain(after: DeviceStreamID)
    /// The device acknowledged it.
    case settled(on: DeviceStreamID)
    /// Time to live 0, and the device was not there.
    case expired
    case endedByHand(HandEnding)
}

/// Why messages leave their mailbox.
package enum DropCause: Hashable, Sendable {
    /// A newer message has their collapse key, or there are too many keys.
    case collapsed
    /// The mailbox was full; the newest message is among them.
    case overflowed
}
