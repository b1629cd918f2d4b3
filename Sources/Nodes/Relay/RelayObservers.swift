package import CloudMessaging
package import Faults
package import Journal
package import RelayMachine
package import XMPPSessions

/// Several observers as one: each is told everything, in their order.
package final class RelayObservers: RelayObserver {
    private let observers: [any RelayObserver]
    /// Those who are told of every stanza.
    private let hearers: [any RelayObserver]

    package var hearer: (any RelayObserver)? { hearers.count > 1 ? self : hearers.first }

    package init(_ observers: [any RelayObserver]) {
        self.observers = observers
        hearers = observers.compactMap(\.hearer)
    }

    private func tell(_ message: (any RelayObserver) -> Void) {
        observers.forEach(message)
    }

    package func started() { tell { $0.started() } }

    package func stopped() { tell { $0.stopped() } }

    package func opened(_ id: ConnectionID, peer: String?) {
        tell { $0.opened(id, peer: peer) }
    }

    package func opened(_ id: DeviceStreamID, peer: String?) {
        tell { $0.opened(id, peer: peer) }
    }

    package func loggedIn(_ id: ConnectionID, _ sender: SenderID) {
        tell { $0.loggedIn(id, sender) }
    }

    package func loggedIn(_ id: DeviceStreamID, _ device: DeviceID) {
        tell { $0.loggedIn(id, device) }
    }

    package func bound(_ id: ConnectionID, _ sender: SenderID, _ jid: String) {
        tell { $0.bound(id, sender, jid) }
    }

    package func bound(_ id: DeviceStreamID) { tell { $0.bound(id) } }

    package func checkedIn(_ device: DeviceID, _ id: DeviceStreamID) {
        tell { $0.checkedIn(device, id) }
    }

    package func draining(_ id: ConnectionID) { tell { $0.draining(id) } }

    package func disconnected(
        _ id: ConnectionID, _ sender: SenderID?, reason: TransportClosing
    ) {
        tell { $0.disconnected(id, sender, reason: reason) }
    }

    package func disconnected(_ id: DeviceStreamID, reason: TransportClosing) {
        tell { $0.disconnected(id, reason: reason) }
    }

    package func refused(_ id: ConnectionID, _ sender: SenderID?, _ diagnosis: Diagnosis) {
        tell { $0.refused(id, sender, diagnosis) }
    }

    package func refused(_ id: DeviceStreamID, _ diagnosis: Diagnosis) {
        tell { $0.refused(id, diagnosis) }
    }

    package func idle(_ id: ConnectionID, _ sender: SenderID?) { tell { $0.idle(id, sender) } }

    package func bitten(_ step: JournalEvent, by bites: [FaultBite]) -> UInt64? {
        observers.compactMap { $0.bitten(step, by: bites) }.last
    }

    package func transmitted(
        _ message: UpstreamMessage, to id: ConnectionID, attempt: Int, timeout: Duration?
    ) {
        for observer in observers {
            observer.transmitted(message, to: id, attempt: attempt, timeout: timeout)
        }
    }

    package func note(_ note: RelayNote) { tell { $0.note(note) } }

    package func committed(messages: Int) { tell { $0.committed(messages: messages) } }

    package func passed(_ stanza: RelayStanza) {
        for hearer in hearers { hearer.passed(stanza) }
    }

    package func told(_ note: MessageNote, of sender: SenderID?) {
        for hearer in hearers { hearer.told(note, of: sender) }
    }
}
