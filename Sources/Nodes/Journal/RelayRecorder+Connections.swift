package import CloudMessaging
import Journal
package import RelayMachine
import XMPP
package import XMPPSessions

/// An app server at the end of a connection, as the recorder remembers it.
final class AppServerPeer {
    /// Whoever the driver does not know by his connection has a name once he has logged in.
    var name: Participant
    var sender: SenderID?
    var draining: UInt64?
    /// How far it came: connected, logged in.
    var arrival: UInt64?
    /// Why the relay ends the connection, if it has to be said.
    var ending: String?
    /// ACKs that settled nothing and are not told of yet.
    var useless = RecentValues<MessagePair, UInt64>(limit: 256)
    /// Requests without an answer.
    var requests = RecentValues<MessageID, UInt64>(limit: 256)

    init(name: Participant) {
        self.name = name
    }
}

extension RelayRecorder {
    package func opened(_ id: ConnectionID, peer: String?) {
        let name = peer.map { Participant($0) } ?? .appServer
        let peer = AppServerPeer(name: name)
        appServers.add(peer, for: id)
        peer.arrival = record(.connectionOpened, by: name, connection: id.rawValue)
    }

    package func opened(_ id: DeviceStreamID, peer: String?) {
        let peer = DevicePeer(name: peer)
        devices.add(peer, for: id)
        record(.connectionOpened, by: peer.name, connection: id.rawValue)
    }

    package func loggedIn(_ id: ConnectionID, _ sender: SenderID, peer: String?) {
        appServers[id]?.sender = sender
        if let peer { appServers[id]?.name = Participant(peer) }
        appServers[id]?.arrival = record(
            .loginAccepted, by: name(of: id), sender: sender, connection: id.rawValue)
    }

    package func loggedIn(_ id: DeviceStreamID, _ device: DeviceID) {
        devices[id]?.identify(device)
        record(.loginAccepted, by: name(of: id), connection: id.rawValue)
    }

    package func bound(_ id: ConnectionID, _ sender: SenderID, _ jid: String) {
        record(.connectionBound, by: name(of: id), sender: sender, connection: id.rawValue)
    }

    package func bound(_ id: DeviceStreamID) {
        record(.connectionBound, by: name(of: id), connection: id.rawValue)
    }

    package func draining(_ id: ConnectionID) {
        let number = record(
            .connectionDraining, sender: appServers[id]?.sender, connection: id.rawValue)
        appServers[id]?.draining = number
    }

    package func idle(_ id: ConnectionID, _ sender: SenderID?) {
        appServers[id]?.ending = "it sent nothing, not even a blank, for --quirk idle-timeout"
    }

    package func disconnected(
        _ id: ConnectionID, _ sender: SenderID?, reason: TransportClosing
    ) {
        guard let peer = appServers.remove(id) else { return }
        let number = record(
            .connectionClosed, by: peer.name, sender: peer.sender, connection: id.rawValue,
            cause: peer.draining,
            detail: JournalEvent.Detail(
                deed: reason.deed, reason: peer.ending ?? reason.sentence))
        closings.append(number, for: id.rawValue)
    }

    package func disconnected(_ id: DeviceStreamID, reason: TransportClosing) {
        guard let peer = devices.remove(id) else { return }
        let number = record(
            .connectionClosed, by: peer.name, connection: id.rawValue,
            detail: JournalEvent.Detail(deed: reason.deed, reason: reason.sentence))
        closings.append(number, for: id.rawValue)
    }

    // MARK: Rules that were broken

    package func refused(_ id: ConnectionID, _ sender: SenderID?, _ diagnosis: Diagnosis) {
        refused(name(of: id), id.rawValue, appServers[id]?.sender, diagnosis)
    }

    package func refused(_ id: DeviceStreamID, _ diagnosis: Diagnosis) {
        refused(name(of: id), id.rawValue, nil, diagnosis)
    }

    private func refused(
        _ peer: Participant, _ connection: Int, _ sender: SenderID?, _ diagnosis: Diagnosis
    ) {
        switch diagnosis {
        case .login(let fault):
            record(
                .loginRefused, by: peer, sender: fault.knownSender, connection: connection,
                detail: JournalEvent.Detail(reason: fault.sentenceWithoutNames))
        case .frame(let problem, let answer):
            record(
                .stanzaRefused, sender: sender, connection: connection,
                detail: JournalEvent.Detail(error: answer?.rawValue, reason: problem))
        case .stream(let fault):
            record(
                .stanzaRefused, sender: sender, connection: connection,
                detail: JournalEvent.Detail(
                    error: fault.condition.rawValue, reason: fault.reason))
        case .messageType, .acknowledgement, .request:
            record(
                .stanzaRefused, sender: sender, connection: connection,
                detail: JournalEvent.Detail(reason: diagnosis.description))
        }
    }

    // MARK: Names

    func name(of id: ConnectionID) -> Participant { appServers[id]?.name ?? .appServer }

    func name(of id: DeviceStreamID) -> Participant { devices[id]?.name ?? .unknownDevice }
}

extension TransportClosing {
    /// How a connection ended, in a word.
    fileprivate var deed: String {
        switch self {
        case .clean, .ended: "fin"
        case .truncated: "cut"
        case .failed: "reset"
        case .violated: "violation"
        case .handshakeTimeout: "timeout"
        }
    }

    /// What the deed does not say.
    fileprivate var sentence: String? {
        switch self {
        case .clean, .truncated: nil
        case .ended, .failed, .violated, .handshakeTimeout: description
        }
    }
}
