import CloudMessaging
import Testing

@testable import RelayMachine

@Suite("Messages to devices")
struct DownstreamTests {
    let relay = RelayConversation()
    let phone: Phone
    let shop: ConnectionID

    init() {
        phone = relay.phone()
        phone.takesDeliveries()
        shop = relay.connect()
        _ = relay.said()
    }

    private func sends(_ id: String, ttl: Int = 600, receipt: Bool = false) {
        relay.request(id, to: phone.token.text, on: shop, ttl: ttl, receipt: receipt)
    }

    @Test("A request is answered once it is on disk, and only then delivered")
    func online() {
        relay.manner = .slow
        sends("d-1")
        #expect(relay.said() == [])
        relay.storeAnswers()
        relay.storeAnswers()
        #expect(relay.said() == ["ack d-1 on #1", "deliver d-1 of 4711"])
        relay.manner = .prompt
        phone.confirms(1)
        relay.advance(by: .seconds(1))
        #expect(relay.counters.delivered == 1)
        phone.reconnects()
        phone.takesDeliveries()
        #expect(!relay.said().contains("deliver d-1 of 4711"))
    }

    @Test("What a device did not acknowledge comes again on its next stream, in order")
    func again() {
        for id in ["d-1", "d-2", "d-3"] { sends(id) }
        phone.confirms(1)
        phone.disconnects()
        _ = relay.said()
        phone.reconnects()
        phone.takesDeliveries()
        #expect(
            relay.said().filter { $0.hasPrefix("deliver") }
                == ["deliver d-2 of 4711", "deliver d-3 of 4711"])
    }

    @Test("A device that is offline finds its messages later, also after a crash of the relay")
    func offline() {
        phone.disconnects()
        for id in ["d-1", "d-2"] { sends(id) }
        #expect(relay.said() == ["ack d-1 on #1", "ack d-2 on #1"])
        relay.crash()
        #expect(phone.reconnects())
        phone.takesDeliveries()
        #expect(
            relay.said().filter { $0.hasPrefix("deliver") }
                == ["deliver d-1 of 4711", "deliver d-2 of 4711"])
    }

    @Test("No more than 100 deliveries are on the wire, however many wait")
    func window() {
        phone.disconnects()
        for index in 1...100 { sends("d-\(index)") }
        phone.reconnects()
        phone.takesDeliveries()
        for index in 101...130 { sends("d-\(index)") }
        #expect(relay.said().count { $0.hasPrefix("deliver") } == 100)
        phone.confirms(30)
        #expect(
            relay.said().filter { $0.hasPrefix("deliver") }
                == (101...130).map { "deliver d-\($0) of 4711" })
    }

    @Test("Time to live 0 means now or never")
    func nowOrNever() {
        sends("d-1", ttl: 0)
        #expect(relay.said() == ["ack d-1 on #1", "deliver d-1 of 4711"].reversed())
        phone.disconnects()
        sends("d-2", ttl: 0)
        phone.reconnects()
        phone.takesDeliveries()
        #expect(!relay.said().contains { $0.hasPrefix("deliver") })
    }

    @Test("The longest time to live is four weeks, and a message is kept so long")
    func fourWeeks() {
        let weeks = Duration.seconds(28 * 86_400)
        for (wait, isThere) in [(weeks - .seconds(1), true), (weeks + .seconds(1), false)] {
            let relay = RelayConversation()
            let phone = relay.phone()
            let shop = relay.connect()
            phone.disconnects()
            relay.request(
                "d-1", to: phone.token.text, on: shop,
                ttl: Limits.downstreamTimeToLive.upperBound)
            relay.advance(by: wait)
            phone.reconnects()
            phone.takesDeliveries()
            #expect(relay.said().contains("deliver d-1 of 4711") == isThere)
        }
    }

    @Test("A message that expired is not delivered")
    func expired() {
        phone.disconnects()
        sends("d-1", ttl: 10)
        relay.advance(by: .seconds(11))
        phone.reconnects()
        phone.takesDeliveries()
        #expect(!relay.said().contains { $0.hasPrefix("deliver") })
        #expect(relay.counters.deliveriesExpired == 1)
    }

    @Test("Of the messages with one collapse key the newest is delivered")
    func collapse() {
        phone.disconnects()
        for (id, key) in [("d-1", "score"), ("d-2", "news"), ("d-3", "score")] {
            relay.request(id, to: phone.token.text, on: shop, collapseKey: key)
        }
        phone.reconnects()
        phone.takesDeliveries()
        #expect(
            relay.said().filter { $0.hasPrefix("deliver") }
                == ["deliver d-2 of 4711", "deliver d-3 of 4711"])
    }

    @Test("The 101st message drops all; the device is told how many, until it has heard it")
    func overflow() {
        phone.disconnects()
        for index in 1...101 { sends("d-\(index)") }
        phone.reconnects()
        phone.takesDeliveries()
        #expect(relay.said().suffix(1) == ["101 deleted"])
        phone.reconnects()
        phone.takesDeliveries()
        #expect(relay.said().suffix(1) == ["101 deleted"])
        phone.confirms(1)
        phone.reconnects()
        phone.takesDeliveries()
        #expect(!relay.said().contains { $0.hasSuffix("deleted") })
    }
}

