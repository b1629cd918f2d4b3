import CloudMessaging
import Testing

@testable import RelayMachine

@Suite("Device groups")
struct GroupTests {
    let relay = RelayConversation()
    let family = GroupName("family")!

    /// Phones that are online, in one group of the shop, and its notification key.
    private func group(
        of count: Int, on relay: RelayConversation? = nil
    ) -> (phones: [Phone], key: String) {
        let relay = relay ?? self.relay
        let phones = (0..<count).map { _ in relay.phone(senders: [.shop]) }
        var keys: Set<RegistrationToken> = []
        relay.observer = { action in
            if case .appRequestAnswered(.joined(let key), _, _) = action { keys.insert(key) }
        }
        for phone in phones {
            phone.takesDeliveries()
            phone.asksFor(.joinGroup(family, of: .shop))
        }
        #expect(relay.said() == Array(repeating: "joined", count: count))
        #expect(keys.count == 1, "all are told the same key")
        relay.observer = nil
        return (phones, keys.first?.text ?? "")
    }

    @Test("A message to a notification key reaches every member, and is ACKed with the number")
    func delivered() {
        let (phones, key) = group(of: 3)
        let shop = relay.connect()
        relay.request("d-1", to: key, on: shop)
        #expect(
            relay.said() == ["d-1 reaches 3, not 0 on #1"]
                + Array(repeating: "deliver d-1 of 4711", count: 3))
        #expect(relay.counters.acceptedRequests == 1)
        for phone in phones { phone.confirms(1) }
        #expect(relay.counters.delivered == 3)
    }

    @Test("A member that is offline gets it later, also after the relay's restart")
    func offline() {
        let (phones, key) = group(of: 2)
        phones[0].disconnects()
        relay.request("d-1", to: key, on: relay.connect())
        relay.crash()
        relay.request("d-2", to: key, on: relay.connect())
        #expect(relay.said() == ["d-2 reaches 2, not 0 on #2"])
        phones[0].reconnects()
        phones[0].takesDeliveries()
        #expect(relay.said().suffix(2) == ["deliver d-1 of 4711", "deliver d-2 of 4711"])
    }

    @Test("Members that are registered no more are named; without any other it is a NACK")
    func failed() {
        let (phones, key) = group(of: 2)
        let shop = relay.connect()
        phones[0].asksFor(.unregister)
        _ = relay.said()
        var failed: [RegistrationToken] = []
        relay.observer = { action in
            if case .answer(.group(_, let tokens), _, _, _) = action { failed = tokens }
        }
        relay.request("d-1", to: key, on: shop)
        #expect(relay.said() == ["d-1 reaches 1, not 1 on #1", "deliver d-1 of 4711"])
        #expect(failed == [phones[0].token])
        phones[1].asksFor(.unregister)
        _ = relay.said()
        relay.request("d-2", to: key, on: shop)
        #expect(relay.said() == ["d-2 reaches 0, not 2 on #1"])
        #expect(relay.counters.nacks == 1 && relay.counters.acceptedRequests == 1)
    }

    @Test("A group without members is gone, and a new one of its name has another key")
    func empty() {
        let (phones, key) = group(of: 1)
        let shop = relay.connect()
        phones[0].asksFor(.leaveGroup(family, of: .shop))
        phones[0].asksFor(.leaveGroup(family, of: .shop))
        #expect(relay.said() == ["done", "done"])
        relay.request("d-1", to: key, on: shop)
        #expect(relay.said() == ["BAD_REGISTRATION d-1 on #1"])
        phones[0].asksFor(.joinGroup(family, of: .shop))
        _ = relay.said()
        relay.request("d-2", to: key, on: shop)
        #expect(relay.said() == ["BAD_REGISTRATION d-2 on #1"])
    }

    @Test("A notification key is good for its own sender only, and joining needs that sender")
    func otherSender() {
        let (phones, key) = group(of: 1)
        let depot = relay.connect(.depot)
        relay.request("d-1", to: key, on: depot)
        #expect(relay.said() == ["BAD_REGISTRATION d-1 on #1"])
        phones[0].asksFor(.joinGroup(family, of: .depot))
        #expect(relay.said() == ["refused: invalidParameters"])
    }

    @Test("The 21st member is refused, but takes the place of one that is registered no more")
    func full() {
        let (phones, key) = group(of: 20)
        let late = relay.phone(senders: [.shop])
        late.asksFor(.joinGroup(family, of: .shop))
        #expect(relay.said() == ["refused: invalidParameters"])
        phones[7].asksFor(.unregister)
        late.asksFor(.joinGroup(family, of: .shop))
        #expect(relay.said() == ["done", "joined"])
        relay.request("d-1", to: key, on: relay.connect())
        #expect(relay.said().first == "d-1 reaches 20, not 0 on #1")
    }

    @Test("device-rate counts what comes by a group; members past theirs are named, or all refused")
    func rate() {
        let relay = RelayConversation {
            $0.quirks.deviceRate = Rate(count: 2, period: .seconds(60))
        }
        let (phones, key) = group(of: 2, on: relay)
        let shop = relay.connect()
        var failed: [RegistrationToken] = []
        relay.observer = { action in
            if case .answer(.group(_, let tokens), _, _, _) = action { failed = tokens }
        }
        func answers(_ id: String, ttl: Int = 600, dryRun: Bool = false) -> [String] {
            relay.request(id, to: key, on: shop, ttl: ttl, dryRun: dryRun)
            return relay.said().filter { !$0.hasPrefix("deliver") }
        }
        relay.request("own", to: phones[0].token.text, on: shop)
        _ = relay.said()
        #expect(answers("dry", dryRun: true) == ["dry reaches 2, not 0 on #1"])
        #expect(answers("now", ttl: 0) == ["now reaches 2, not 0 on #1"])
        #expect(answers("a") == ["a reaches 2, not 0 on #1"])
        #expect(answers("b") == ["b reaches 1, not 1 on #1"])
        #expect(failed == [phones[0].token])
        #expect(answers("c") == ["DEVICE_MESSAGE_RATE_EXCEEDED c on #1"])
        #expect(answers("now-2", ttl: 0) == ["now-2 reaches 2, not 0 on #1"])
        relay.request("own-2", to: phones[1].token.text, on: shop)
        #expect(relay.said() == ["DEVICE_MESSAGE_RATE_EXCEEDED own-2 on #1"])
        phones[0].sends("up", address: key)
        #expect(relay.said() == ["taken 1", "deliver up of 4711"], "no member is throttled by one")
    }

    @Test("A dry run to a group has the answer of a real request, and is not delivered")
    func dryRun() {
        let (phones, key) = group(of: 2)
        let shop = relay.connect()
        phones[0].asksFor(.unregister)
        _ = relay.said()
        relay.request("d-1", to: key, on: shop, dryRun: true)
        #expect(relay.said() == ["d-1 reaches 1, not 1 on #1"])
        phones[1].asksFor(.unregister)
        _ = relay.said()
        relay.request("d-2", to: key, on: shop, dryRun: true)
        #expect(relay.said() == ["d-2 reaches 0, not 2 on #1"])
        #expect(relay.counters.deliveries == 0)
    }

    // MARK: From a member

    @Test("A member's message to the key reaches the others, not itself and not the app server")
    func fromMember() {
        let (phones, key) = group(of: 3)
        relay.connect()
        phones[0].sends("a", upload: "u-1", address: key)
        #expect(
            relay.said() == ["taken 1"] + Array(repeating: "deliver a of 4711", count: 2))
        phones[0].sends("a", upload: "u-1", address: key)
        #expect(relay.said() == ["taken 2"], "a repeated upload is known")
    }

    @Test("An upload that comes twice before the registry knows the key is stored once")
    func twiceBeforeAnswer() {
        let (phones, key) = group(of: 2)
        relay.crash()
        for phone in phones {
            phone.reconnects()
            phone.takesDeliveries()
        }
        _ = relay.said()
        relay.inOneRound {
            phones[0].sends("a", upload: "u-1", address: key)
            phones[0].sends("a", upload: "u-1", address: key)
        }
        #expect(relay.said() == ["taken 1", "taken 2", "deliver a of 4711"])
        #expect(relay.counters.duplicates == 1)
    }

    @Test("While the store fails a member's message waits like any upload; a request is refused")
    func failingStore() {
        let (phones, key) = group(of: 2)
        let shop = relay.connect()
        relay.request("d-0", to: key, on: shop, dryRun: true)
        relay.manner = .refuses
        relay.inOneRound {
            phones[0].sends("a", address: key)
            relay.request("d-1", to: key, on: shop)
        }
        #expect(relay.said() == ["d-0 reaches 2, not 0 on #1", "SERVICE_UNAVAILABLE d-1 on #1"])
        relay.manner = .prompt
        relay.advance(by: .seconds(1))
        #expect(relay.said() == ["taken 1", "deliver a of 4711"])
    }

    @Test("Who is no member, and what is no key, is refused")
    func notAMember() {
        let (_, key) = group(of: 1)
        let stranger = relay.phone(senders: [.shop])
        stranger.sends("a", address: key)
        stranger.sends("b", address: "nothing")
        #expect(relay.said() == ["refused 1: invalidParameters", "refused 2: invalidParameters"])
    }
}

