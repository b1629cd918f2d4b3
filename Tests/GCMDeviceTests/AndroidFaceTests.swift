import CloudMessaging
import Testing

@testable import GCMDevice

@Suite("The Android face", .timeLimit(.minutes(5)))
struct AndroidFaceTests {
    @Test("a message goes from an app through the relay to the app server")
    func oneMessage() async throws {
        let trust = try TestTrust()
        let relay = try await TestRelay(trust)
        let phone = try await Phone(relay.configuration(trust))
        phone.device.connect()

        try await phone.gcm.send(
            to: TestRelay.address, messageID: "m-1",
            data: ["greet": "coo", "é": "1", "e\u{301}": "2"])

        await phone.app.told.wait(for: .sent("m-1"))
        let delivery = try #require(await relay.deliveries.wait(count: 1).first)
        #expect(delivery.id == "m-1")
        #expect(delivery.category == "com.example.pigeon")
        #expect(
            delivery.data.json == Array("{\"greet\":\"coo\",\"é\":\"1\",\"e\u{301}\":\"2\"}".utf8))
        #expect(try await phone.gcm.register(TestRelay.sender) == delivery.from)
        await phone.device.close()
        try await relay.stop()
    }

    @Test("several apps of one device share its connection, each hears of its own messages")
    func severalApps() async throws {
        let trust = try TestTrust()
        let relay = try await TestRelay(trust)
        let phone = try await Phone(relay.configuration(trust))
        let app = AndroidApp()
        let other = try GoogleCloudMessaging(
            device: phone.device, packageName: "com.example.dove", listener: app)
        phone.device.connect()
        try await phone.send(["m-1"])
        try await other.send(to: TestRelay.address, messageID: "m-1", data: [:])
        await phone.app.told.wait(count: 1)
        await app.told.wait(count: 1)
        let deliveries = await relay.deliveries.wait(count: 2)
        #expect(deliveries.map(\.category) == ["com.example.pigeon", "com.example.dove"])
        #expect(deliveries[0].from != deliveries[1].from)
        await phone.device.close()
        #expect(phone.app.told.entries == [.sent("m-1")])
        #expect(app.told.entries == [.sent("m-1")])
        try await relay.stop()
    }

    @MainActor
    @Test("on the main thread it throws MAIN_THREAD")
    func mainThread() async throws {
        let trust = try TestTrust()
        let phone = try await Phone(.unconnected(trust))
        let error = await #expect(throws: GoogleCloudMessagingError.self) {
            try await phone.gcm.send(to: TestRelay.address, messageID: "m-1", data: [:])
        }
        #expect(error?.description == "MAIN_THREAD")
        #expect(phone.app.told.entries.isEmpty)
        await phone.device.close()
    }

    @Test("without an address it throws, whatever else is wrong", arguments: [nil, ""])
    func missingAddress(_ to: String?) async throws {
        let trust = try TestTrust()
        let phone = try await Phone(.unconnected(trust))
        let error = await #expect(throws: GoogleCloudMessagingError.self) {
            try await phone.gcm.send(to: to, messageID: "", data: [:])
        }
        #expect(error?.code == .illegalArgument)
        #expect(error?.description == "Missing 'to'")
        await phone.device.close()
    }

    @Test("what is wrong with a message the listener is told, and nothing is thrown")
    func badMessages() async throws {
        let trust = try TestTrust()
        let phone = try await Phone(.unconnected(trust))
        let long = String(repeating: "x", count: 4_096)
        try await phone.gcm.send(to: TestRelay.address, messageID: "big", data: ["k": long])
        try await phone.gcm.send(to: TestRelay.address, messageID: "from", data: ["from": "me"])
        try await phone.gcm.send(to: "4711", messageID: "address", data: [:])
        try await phone.send(["now"], timeToLive: 0)
        await phone.device.close()
        #expect(
            phone.app.told.entries == [
                .error("big", "MessageTooBig"), .error("from", "invalid_parameters"),
                .error("address", "invalid_parameters"), .error("now", "SERVICE_NOT_AVAILABLE"),
            ])
    }

    @Test("a closed device, and a token without a connection, are SERVICE_NOT_AVAILABLE")
    func notAvailable() async throws {
        let trust = try TestTrust()
        let phone = try await Phone(.unconnected(trust))
        let offline = await #expect(throws: GoogleCloudMessagingError.self) {
            try await phone.gcm.getToken(TestRelay.sender)
        }
        #expect(offline?.description == "SERVICE_NOT_AVAILABLE")
        phone.device.connect()
        let unreachable = await #expect(throws: GoogleCloudMessagingError.self) {
            try await phone.gcm.getToken(TestRelay.sender)
        }
        #expect(unreachable?.description == "SERVICE_NOT_AVAILABLE")
        await phone.device.close()
        let closed = await #expect(throws: GoogleCloudMessagingError.self) {
            try await phone.send(["m-1"])
        }
        #expect(closed?.description == "SERVICE_NOT_AVAILABLE")
    }

    @Test("requests without a connection, a token or a topic are refused with the original's texts")
    func requests() async throws {
        let trust = try TestTrust()
        let phone = try await Phone(.unconnected(trust))
        let topics = GcmPubSub.getInstance(phone.gcm)
        let offline = await #expect(throws: GoogleCloudMessagingError.self) {
            try await phone.gcm.unregister()
        }
        #expect(offline?.description == "SERVICE_NOT_AVAILABLE")
        let topic = await #expect(throws: GoogleCloudMessagingError.self) {
            try await topics.subscribe(registrationToken: "t", topic: "news")
        }
        #expect(topic?.code == .illegalArgument)
        #expect(topic?.description == "Invalid topic name: news")
        await phone.device.close()
        let closed = await #expect(throws: GoogleCloudMessagingError.self) {
            try await topics.unsubscribe(registrationToken: "t", topic: "/topics/news")
        }
        #expect(closed?.description == "SERVICE_NOT_AVAILABLE")

        let relay = try await TestRelay(trust)
        let connected = try await Phone(relay.configuration(trust))
        connected.device.connect()
        _ = try await connected.gcm.getToken(TestRelay.sender)
        let foreign = await #expect(throws: GoogleCloudMessagingError.self) {
            try await GcmPubSub.getInstance(connected.gcm)
                .subscribe(registrationToken: "t", topic: "/topics/news")
        }
        #expect(foreign?.description == "INVALID_PARAMETERS")
        await connected.device.close()
        try await relay.stop()
    }
}