@Suite("Requests and their answers")
struct RequestTests {
    let relay = RelayConversation()
    let phone: Phone
    let shop: ConnectionID

    init() {
        phone = relay.phone(senders: [.shop])
        phone.takesDeliveries()
        shop = relay.connect()
        _ = relay.said()
    }

    @Test("A token that nobody has, and one of another sender, are bad registrations")
    func badRegistration() {
        relay.request("d-1", to: "nobody", on: shop)
        #expect(relay.said() == ["BAD_REGISTRATION d-1 on #1"])
        let depot = relay.connect(.depot)
        relay.request("d-2", to: phone.token.text, on: depot)
        #expect(relay.said() == ["BAD_REGISTRATION d-2 on #2"])
        #expect(relay.counters.nacks == 2)
    }

    @Test("A text too long for a token is refused at once, and not kept")
    func longToken() {
        relay.manner = .slow
        relay.inOneRound {
            relay.request("d-1", to: String(repeating: "x", count: 1_025), on: shop)
            #expect(relay.machine.pendingTokens.isEmpty)
        }
        #expect(relay.said() == ["BAD_REGISTRATION d-1 on #1"])
    }

    @Test("A sender that is added to a registration may send at once")
    func addedSender() {
        let depot = relay.connect(.depot)
        relay.request("d-1", to: phone.token.text, on: depot)
        phone.registers([.depot])
        _ = relay.said()
        relay.request("d-2", to: phone.token.text, on: depot)
        #expect(relay.said() == ["ack d-2 on #2", "deliver d-2 of 4712"])
    }

    @Test("A dry run is judged and answered, and nothing else")
    func dryRun() {
        relay.request("d-1", to: phone.token.text, on: shop, dryRun: true)
        relay.request("d-2", to: "nobody", on: shop, dryRun: true)
        #expect(relay.said() == ["ack d-1 on #1", "BAD_REGISTRATION d-2 on #1"])
        #expect(relay.counters.deliveries == 0)
    }

    @Test("A draining connection gets its open answers, refuses the rest, and is closed then")
    func draining() {
        relay.manner = .slow
        relay.request("d-1", to: phone.token.text, on: shop)
        relay.drain(shop)
        relay.request("d-2", to: phone.token.text, on: shop)
        #expect(relay.said() == ["draining #1", "CONNECTION_DRAINING d-2 on #1"])
        relay.storeAnswers()
        relay.storeAnswers()
        #expect(relay.said().prefix(2) == ["ack d-1 on #1", "close #1: drained"])
    }

