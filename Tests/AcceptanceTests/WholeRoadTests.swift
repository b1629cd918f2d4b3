import GCMAppServer
import GCMDevice
import RelayMachine
import RelayService
import Testing

@Suite("The whole road", .timeLimit(.minutes(5)))
struct WholeRoadTests {
    @Test("A-02 a message travels from a device through the relay to an app server")
    func endToEnd() async throws {
        try await withTown { town in
            let server = try await town.appServer()
            let phone = try await town.androidPhone()
            phone.device.connect()
            try await phone.send("m-1")

            let message = try #require(try await server.receive(1).first)
            #expect(message.messageID == "m-1")
            #expect(message.data["greet"] == "coo")
            try await phone.wait(for: .sent("m-1"))
            try await server.stop()
            let counters = try await town.counters
            #expect(counters.accepted == 1)
            #expect(counters.settled == 1)
            #expect(counters.live == 0)
        }
    }

    @Test("A-20 the relay forwards what it takes: at once, or when the app server comes")
    func forwarding() async throws {
        try await withTown { town in
            let phone = try await town.androidPhone()
            phone.device.connect()
            try await phone.send("early")
            try await phone.wait(for: .sent("early"))
            #expect(try await town.counters.attempts == 0)

            let server = try await town.appServer()
            #expect(try await server.receive(1).map(\.messageID) == ["early"])
            phone.device.disconnect()
            try await phone.send("unsent")
            phone.device.connect()
            #expect(try await server.receive(2).map(\.messageID) == ["early", "unsent"])
            try await phone.wait(for: .sent("unsent"))
            try await phone.send("late")
            let ids = try await server.receive(3).map(\.messageID)
            #expect(ids == ["early", "unsent", "late"])
            #expect(try await town.counters.attempts == 3)
        }
    }

    @Test("A-20 the pre-production port serves the same messages")
    func preProduction() async throws {
        try await withTown { town in
            let server = try await town.appServer(port: town.ports.preprod)
            let phone = try await town.androidPhone()
            phone.device.connect()
            try await phone.send("m-1")
            #expect(try await server.receive(1).map(\.messageID) == ["m-1"])
        }
    }
}
