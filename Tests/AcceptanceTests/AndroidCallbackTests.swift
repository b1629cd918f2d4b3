import CloudMessaging
import GCMAppServer
import GCMDevice
import RelayMachine
import Testing

@Suite("What an Android app is told", .timeLimit(.minutes(5)))
struct AndroidCallbackTests {
    @Test("A-10 each message has one outcome by its ID, sent or an error, never told again")
    func outcomes() async throws {
        var tooBig = GCMBundle()
        tooBig.putString("k", String(repeating: "v", count: 4_096))
        try await withTown { town in
            let server = try await town.appServer()
            let phone = try await town.androidPhone()
            try await phone.gcm.send(
                to: Town.address, messageID: "late", timeToLive: 1, data: [:])
            try await phone.wait(for: .error("late", "SERVICE_NOT_AVAILABLE"))
            try await phone.gcm.send(to: Town.address, messageID: "now", timeToLive: 0, data: [:])
            try await phone.send("big", data: tooBig)
            phone.device.connect()
            try await phone.send("m-1", "m-2")
            try await phone.wait(for: .sent("m-1"), .sent("m-2"))
            #expect(
                phone.told == [
                    .error("late", "SERVICE_NOT_AVAILABLE"), .error("now", "SERVICE_NOT_AVAILABLE"),
                    .error("big", "MessageTooBig"), .sent("m-1"), .sent("m-2"),
                ])
            await phone.device.close()

            let nextLife = try await town.androidPhone()
            nextLife.device.connect()
            try await nextLife.send("m-3")
            #expect(try await nextLife.wait(for: .sent("m-3")) == [.sent("m-3")])
            #expect(try await server.receive(3).map(\.messageID) == ["m-1", "m-2", "m-3"])
        }
    }

    @Test("A-11 onMessageSent comes in batches, later than the relay's answers")
    func batches() async throws {
        let app = try #require(Category(Town.app))
        try await withTown { town in
            let phone = try await town.androidPhone {
                $0.sentBatch = 3
                $0.sentDelay = .seconds(3_600)
                // A slot is free again when the relay has answered.
                $0.pendingLimit = 1
            }
            phone.device.connect()
            for id in ["m-1", "m-2"] {
                try await phone.send(id)
                try await phone.device.waitForRoom(for: app)
                #expect(phone.told == [])
            }
            #expect(try await town.counters.accepted == 2)
            try await phone.send("m-3")
            let told = try await phone.wait(count: 3)
            #expect(told == [.sent("m-1"), .sent("m-2"), .sent("m-3")])
        }
    }

    @Test("A-11 a batch that does not fill is told after its delay; both can be set")
    func delay() async throws {
        let defaults = GCMDeviceConfiguration(trustedCAFile: "")
        #expect(defaults.sentBatch == 10)
        #expect(defaults.sentDelay == .seconds(1))
        try await withTown { town in
            let phone = try await town.androidPhone {
                $0.sentBatch = 10
                $0.sentDelay = .milliseconds(50)
            }
            phone.device.connect()
            try await phone.send("m-1", "m-2")
            #expect(try await phone.wait(count: 2) == [.sent("m-1"), .sent("m-2")])
        }
    }
}
