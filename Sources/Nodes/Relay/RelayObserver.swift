package import CloudMessaging
package import RelayMachine
package import XMPPSessions

/// Told what happens on a relay, in the order in which it happens; must not block.
package protocol RelayObserver: AnyObject {
    func bound(_ id: ConnectionID, _ sender: SenderID, _ jid: String)
    func checkedIn(_ device: DeviceID, _ id: DeviceStreamID)
    func disconnected(_ id: ConnectionID, _ sender: SenderID?, reason: TransportClosing)
    func disconnected(_ id: DeviceStreamID, reason: TransportClosing)
    /// An app server broke a rule.
    func refused(_ id: ConnectionID, _ sender: SenderID?, _ diagnosis: Diagnosis)
    /// A device broke a rule.
    func refused(_ id: DeviceStreamID, _ diagnosis: Diagnosis)
    /// An app server is sent away because it said nothing.
    func idle(_ id: ConnectionID, _ sender: SenderID?)
    /// A message goes to an app server, for the `attempt`th time.
    func transmitted(_ message: UpstreamMessage, to id: ConnectionID, attempt: Int)
    func note(_ note: RelayNote)
}
