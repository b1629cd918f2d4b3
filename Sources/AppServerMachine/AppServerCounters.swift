/// What an app server counted since it was made.
package struct AppServerCounters: Hashable, Sendable {
    /// Messages that came, repeats included.
    package var deliveries = 0
    /// ACKs that were sent.
    package var acknowledgements = 0
    /// Messages that were ACKed, each once.
    ///
    /// The pair of token and ID does not name a message: an app may use an ID again (design
    /// decision 8). What differs in the bytes of `data` is another message; what agrees in those
    /// too is one, as an app server cannot tell. A message whose pair was forgotten meanwhile
    /// (`AppServerSettings.rememberedPairs`) counts again.
    package var distinctAcknowledged = 0
    /// Delivery receipts that came, repeats included.
    package var receipts = 0
    /// Deliveries that the policy left unanswered.
    package var skipped = 0
    /// ACKs that were not sent because the connection that carried the message was gone, or had
    /// never carried it; the relay delivers such a message again.
    package var droppedAcknowledgements = 0
}