    @Test("ACKs count against no rate, and settle also when 100 requests are unanswered")
    func acknowledgementsAreFree() {
        let limited = RelayConversation {
            $0.quirks.deviceRate = Rate(count: 1, period: .seconds(9))
        }
        let courier = limited.phone()
        let depot = limited.connect()
        for number in 1...100 { courier.sends("m-\(number)") }
        for number in 1...100 { limited.acknowledge(courier.pair("m-\(number)"), on: depot) }
        _ = limited.said()
        limited.request("d-1", to: courier.token.text, on: depot)
        #expect(limited.said() == ["ack d-1 on #1"])

        for number in 1...100 { phone.sends("m-\(number)") }
        relay.manner = .slow
        for index in 1...100 {
            // As many ACKs as requests, and the hundredth request is taken all the same.
            #expect(relay.machine.takesRequests(on: shop))
            relay.request("d-\(index)", to: phone.token.text, on: shop)
            if index < 100 { relay.acknowledge(phone.pair("m-\(index)"), on: shop) }
        }
        #expect(!relay.machine.takesRequests(on: shop))
        relay.acknowledge(phone.pair("m-100"), on: shop)
        #expect(relay.counters.settled == 100)
    }

    @Test("With 100 requests unanswered a connection has to wait, and others go on")
    func unanswered() {
        relay.manner = .slow
        let other = relay.connect()
        for index in 1...100 {
            #expect(relay.machine.takesRequests(on: shop))
            relay.request("d-\(index)", to: phone.token.text, on: shop)
        }
        #expect(!relay.machine.takesRequests(on: shop))
        #expect(relay.machine.takesRequests(on: other))
        relay.storeAnswers()
        relay.storeAnswers()
        #expect(relay.machine.takesRequests(on: shop))
        #expect(relay.said().contains("#1 may go on"))
    }
}

@Suite("The life of a registration")
struct RegistrationLifeTests {
    let relay = RelayConversation()
    let phone: Phone
    let shop: ConnectionID

    init() {
        phone = relay.phone(senders: [.shop])
        phone.takesDeliveries()
        shop = relay.connect()
        _ = relay.said()
    }

    private func asks(_ request: AppRequest) {
        relay.event {
            $0.appRequested(request, of: phone.category, request: "r2", on: phone.stream)
        }
    }

