import GCMAppServer
import GCMDevice
import RelayMachine
import Testing

@Suite("Sending from an Android app", .timeLimit(.minutes(5)))
struct AndroidSendTests {
    @Test("A-07 send is called from a background task, and does not wait for the relay")
    func background() async throws {
        try await withTown { town in
            let server = try await town.appServer()
            let link = try await town.deviceLink()
            let phone = try await town.androidPhone(port: link.port)
            link.lose(.toRelay)
            phone.device.connect()
            try await Task.detached { try await phone.send("m-1") }.value
            #expect(try await town.counters.accepted == 0)
            #expect(phone.told == [])

            let error = await #expect(throws: GoogleCloudMessagingError.self) {
                try await sendOnMainActor(phone)
            }
            #expect(error?.code == .mainThread)
            try await link.cut()
            #expect(try await server.receive(1).map(\.messageID) == ["m-1"])
            try await phone.wait(for: .sent("m-1"))
        }
    }

    @MainActor
    private func sendOnMainActor(_ phone: AndroidPhone) async throws {
        try await phone.send("main")
    }

    /// What the guide's sample app shows to its user.
    private func sample(_ phone: AndroidPhone) async -> String {
        do {
            let id = try await phone.gcm.nextMessageID()
            try await phone.send(id, data: ["my_message": "Hello World"])
            return "Sent message"
        } catch {
            return "Error :\(error)"
        }
    }

    @MainActor
    private func sampleOnMainActor(_ phone: AndroidPhone) async -> String { await sample(phone) }

    @Test("A-08 send throws what the sample app shows after 'Error :'")
    func errors() async throws {
        try await withTown { town in
            let phone = try await town.androidPhone()
            #expect(await sample(phone) == "Sent message")
            #expect(await sampleOnMainActor(phone) == "Error :MAIN_THREAD")
            await phone.device.close()
            #expect(await sample(phone) == "Error :SERVICE_NOT_AVAILABLE")
        }
    }

    @Test("A-09 IDs are strings; the library's counter goes on when the app starts again")
    func counter() async throws {
        try await withTown { town in
            let server = try await town.appServer()
            for expected in [["1", "2"], ["3"]] {
                let phone = try await town.androidPhone()
                phone.device.connect()
                for id in expected {
                    #expect(try await phone.gcm.nextMessageID() == id)
                    try await phone.send(id)
                    try await phone.wait(for: .sent(id))
                }
                await phone.device.close()
            }
            #expect(try await server.receive(3).map(\.messageID) == ["1", "2", "3"])
        }
    }
}
