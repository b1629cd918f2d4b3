import CloudMessaging
import GCMDevice
import Testing

@Suite("The Firebase face", .timeLimit(.minutes(5)))
struct FirebaseFaceTests {
    @Test("A builder wants an address, and a time to live of 0 to 86,400")
    func builder() throws {
        #expect(throws: GoogleCloudMessagingError.self) { try RemoteMessage.Builder("") }
        let builder = try RemoteMessage.Builder("5@fcm.googleapis.com")
        for ttl in [-1, 86_401] {
            let error = #expect(throws: GoogleCloudMessagingError.self) {
                try builder.setTtl(ttl)
            }
            #expect(error?.code == .illegalArgument)
        }
        let message = try builder.setMessageId("m-1").setMessageType("t").setTtl(0)
            .addData("a", "1").clearData().addData("b", "2").setCollapseKey("c").build()
        #expect(message.to == "5@fcm.googleapis.com" && message.messageID == "m-1")
        #expect(message.ttl == 0 && message.data.count == 1)
        #expect(message.data.getString("b") == "2")
        #expect(builder.build().ttl == 86_400)
    }

    @Test(
        "Codes of the exception are those of the original, whatever the case of the text",
        arguments: [
            ("invalid_parameters", 1), ("MISSING_TO", 1), ("MessageTooBig", 2),
            ("SERVICE_NOT_AVAILABLE", 3), ("TooManyMessages", 4), ("toomanymessages", 4),
            ("something else", 0), ("", 0),
        ])
    func codes(error: String, code: Int) {
        #expect(SendException(error).errorCode == code)
        #expect(SendException(error).description == error)
    }

    /// An app that writes down what it is told.
    private final class App: FirebaseMessagingService {
        let told = Diary<String>()

        func onMessageSent(_ messageID: String) { told.write("sent \(messageID)") }
        func onNewToken(_ token: String) { told.write("token") }
        func onSendError(_ messageID: String, _ exception: SendException) {
            told.write("error \(exception.errorCode) for \(messageID)")
        }
    }

    @Test("A message goes from an app through the relay to the app server, by the later address")
    func oneMessage() async throws {
        let trust = try TestTrust()
        let relay = try await TestRelay(trust)
        let app = App()
        let device = try await GCMDevice.open(relay.configuration(trust))
        let firebase = try FirebaseMessaging(
            device: device, packageName: "com.example.pigeon", senderID: TestRelay.sender,
            service: app)
        device.connect()
        await app.told.wait(for: "token")
        let to = "\(TestRelay.sender)@fcm.googleapis.com"
        try firebase.send(
            RemoteMessage.Builder(to).setMessageId("m-1").addData("greet", "coo").build())
        await app.told.wait(for: "sent m-1")
        #expect(await relay.deliveries.wait(count: 1).first?.id == "m-1")
        try firebase.send(RemoteMessage.Builder(to).build())
        await app.told.wait(for: "error 1 for ")
        await device.close()
        #expect(app.told.entries == ["token", "sent m-1", "error 1 for "])
        try await relay.stop()
    }
}
