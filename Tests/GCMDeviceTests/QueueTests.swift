import Testing

@testable import GCMDevice

@Suite("The queue of a device", .timeLimit(.minutes(5)))
struct QueueTests {
    @Test("offline the 21st message fails with TooManyMessages; 20 arrive in order later")
    func limit() async throws {
        let trust = try TestTrust()
        let relay = try await TestRelay(trust)
        let phone = try await Phone(relay.configuration(trust))

        try await phone.send(messageIDs(1...21))
        #expect(phone.app.told.entries == [.error("m-21", "TooManyMessages")])

        phone.device.connect()
        let told = await phone.app.told.wait(count: 21)
        #expect(Array(told.dropFirst()) == messageIDs(1...20).map { .sent($0) })
        let deliveries = await relay.deliveries.wait(count: 20)
        #expect(deliveries.map(\.id) == messageIDs(1...20))
        await phone.device.close()
        try await relay.stop()
    }

    @Test("a relay that is down: a pending message expires with an error, and frees its slot")
    func expiry() async throws {
        let trust = try TestTrust()
        var configuration = GCMDeviceConfiguration.unconnected(trust)
        configuration.pendingLimit = 1
        let phone = try await Phone(configuration)
        phone.device.connect()
        for id in messageIDs(1...2) {
            try await phone.send([id], timeToLive: 1)
            await phone.app.told.wait(for: .error(id, "SERVICE_NOT_AVAILABLE"))
        }
        #expect(phone.app.told.entries.count == 2)
        await phone.device.close()
    }

    @Test("whoever waits for room is let in when a message expires")
    func room() async throws {
        let trust = try TestTrust()
        var configuration = GCMDeviceConfiguration.unconnected(trust)
        configuration.pendingLimit = 1
        let phone = try await Phone(configuration)
        try await phone.send(["m-1"], timeToLive: 1)
        try await phone.device.waitForRoom(for: phone.category)
        #expect(phone.app.told.entries == [.error("m-1", "SERVICE_NOT_AVAILABLE")])
        await phone.device.close()
    }

    @Test("messages that relays did not take are kept for the one that does")
    func silentRelay() async throws {
        let trust = try TestTrust()
        let relay = try await TestRelay(trust)
        let proxy = try await TCPProxy(to: relay.devicePort)
        proxy.swallow(.toDevice)
        var configuration = relay.configuration(trust)
        configuration.relayPort = proxy.port
        let phone = try await Phone(configuration)
        phone.device.connect()
        try await phone.send(messageIDs(1...20))
        try await phone.send(["m-21"])
        #expect(phone.app.told.entries == [.error("m-21", "TooManyMessages")])

        proxy.cut()
        await phone.app.told.wait(count: 21)
        #expect(phone.sent == messageIDs(1...20))
        await phone.device.close()
        try await proxy.stop()
        try await relay.stop()
    }

    @Test(
        "a connection that is cut in mid-send costs nothing: sent later, once, without an error",
        arguments: TCPProxy.Direction.allCases)
    func cut(swallowing direction: TCPProxy.Direction) async throws {
        let trust = try TestTrust()
        let relay = try await TestRelay(trust)
        let proxy = try await TCPProxy(to: relay.devicePort)
        var configuration = relay.configuration(trust)
        configuration.relayPort = proxy.port
        let phone = try await Phone(configuration)
        phone.device.connect()
        try await phone.send(["first"])
        await phone.app.told.wait(for: .sent("first"))

        proxy.swallow(direction)
        try await phone.send(messageIDs(1...5))
        if direction == .toDevice { await relay.deliveries.wait(count: 6) }
        proxy.cut()

        await phone.app.told.wait(count: 6)
        #expect(phone.sent == ["first"] + messageIDs(1...5))
        let deliveries = await relay.deliveries.wait(count: 6)
        #expect(deliveries.map(\.id) == ["first"] + messageIDs(1...5))
        await phone.device.close()
        try await proxy.stop()
        try await relay.stop()
    }

    @Test("sent callbacks come in batches")
    func batches() async throws {
        let trust = try TestTrust()
        let relay = try await TestRelay(trust)
        var configuration = relay.configuration(trust)
        configuration.sentBatch = 3
        configuration.sentDelay = .seconds(3_600)
        let phone = try await Phone(configuration)
        let batches = Diary<[String]>()
        phone.device.attach(phone.category) { event in
            if case .sent(let ids) = event { batches.write(ids) }
        }
        phone.device.connect()
        try await phone.send(messageIDs(1...6))
        #expect(await batches.wait(count: 2) == [messageIDs(1...3), messageIDs(4...6)])
        await phone.device.close()
        try await relay.stop()
    }

    @Test("two devices may use the same message IDs")
    func sameIDs() async throws {
        let trust = try TestTrust()
        let relay = try await TestRelay(trust)
        let phones = [
            try await Phone(relay.configuration(trust)),
            try await Phone(relay.configuration(trust)),
        ]
        for phone in phones {
            phone.device.connect()
            try await phone.send(messageIDs(1...3))
        }
        for phone in phones { await phone.app.told.wait(count: 3) }
        let deliveries = await relay.deliveries.wait(count: 6)
        let tokens = [String](Set(deliveries.map(\.from)))
        try #require(tokens.count == 2)
        for token in tokens {
            #expect(deliveries.filter { $0.from == token }.map(\.id) == messageIDs(1...3))
        }
        for phone in phones { await phone.device.close() }
        try await relay.stop()
    }
}
