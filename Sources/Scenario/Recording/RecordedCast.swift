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
    /// By the place of an upload, or of a request of an app.
    private var askers: [Int: Int] = [:]
    /// The connection that each device has at present.
    private var links: [Participant: Int] = [:]
    /// Those that were online before: in the play they have a token.
    private var known: Set<Participant> = []

    /// Reads who the devices are; who is connected is told event by event.
    init(_ events: [RecordedEvent]) {
        var peers: [Int: Participant] = [:]
        for recorded in events {
            let event = recorded.event
            switch event.kind {
            case .connectionBound:
                if let connection = event.connection { peers[connection] = event.actor }
            case .upload, .deviceRequest:
                guard let category = event.category, let sender = event.sender else { continue }
                askers[recorded.place] = meet(event.actor, category, sender)
            case .deviceAnswer, .messageState:
                if let token = event.from, let asker = recorded.cause.flatMap({ askers[$0] }) {
                    tokens[token] = asker
                }
            case .delivery:
                // Of an app that registered before the recording nothing else may be seen.
                guard let token = event.from, tokens[token] == nil, let sender = event.sender,
                    let category = event.category,
                    let peer = event.connection.flatMap({ peers[$0] })
                else { continue }
                tokens[token] = meet(peer, category, sender)
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

    // MARK: Devices

    /// The devices that one of the relay's peers is.
    func devices(of actor: Participant) -> [Device] { devices.filter { $0.actor == actor } }

    func device(ofUpload upload: RecordedEvent) -> Device? {
        askers[upload.place].map { devices[$0] }
    }

    func device(with token: RegistrationToken?) -> Device? {
        token.flatMap { tokens[$0] }.map { devices[$0] }
    }

    /// In the order in which they were met first.
    var devicesOnline: [Device] { devices.filter { isOnline($0.actor) } }

    func isOnline(_ actor: Participant) -> Bool { links[actor] != nil }

    mutating func goOnline(_ actor: Participant, as connection: Int) {
        links[actor] = connection
        known.insert(actor)
    }

    func wasOnline(_ actor: Participant) -> Bool { known.contains(actor) }

    /// - Returns: whether it is offline now: not if it came back on another connection before.
    mutating func goOffline(_ actor: Participant, from connection: Int) -> Bool {
        guard links[actor] == connection else { return false }
        links[actor] = nil
        return true
    }

    // MARK: App servers

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
        links = [:]
    }
}