    @Test("A refreshed token takes the place of the old one, which still reaches the app")
    func refreshed() throws {
        let old = phone.token
        asks(.refreshToken)
        #expect(relay.said() == ["refreshed"])
        relay.request("d-1", to: old.text, on: shop)
        let said = relay.said()
        let canonical = try #require(
            relay.machine.devices[phone.identity.id]?.registrations.first?.token)
        #expect(canonical != old)
        #expect(said == ["ack d-1 on #1, now \(canonical)", "deliver d-1 of 4711"])
        relay.request("d-2", to: canonical.text, on: shop)
        #expect(relay.said() == ["ack d-2 on #1", "deliver d-2 of 4711"])
    }

    @Test("Every earlier token leads to the newest one, with its senders, until it is unregistered")
    func refreshedTwice() throws {
        let oldest = phone.token
        for _ in 1...2 {
            asks(.refreshToken)
            relay.request("d-1", to: oldest.text, on: shop)
        }
        let newest = try #require(
            relay.machine.devices[phone.identity.id]?.registrations.first?.token)
        #expect(relay.said().contains("ack d-1 on #1, now \(newest)"))
        phone.registers([.depot])
        let depot = relay.connect(.depot)
        _ = relay.said()
        relay.request("d-2", to: oldest.text, on: depot)
        #expect(relay.said() == ["ack d-2 on #2, now \(newest)", "deliver d-2 of 4712"])
        asks(.unregister)
        _ = relay.said()
        relay.request("d-3", to: oldest.text, on: shop, ttl: 0)
        #expect(relay.said() == ["DEVICE_UNREGISTERED d-3 on #1"])
    }

    @Test("An old token is known after a crash, too")
    func refreshedBeforeCrash() {
        let old = phone.token
        asks(.refreshToken)
        relay.crash()
        let again = relay.connect()
        _ = relay.said()
        relay.request("d-1", to: old.text, on: again)
        #expect(relay.said().first?.hasPrefix("ack d-1 on #2, now ") == true)
    }

    @Test(
        "An app that unregistered gets nothing, and its sender is told", arguments: [false, true])
    func unregistered(crashes: Bool) {
        phone.disconnects()
        relay.request("d-0", to: phone.token.text, on: shop)
        phone.reconnects()
        asks(.unregister)
        var connection = shop
        if crashes {
            relay.crash()
            connection = relay.connect()
        }
        _ = relay.said()
        relay.request("d-1", to: phone.token.text, on: connection)
        #expect(relay.said() == ["DEVICE_UNREGISTERED d-1 on \(connection)"])
        if crashes { phone.reconnects() }
        phone.takesDeliveries()
        #expect(!relay.said().contains { $0.hasPrefix("deliver") })
        #expect(phone.registers([.shop])?.token != nil)
    }

    @Test("What is not registered cannot be refreshed or subscribed, and needs no unregistering")
    func unknown() {
        asks(.unregister)
        asks(.unregister)
        asks(.refreshToken)
        asks(.subscribe(TopicName("news")!))
        #expect(
            relay.said() == [
                "done", "done", "refused: invalidParameters", "refused: invalidParameters",
            ])
    }

    @Test("The answer is to the addressee of the request, whatever that is")
    func addressees() {
        var addressees: [String] = []
        relay.observer = { action in
            if case .answer(_, let to, _, _) = action { addressees.append(to) }
        }
        for to in [phone.token.text, "/topics/news", "nobody"] {
            relay.request("d-1", to: to, on: shop)
        }
        #expect(addressees == [phone.token.text, "/topics/news", "nobody"])
    }

    @Test("A message to a topic reaches who subscribes to it, and nobody else")
    func topics() {
        let other = relay.phone(senders: [.shop])
        other.takesDeliveries()
        asks(.subscribe(TopicName("news")!))
        _ = relay.said()
        relay.request("d-1", to: "/topics/news", on: shop)
        #expect(relay.said() == ["ack d-1 on #1", "deliver d-1 of /topics/news"])
        asks(.unsubscribe(TopicName("news")!))
        _ = relay.said()
        relay.request("d-2", to: "/topics/news", on: shop)
        #expect(relay.said() == ["ack d-2 on #1"])
    }

    @Test("A message to a topic comes from the topic, one to a condition from the sender")
    func fromTopic() {
        asks(.subscribe(TopicName("news")!))
        phone.disconnects()
        relay.request("d-1", to: "/topics/news", on: shop)
        relay.request("d-2", to: "'news' in topics", on: shop)
        relay.request("d-3", to: phone.token.text, on: shop)
        relay.crash()
        phone.reconnects()
        _ = relay.said()
        phone.takesDeliveries()
        #expect(
            relay.said() == [
                "deliver d-1 of /topics/news", "deliver d-2 of 4711", "deliver d-3 of 4711",
            ])
    }

    @Test("Every NACK is noted: what was wrong, and with which request")
    func notedRefusals() {
        let relay = RelayConversation()
        let phone = relay.phone()
        let shop = relay.connect()
        relay.request("d-1", to: "nobody", on: shop)
        phone.asksFor(.unregister)
        relay.request("d-2", to: phone.token.text, on: shop)
        let notes = relay.notes.compactMap { note -> String? in
            guard case .refusedRequest(let id, _, let error, let reason, let connection) = note
            else { return nil }
            return "\(id) on \(connection): \(error.rawValue), \(reason)"
        }
        #expect(
            notes == [
                "d-1 on #1: BAD_REGISTRATION, Invalid token on 'to' field: nobody",
                "d-2 on #1: DEVICE_UNREGISTERED, the app is not registered any more",
            ])
    }
}
