import CloudMessaging
import Journal

/// Who took part in what a relay saw, with names for a scenario file.
///
/// An app of a device becomes a device of its own, as one of the cast has one app. An app server
/// becomes as many as it had connections at the same time, so that every ACK comes on the
/// connection on which it came.
struct RecordedCast {
    struct Device {
        let name: String
        /// As the relay knew it.
        let actor: Participant
        let category: Category
        var senders: [SenderID]
    }

    struct AppServer {
        let name: String
        let sender: SenderID
        /// The connection that it has at present.
        var connection: Int?
    }

    private(set) var devices: [Device] = []
    private(set) var appServers: [AppServer] = []
    /// By the registration token.
    private var tokens: [RegistrationToken: Int] = [:]
    /// By the number of an upload's event.
    private var uploads: [UInt64: Int] = [:]

    /// Reads who the devices are; app servers come as they connect.
    init(_ events: [JournalEvent]) {
        for event in events {
            switch event.kind {
            case .upload:
                guard let category = event.category, let sender = event.sender else { continue }
                uploads[event.number] = meet(event.actor, category, sender)
            case .deviceRequest:
                guard let category = event.category, let sender = event.sender else { continue }
                _ = meet(event.actor, category, sender)
            case .messageState:
                if let token = event.from, let cause = event.cause, let index = uploads[cause] {
                    tokens[token] = index
                }
            default: break
            }
        }
    }

    private mutating func meet(
        _ actor: Participant, _ category: Category, _ sender: SenderID
    ) -> Int {
        let known = devices.firstIndex { $0.actor == actor && $0.category == category }
        guard let known else {
            let name = devices.isEmpty ? "phone" : "phone-\(devices.count + 1)"
            devices.append(
                Device(name: name, actor: actor, category: category, senders: [sender]))
            return devices.count - 1
        }
        if !devices[known].senders.contains(sender) { devices[known].senders.append(sender) }
        return known
    }

    // MARK: Who it was

    /// The devices that one of the relay's peers is.
    func devices(of actor: Participant) -> [Device] { devices.filter { $0.actor == actor } }

    func device(ofUpload event: JournalEvent) -> Device? {
        uploads[event.number].map { devices[$0] }
    }

    func device(with token: RegistrationToken?) -> Device? {
        token.flatMap { tokens[$0] }.map { devices[$0] }
    }

    /// A connection is bound: by an app server that has none.
    mutating func connect(_ sender: SenderID, as connection: Int) -> AppServer {
        let idle = appServers.firstIndex { $0.sender == sender && $0.connection == nil }
        let index = idle ?? appServers.count
        if idle == nil {
            let name = appServers.isEmpty ? "server" : "server-\(appServers.count + 1)"
            appServers.append(AppServer(name: name, sender: sender))
        }
        appServers[index].connection = connection
        return appServers[index]
    }

    func appServer(on connection: Int?) -> AppServer? {
        connection.flatMap { number in appServers.first { $0.connection == number } }
    }

    mutating func disconnect(_ connection: Int) {
        guard let index = appServers.firstIndex(where: { $0.connection == connection })
        else { return }
        appServers[index].connection = nil
    }

    /// The relay is gone, and with it every connection.
    mutating func disconnectAll() {
        for index in appServers.indices { appServers[index].connection = nil }
    }
}
