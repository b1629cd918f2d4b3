package import CloudMessaging

/// A store that shows what it holds: for people, never for the relay's own work.
package protocol BrowsableStore: MessageStore {
    /// At most so many messages after a place. Costs what the page has, not what the store has.
    func page(from place: KeptPage.Place, limit: Int) throws(StoreFailure) -> KeptPage

    /// The messages of a number: at most one, or one for each mailbox of a message to many, of which
    /// at most 100 are shown.
    func messages(numbered number: Int64) throws(StoreFailure) -> [KeptMessage]

    /// At most so many active registrations with higher numbers, by number.
    func registrations(
        after number: Int64, limit: Int
    ) throws(StoreFailure) -> [Registration]
}

/// How many mailboxes of one message are shown.
package let mailboxesShown = 100
