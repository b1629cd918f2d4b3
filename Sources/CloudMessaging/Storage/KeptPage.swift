/// A message that a store holds, whichever way it goes.
package enum KeptMessage: Sendable {
    case upstream(UpstreamMessage)
    case downstream(DownstreamMessage)

    /// Its number among all messages of the store; a message to a topic has one in all mailboxes.
    package var number: Int64 {
        switch self {
        case .upstream(let message): message.key.sequence
        case .downstream(let message): message.key.sequence
        }
    }

    package var sender: SenderNumber {
        switch self {
        case .upstream(let message): message.key.lane.sender
        case .downstream(let message): message.sender
        }
    }
}

/// A page of what a store holds, for people: all upstream messages by number, then all downstream
/// messages by mailbox.
package struct KeptPage: Sendable {
    /// Where a page begins: what comes after a message, which may be gone by then.
    package enum Place: Hashable, Sendable {
        case upstream(after: Int64)
        case downstream(after: MailboxKey)

        package static let start = Place.upstream(after: 0)
        static let firstMailbox = Place.downstream(after: MailboxKey(registration: 0, sequence: 0))
    }

    package var messages: [KeptMessage] = []
    /// Where the next page begins; nil: this one was the last.
    package var next: Place?

    package init() {}

    /// - Parameter last: the place of the last row that was looked at; nil: there are no more.
    package init(_ messages: [KeptMessage], from place: Place, last: Place?) {
        self.messages = messages
        switch (place, last) {
        case (_, let last?): next = last
        case (.upstream, nil): next = .firstMailbox
        case (.downstream, nil): next = nil
        }
    }
}
