import CloudMessaging

@testable import RelayMachine

extension SenderID {
    static let shop = SenderID("4711")!
    static let depot = SenderID("4712")!
}

extension Category {
    static let courier = Category("com.example.courier")!
}

/// A device with one app, as the relay knows it.
final class Phone {
    let relay: RelayConversation
    let category: Category
    let identity: DeviceIdentity
    private(set) var registration: AppRegistration
    private(set) var stream: DeviceStreamID
    private(set) var lastTicket: Ticket = 0

    fileprivate init(
        _ relay: RelayConversation, _ category: Category, _ identity: DeviceIdentity,
        _ registration: AppRegistration, _ stream: DeviceStreamID
    ) {
        self.relay = relay
        self.category = category
        self.identity = identity
        self.registration = registration
        self.stream = stream
    }

    var token: RegistrationToken { registration.token }
    var lane: Int { LaneHash.lane(of: token) }

    func pair(_ id: String) -> MessagePair { MessagePair(token: token, id: MessageID(id)!) }

    /// Sends a message up; without an upload ID it is one that was never sent before.
    func sends(
        _ id: String, ttl: Int? = nil, upload: String? = nil, to sender: SenderID = .shop,
        address: String? = nil, category: Category? = nil, token: RegistrationToken? = nil,
        data: DataPayload = .empty, size: Int = 10
    ) {
        relay.lastUpload += 1
        lastTicket += 1
        let upload = Upload(
            id: UploadID(upload ?? "upload-\(relay.lastUpload)")!,
            to: address ?? "\(sender)@gcm.googleapis.com", category: category ?? self.category,
            claimedToken: token, messageID: MessageID(id)!, timeToLive: ttl, data: data,
            payloadSize: size)
        relay.event { $0.uploaded(upload, ticket: lastTicket, on: stream, now: relay.now) }
    }

    /// Turns acknowledgements on: what is in the mailbox comes.
    func takesDeliveries() {
        relay.event { $0.deviceReady(on: stream, now: relay.now) }
    }

    /// Acknowledges so many deliveries.
    func confirms(_ count: Int) {
        relay.event { $0.delivered(count, on: stream, now: relay.now) }
    }

    /// Its app asks for something else than a registration.
    func asksFor(_ request: AppRequest) {
        relay.event { $0.appRequested(request, of: category, request: "r2", on: stream) }
    }

    func disconnects() {
        relay.event { $0.streamClosed(stream) }
    }

    /// Opens a new stream, logs in and binds; false: the relay would not have it.
    @discardableResult
    func reconnects() -> Bool {
        stream = relay.openStream()
        lastTicket = 0
        guard relay.logIn(identity, on: stream) else { return false }
        relay.event { $0.deviceBound(on: stream) }
        return true
    }

    /// Registers the app with senders; nil: refused.
    @discardableResult
    func registers(_ senders: [SenderID]) -> AppRegistration? {
        guard let registration = relay.register(category, senders, on: stream) else { return nil }
        self.registration = registration
        return registration
    }
}

extension RelayConversation {
    func openStream() -> DeviceStreamID {
        lastStream += 1
        let stream = DeviceStreamID(lastStream)
        event { $0.streamOpened(stream) }
        return stream
    }

    /// Whether a device may log in on a stream; false also when the store has not answered.
    func logIn(_ identity: DeviceIdentity, on stream: DeviceStreamID) -> Bool {
        var answer = false
        watch({
            if case .authenticated(_, on: stream) = $0 { answer = true }
        }) {
            event {
                $0.authenticate(identity.id, securityToken: identity.securityToken, on: stream)
            }
        }
        return answer
    }

    func checkIn(on stream: DeviceStreamID) -> DeviceIdentity? {
        var answer: DeviceIdentity?
        watch({
            if case .checkedIn(let identity, on: stream) = $0 { answer = identity }
        }) {
            event { $0.checkIn(on: stream) }
        }
        return answer
    }

    func register(
        _ category: Category, _ senders: [SenderID], on stream: DeviceStreamID
    ) -> AppRegistration? {
        var answer: AppRegistration?
        watch({
            if case .registered(let registration, _, on: stream) = $0 { answer = registration }
        }) {
            event { $0.register(category, senders: senders, request: "r1", on: stream) }
        }
        return answer
    }

    /// The notification key of a group of the shop that the phone is in from now on.
    func join(_ group: GroupName, _ phone: Phone) -> String {
        var key: RegistrationToken?
        watch({
            if case .appRequestAnswered(.joined(let joined), _, _) = $0 { key = joined }
        }) {
            phone.asksFor(.joinGroup(group, of: .shop))
        }
        return key?.text ?? ""
    }

    private func watch(_ watcher: @escaping (RelayAction) -> Void, _ events: () -> Void) {
        let earlier = observer
        observer = { action in
            earlier?(action)
            watcher(action)
        }
        events()
        observer = earlier
    }

    /// A device that checked in, bound and registered its app.
    func phone(
        _ category: Category = .courier, senders: [SenderID] = [.shop, .depot]
    ) -> Phone {
        let stream = openStream()
        guard let identity = checkIn(on: stream), logIn(identity, on: stream) else {
            fatalError("a new device is let in")
        }
        event { $0.deviceBound(on: stream) }
        guard let registration = register(category, senders, on: stream) else {
            fatalError("a new app is registered")
        }
        _ = said()
        return Phone(self, category, identity, registration, stream)
    }

    /// Phones whose messages travel in lanes of their own.
    func phonesInDifferentLanes(_ count: Int) -> [Phone] {
        var phones: [Phone] = []
        while phones.count < count {
            let phone = phone()
            if !phones.contains(where: { $0.lane == phone.lane }) { phones.append(phone) }
        }
        return phones
    }
}