@Suite("Uninstalled apps")
struct UninstallTests {
    @Test("What is sent before the device refuses is ACKed; from then on the app is unregistered")
    func uninstalled() {
        let relay = RelayConversation()
        let phone = relay.phone(senders: [.shop])
        phone.disconnects()
        let shop = relay.connect()
        for id in ["d-1", "d-2"] { relay.request(id, to: phone.token.text, on: shop) }
        #expect(relay.said() == ["ack d-1 on #1", "ack d-2 on #1"])
        phone.reconnects()
        phone.takesDeliveries()
        relay.event { $0.appIsGone(phone.category, on: phone.stream) }
        _ = relay.said()
        relay.request("d-3", to: phone.token.text, on: shop)
        #expect(relay.said() == ["DEVICE_UNREGISTERED d-3 on #1"])
        phone.disconnects()
        phone.reconnects()
        let old = phone.token
        phone.registers([.shop])
        phone.takesDeliveries()
        #expect(phone.token != old)
        #expect(!relay.said().contains { $0.hasPrefix("deliver") }, "the mailbox is gone")
    }

    @Test("An app that the relay does not know is no error")
    func unknown() {
        let relay = RelayConversation()
        let phone = relay.phone()
        relay.event { $0.appIsGone(Category("com.example.other")!, on: phone.stream) }
        #expect(relay.said() == [])
    }
}
