import CloudMessaging
import Testing

@testable import GCMDevice

@Suite(.timeLimit(.minutes(1)))
struct AndroidFaceTests {
    @Test("A message goes from an Android app through the relay to the app server")
    func oneMessage() async throws {
        let trust = try TestTrust()
        let relay = try await TestRelay(trust)
        let device = try await GCMDevice.open(relay.configuration(trust))
        let app = AndroidApp()
        let gcm = try GoogleCloudMessaging(
            device: device, packageName: "com.example.pigeon", listener: app)
        device.connect()

        try await gcm.send(to: TestRelay.address, messageID: "m-1", data: ["greet": "coo"])

        await app.told.wait(for: .sent("m-1"))
        let delivery = try #require(await relay.deliveries.wait(count: 1).first)
        #expect(delivery.id == "m-1")
        #expect(delivery.category == "com.example.pigeon")
        #expect(String(decoding: delivery.data.json, as: UTF8.self) == #"{"greet":"coo"}"#)
        #expect(try await gcm.register(TestRelay.sender) == delivery.from)
        await device.close()
        try await relay.stop()
    }
}
