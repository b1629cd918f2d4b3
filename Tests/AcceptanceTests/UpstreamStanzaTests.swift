import GCMAppServer
import GCMDevice
import NetworkRuntime
import Nodes
import RelayService
import Testing
import XMPPSessions

@Suite("The stanza that an app server gets", .timeLimit(.minutes(5)))
struct UpstreamStanzaTests {
    @Test("A-26 profile docs writes the guide's stanza: category, data, message_id, from")
    func guideForm() async throws {
        try await withTown {
            $0.node.wire = Profile.docs.quirks
        } _: { town in
            let wire = try await town.wire(to: town.ports.xmpp)
            try await wire.logInAsAppServer()
            let phone = try await town.androidPhone()
            phone.device.connect()
            try await phone.send("41", data: ["greet": "coo", "n": "7"])
            let token = try await phone.gcm.register(Town.sender)
            #expect(
                try await wire.stanza()
                    == #"<message id=""><gcm xmlns="google:mobile:data">"#
                    + #"{"category":"com.example.pigeon","data":{"greet":"coo","n":"7"},"#
                    + #""message_id":"41","from":"\#(token)"}</gcm></message>"#)
        }
    }

    @Test("A-27 category is the application's package or bundle ID, so it tells which app sent")
    func category() async throws {
        try await withTown { town in
            let server = try await town.appServer()
            let device = try await town.device()
            let pigeon = try AndroidPhone(device, packageName: "com.example.pigeon")
            let owl = try AndroidPhone(device, packageName: "com.example.owl")
            let swift = try IPhone(
                await town.device("other", platform: .ios), bundleIdentifier: "com.example.swift")
            device.connect()
            swift.device.connect()
            try await pigeon.send("1")
            try await owl.send("1")
            swift.send("1")
            let received = try await server.receive(3)
            #expect(
                Set(received.map(\.category)) == [
                    "com.example.pigeon", "com.example.owl", "com.example.swift",
                ])
            #expect(Set(received.map(\.from)).count == 3)
        }
    }

    @Test("A-31 names and types of all fields are those of the XMPP server reference")
    func reference() async throws {
        try await withTown { town in
            let wire = try await town.wire(to: town.ports.xmpp)
            try await wire.logInAsAppServer()
            let phone = try await town.androidPhone()
            phone.device.connect()
            try await phone.gcm.send(
                to: Town.address, messageID: "41", timeToLive: 3_600, data: ["n": "7"])
            let frame = try Frame(await wire.stanza())
            #expect(frame.opening.contains(#"type="normal""#))
            #expect(frame.opening.hasSuffix(#"<gcm xmlns="google:mobile:data">"#))
            // No message_type: that is how an upstream message is known.
            #expect(
                frame.members.keys.sorted() == [
                    "category", "data", "from", "message_id", "time_to_live",
                ])
            #expect(frame["category"] == Town.app)
            #expect(frame["message_id"] == "41")
            #expect(frame["from"] == (try await phone.gcm.register(Town.sender)))
            #expect(frame.members["data"] as? [String: String] == ["n": "7"])
            let timeToLive = try #require(frame.members["time_to_live"] as? Int)
            #expect((3_590...3_600).contains(timeToLive))

            // What the reference says of requests that cannot be granted.
            try await wire.write(json: #"{"to":"token","message_id":"d-1","data":{"k":"v"}}"#)
            let nack = try Frame(await wire.stanza())
            #expect(nack["message_type"] == "nack")
            #expect(nack["message_id"] == "d-1")
            #expect(nack["from"] == "token")
            #expect(nack["error"] == "BAD_REGISTRATION")
            try await wire.write(json: #"{"to":"token","data":{"k":"v"}}"#)
            let error = try await wire.stanza()
            #expect(error.contains(#"type="error""#) && error.contains(#"code="400""#))
        }
    }
}
