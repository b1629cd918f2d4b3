package import CloudMessaging
package import Faults
package import Journal
package import RelayMachine
package import XMPPSessions

/// Told what happens on a relay, in the order in which it happens; must not block.
///
/// Whoever wants to hear of some of it leaves the rest to the empty defaults.
package protocol RelayObserver: AnyObject {
    /// Who is told of stanzas and steps of messages, too; nil: nobody, and they cost nothing. Asked
    /// once.
    var hearer: (any RelayObserver)? { get }

    // MARK: The process

    func started()
    /// Everything is stored, and every connection is gone.
    func stopped()

    // MARK: Connections

    /// - Parameter peer: who it is, if the driver knows.
    func opened(_ id: ConnectionID, peer: String?)
    func opened(_ id: DeviceStreamID, peer: String?)
    func loggedIn(_ id: ConnectionID, _ sender: SenderID)
    func loggedIn(_ id: DeviceStreamID, _ device: DeviceID)
    func bound(_ id: ConnectionID, _ sender: SenderID, _ jid: String)
    func bound(_ id: DeviceStreamID)
    func checkedIn(_ device: DeviceID, _ id: DeviceStreamID)
    /// The connection's end was announced, if the quirk has it announced.
    func draining(_ id: ConnectionID)
    func disconnected(_ id: ConnectionID, _ sender: SenderID?, reason: TransportClosing)
    func disconnected(_ id: DeviceStreamID, reason: TransportClosing)
    /// An app server broke a rule.
    func refused(_ id: ConnectionID, _ sender: SenderID?, _ diagnosis: Diagnosis)
    /// A device broke a rule.
    func refused(_ id: DeviceStreamID, _ diagnosis: Diagnosis)
    /// An app server is sent away because it said nothing.
    func idle(_ id: ConnectionID, _ sender: SenderID?)

    // MARK: Faults

    /// Faults bite a step of a connection. What came was told of before; what is to be written is
    /// told of when it is.
    ///
    /// - Parameter step: as the faults saw it; an event of no journal.
    /// - Returns: the number of the event that tells it, if one is kept.
    func bitten(_ step: JournalEvent, by bites: [FaultBite]) -> UInt64?

    // MARK: Messages

    /// A message goes to an app server, for the `attempt`th time.
    ///
    /// - Parameter timeout: how long its ACK is waited for; nil: as long as the connection lasts.
    func transmitted(
        _ message: UpstreamMessage, to id: ConnectionID, attempt: Int, timeout: Duration?
    )
    func note(_ note: RelayNote)
    /// The store has made a batch durable, with so many messages in it.
    func committed(messages: Int)
    /// Told only to the `hearer`.
    func passed(_ stanza: RelayStanza)
    /// Told only to the `hearer`.
    ///
    /// - Parameter sender: whose message it is, if that is known.
    func told(_ note: MessageNote, of sender: SenderID?)
}

extension RelayObserver {
    package var hearer: (any RelayObserver)? { nil }

    package func started() {}
    package func stopped() {}

    package func opened(_ id: ConnectionID, peer: String?) {}
    package func opened(_ id: DeviceStreamID, peer: String?) {}
    package func loggedIn(_ id: ConnectionID, _ sender: SenderID) {}
    package func loggedIn(_ id: DeviceStreamID, _ device: DeviceID) {}
    package func bound(_ id: ConnectionID, _ sender: SenderID, _ jid: String) {}
    package func bound(_ id: DeviceStreamID) {}
    package func checkedIn(_ device: DeviceID, _ id: DeviceStreamID) {}
    package func draining(_ id: ConnectionID) {}
    package func disconnected(
        _ id: ConnectionID, _ sender: SenderID?, reason: TransportClosing
    ) {}
    package func disconnected(_ id: DeviceStreamID, reason: TransportClosing) {}
    package func refused(_ id: ConnectionID, _ sender: SenderID?, _ diagnosis: Diagnosis) {}
    package func refused(_ id: DeviceStreamID, _ diagnosis: Diagnosis) {}
    package func idle(_ id: ConnectionID, _ sender: SenderID?) {}

    package func bitten(_ step: JournalEvent, by bites: [FaultBite]) -> UInt64? { nil }

    package func transmitted(
        _ message: UpstreamMessage, to id: ConnectionID, attempt: Int, timeout: Duration?
    ) {}
    package func note(_ note: RelayNote) {}
    package func committed(messages: Int) {}
    package func passed(_ stanza: RelayStanza) {}
    package func told(_ note: MessageNote, of sender: SenderID?) {}
}
