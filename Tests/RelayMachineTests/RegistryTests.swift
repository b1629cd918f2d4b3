import CloudMessaging
import Testing

@testable import RelayMachine

/// Check-in, login and registration of devices; login of app servers.
struct RegistryTests {
    private static let base64URL = Set(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

    @Test("A check-in is answered once it is on disk, and no two are alike")
    func checkIn() throws {
        let relay = RelayConversation()
        let stream = relay.openStream()
        relay.manner = .slow
        #expect(relay.checkIn(on: stream) == nil)
        relay.storeAnswers()
        #expect(relay.said() == ["checked in"])
        let identities = (0..<20).compactMap { _ in relay.checkIn(on: stream) }
        #expect(Set(identities.map(\.id)).count == 20)
        #expect(Set(identities.map(\.securityToken)).count == 20)
    }

    @Test("The registry keeps no security token, only what the digest makes of it")
    func digest() {
        let relay = RelayConversation()
        let phone = relay.phone()
        let secret = Array(phone.identity.securityToken.utf8)
        #expect(relay.machine.devices[phone.identity.id]?.secretHash == secret.reversed())
    }

    @Test("A device logs in with its security token only", arguments: [false, true])
    func login(isOnline: Bool) {
        let relay = RelayConversation()
        let phone = relay.phone()
        if !isOnline { phone.disconnects() }
        let forged = DeviceIdentity(id: phone.identity.id, securityToken: "guess")
        #expect(!relay.logIn(forged, on: relay.openStream()))
        #expect(relay.said() == ["authentication refused"])
        #expect(relay.logIn(phone.identity, on: relay.openStream()))
    }

    @Test("A device that the relay does not know is refused")
    func unknown() {
        let relay = RelayConversation()
        let stranger = DeviceIdentity(id: DeviceID(7), securityToken: "x")
        #expect(!relay.logIn(stranger, on: relay.openStream()))
    }

    @Test("A device that is offline, with nothing on its way, is not kept in memory")
    func forgotten() {
        let relay = RelayConversation()
        let phone = relay.phone()
        phone.sends("a")
        phone.disconnects()
        #expect(relay.machine.devices.count == 0)
        let stream = relay.openStream()
        #expect(relay.logIn(phone.identity, on: stream))
        relay.event { $0.streamClosed(stream) }
        #expect(relay.machine.devices.count == 0)
        #expect(relay.machine.streams.isEmpty)
    }

    @Test("A device whose uploads are on their way is kept until they are stored")
    func keptForUploads() {
        let relay = RelayConversation()
        let phone = relay.phone()
        relay.manner = .slow
        phone.sends("a", upload: "u-1")
        phone.disconnects()
        #expect(relay.machine.devices.count == 1)
        relay.storeAnswers()
        #expect(relay.machine.devices.count == 0)
        #expect(relay.storedMessages == 1)
    }

    @Test("A second login of a device replaces the first when it binds")
    func replaced() {
        let relay = RelayConversation()
        let phone = relay.phone()
        let earlier = phone.stream
        phone.reconnects()
        #expect(
            relay.said() == ["authenticated", "close device stream 1: replaced"])
        #expect(relay.machine.boundDevices == 1)
        relay.event { $0.streamClosed(earlier) }
        #expect(relay.machine.boundDevices == 1)
        phone.sends("a")
        #expect(relay.said() == ["taken 1"])
    }

    @Test("Registering again returns the same token, with the senders of both")
    func sameToken() {
        let relay = RelayConversation()
        let phone = relay.phone(senders: [.shop])
        let token = phone.token
        phone.sends("a", to: .depot)
        #expect(relay.said() == ["refused 1: invalidParameters"])
        #expect(phone.registers([.depot, .shop])?.token == token)
        #expect(phone.registration.senders == [.shop, .depot])
        phone.sends("a", to: .depot)
        #expect(relay.said() == ["registered", "taken 2"])
        relay.crash()
        phone.reconnects()
        #expect(phone.registers([])?.token == token)
        #expect(phone.registration.senders == [.shop, .depot])
    }

