package import CloudMessaging
package import Journal

/// Who looks on while a play is given, to judge what must hold in every run.
package protocol PlayWitness: AnyObject {
    /// Told of each event after it was recorded.
    func observe(_ event: JournalEvent)
    /// The relay's process is gone, in order or not; its store is as the next life will find it.
    ///
    /// - Parameter now: by the relay's clock.
    func relayEnded(now: Instant)
    /// A device's process is gone.
    ///
    /// - Parameter isGone: whether a message was never durable (time to live 0).
    func deviceDied(_ name: Participant, isGone: (MessageID) -> Bool)
}
