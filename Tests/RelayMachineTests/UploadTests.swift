import CloudMessaging
import Testing

@testable import RelayMachine

/// What the relay takes from a device, and what it refuses.
struct UploadTests {
    @Test("A foreign app, token or sender is refused, and so is what is no address")
    func foreign() {
        let relay = RelayConversation()
        let phone = relay.phone(senders: [.shop])
        let other = relay.phone()
        phone.sends("a", category: Category("com.example.other"))
        phone.sends("a", token: other.token)
        phone.sends("a", to: .depot)
        phone.sends("a", address: "4711")
        phone.sends("a", address: "4711@example.com")
        #expect(relay.said() == (1...5).map { "refused \($0): invalidParameters" })
        phone.sends("a", token: phone.token)
        phone.sends("a", token: other.token)
        #expect(relay.said() == ["taken 6", "refused 7: invalidParameters"])
        #expect(relay.counters.refused == 6)
    }

    @Test("A refusal says what was wrong")
    func reason() throws {
        let relay = RelayConversation()
        let phone = relay.phone()
        phone.sends("a", upload: "u-1", size: 4_097)
        guard case .refusedUpload(let upload, _, let refusal, _)? = relay.notes.last else {
            Issue.record("no note of the refusal")
            return
        }
        #expect(upload?.id.text == "u-1")
        #expect(refusal.error == .messageTooBig)
        #expect(refusal.reason.contains("4097") && refusal.reason.contains("4096"))
    }

    @Test("from and category come from the relay's own record")
    func record() {
        let relay = RelayConversation()
        let phone = relay.phone()
        relay.connect()
        var origins: [Registration] = []
        relay.observer = { action in
            if case .transmit(let message, _, _, _) = action { origins.append(message.origin) }
        }
        phone.sends("a")
        #expect(origins.map(\.token) == [phone.token])
        #expect(origins.map(\.category) == [.courier])
    }

    @Test(
        "The address may be of Firebase, and of any case",
        arguments: [
            "4711@fcm.googleapis.com", "4711@GCM.googleapis.com", "4711@gcm-preprod.googleapis.com",
        ])
    func addresses(address: String) {
        let relay = RelayConversation()
        let phone = relay.phone()
        phone.sends("a", address: address)
        #expect(relay.said() == ["taken 1"])
    }

    @Test("The spellings of an address that a device uses do not fill the memory")
    func spellings() {
        let relay = RelayConversation()
        let phone = relay.phone()
        let domain = Array("gcm.googleapis.com")
        for spelling in 0..<200 {
            let address = domain.indices.map { index in
                spelling & (1 << index) != 0 ? domain[index].uppercased() : String(domain[index])
            }
            phone.sends("a", address: "4711@" + address.joined())
        }
        #expect(relay.counters.accepted == 200)
        #expect((relay.machine.devices[phone.identity.id]?.routes.count ?? 0) <= 32)
    }

    @Test("The 65th unanswered upload closes the stream, once")
    func tooMany() {
        let relay = RelayConversation()
        let phone = relay.phone()
        relay.manner = .slow
        for number in 1...66 { phone.sends("\(number)") }
        #expect(relay.said() == ["close device stream 1: tooManyUploads"])
        relay.storeAnswers()
        #expect(relay.said().count == 64)
        phone.disconnects()
        #expect(relay.machine.boundDevices == 0)
    }

    @Test("64 unanswered uploads are no offence, and those with an answer do not count")
    func justEnough() {
        let relay = RelayConversation()
        let phone = relay.phone()
        for round in 1...3 {
            relay.manner = .slow
            for number in 1...64 { phone.sends("\(round)-\(number)") }
            relay.storeAnswers()
            #expect(relay.said().filter { $0.hasPrefix("taken") }.count == 64)
        }
    }

    @Test("Uploads on a stream that is not bound are passed over")
    func notBound() {
        let relay = RelayConversation()
        let phone = relay.phone()
        phone.disconnects()
        phone.sends("a")
        #expect(relay.said() == [])
    }
}