    @Test("A token is bound to at most 100 senders")
    func senders() {
        let relay = RelayConversation()
        let phone = relay.phone(senders: [.shop])
        let ids = (1...100).map { SenderID("\($0)")! }
        #expect(phone.registers(ids) == nil)
        #expect(relay.said() == ["registration refused: invalidParameters"])
        #expect(phone.registers(Array(ids.prefix(99)))?.senders.count == 100)
        #expect(phone.registers([.shop])?.senders.count == 100)
    }

    @Test("A registration without senders, or of the 101st app, is refused")
    func bounds() {
        let relay = RelayConversation()
        let phone = relay.phone()
        let new = Category("com.example.new")!
        #expect(relay.register(new, [], on: phone.stream) == nil)
        for number in 1...99 {
            let category = Category("com.example.app\(number)")!
            #expect(relay.register(category, [.shop], on: phone.stream) != nil)
        }
        #expect(relay.register(new, [.shop], on: phone.stream) == nil)
        #expect(phone.registers([.shop]) != nil)
    }

    @Test("Tokens look like the real ones and differ over apps, devices and restarts")
    func tokens() {
        let relay = RelayConversation()
        var tokens = [relay.phone().token, relay.phone(Category("com.example.b")!).token]
        relay.crash()
        tokens.append(relay.phone().token)
        #expect(Set(tokens).count == 3)
        for token in tokens {
            #expect(token.text.utf8.count == 152)
            #expect(token.text.dropFirst(11).hasPrefix(":APA91b"))
            let drawn = Array(token.text.utf8.prefix(11)) + token.text.utf8.dropFirst(12)
            #expect(drawn.allSatisfy { Self.base64URL.contains($0) })
        }
    }

    @Test("A login that overtakes the device's registration on its way to the store sees it")
    func loginDuringRegistration() {
        let relay = RelayConversation()
        let phones = [relay.phone(), relay.phone()]
        let phone = phones[0]
        let new = Category("com.example.new")!
        relay.manner = .slow
        phones[1].sends("keeps the store busy")
        #expect(relay.register(new, [.shop], on: phone.stream) == nil)
        phone.disconnects()
        relay.manner = .prompt
        let stream = relay.openStream()
        var tokens: [RegistrationToken] = []
        relay.observer = { action in
            if case .registered(let registration, _, _) = action {
                tokens.append(registration.token)
            }
        }
        relay.event {
            $0.authenticate(
                phone.identity.id, securityToken: phone.identity.securityToken, on: stream)
        }
        relay.storeAnswers()
        relay.event { $0.deviceBound(on: stream) }
        #expect(relay.register(new, [.depot], on: stream)?.senders == [.shop, .depot])
        #expect(relay.machine.devices[phone.identity.id]?.registrations.count == 2)
    }

    // MARK: App servers

    @Test("Without projects any sender may log in with any key")
    func open() {
        let relay = RelayConversation()
        #expect(relay.machine.refusalOfLogin(sender: .shop, key: "any") == nil)
    }

    @Test(
        "With projects a sender needs its own key",
        arguments: [
            ("4711", "demo-key", nil), ("4711", "demo-kez", .wrongKey), ("4711", "", .wrongKey),
            ("4712", "demo-key", .unknownSender), ("4713", "caf\u{E9}", nil),
            ("4713", "cafe\u{301}", .wrongKey), ("4711", " demo-key\n", .keyWithBlanks),
            ("4711", "caf\u{E9}", .keyOf(SenderID("4713")!)), ("demo-key", "4711", .exchanged),
        ] as [(String, String, LoginRefusal?)])
    func projects(sender: String, key: String, refusal: LoginRefusal?) {
        let relay = RelayConversation {
            $0.projects = [.shop: "demo-key", SenderID("4713")!: "caf\u{E9}"]
        }
        #expect(
            relay.machine.refusalOfLogin(sender: SenderID(sender)!, key: key) == refusal)
    }
}
