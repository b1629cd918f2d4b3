import Foundation
import RealPrograms
import Testing

@Suite("Topics, from program to program")
struct TopicTests {
    @Test("A message to a topic comes from the topic, one to a condition from the sender")
    func from() async throws {
        let home = try TemporaryDirectory()
        let relay = try await RelayProgram(in: home)
        let endpoints = relay.endpoints
        let state = home.file("device.db")
        let subscribing = try DeviceProgram([
            "subscribe", "news", "--relay", "\(endpoints.host):\(endpoints.device)", "--ca",
            endpoints.ca, "--app", "com.example.pigeon", "--state", state,
        ])
        #expect(try await subscribing.program.exitStatus() == 0)
        let device = try DeviceProgram(relay: endpoints, app: "com.example.pigeon", state: state)
        for (id, addressee) in [("d-1", "/topics/news"), ("d-2", "'news' in topics")] {
            let sending = try AppServerProgram([
                "send", "--relay", "\(endpoints.host):\(endpoints.xmpp)", "--ca", endpoints.ca,
                "--id", id, "--data", "k=v", "--to", addressee,
            ])
            #expect(try await sending.program.exitStatus() == 0)
        }
        let first = try await device.event("message_received") { $0.messageID == "d-1" }
        #expect(first.from == "/topics/news")
        let second = try await device.event("message_received") { $0.messageID == "d-2" }
        #expect(second.from == "555000111222")
        device.program.send(SIGTERM)
        _ = try await device.program.exitStatus()
    }
}
