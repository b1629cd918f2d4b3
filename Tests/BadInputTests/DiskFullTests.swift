import CloudMessaging
import GCMAppServer
import Testing

/// A disk without room, for real: the relay's store is on a small file system that the test fills.
@Suite(
    .enabled("this system lets nobody mount a file system of his own") {
        try await RelayOnSmallDisk.isPossible()
    })
struct DiskFullTests {
    /// As big as a payload may nearly be: the store has no room for one of them.
    private static let text = String(repeating: "x", count: 4_000)

    @Test(
        "A full disk: nothing is called sent, devices wait; with room again everything arrives once"
    )
    func full() async throws {
        let relay = try await RelayOnSmallDisk()
        let device = try await TestDevice(
            port: relay.devicePort, trustedCAFile: relay.trustedCAFile)
        try await device.send(id: "m-0")
        #expect(try await relay.get("/readyz").hasPrefix("HTTP/1.1 200"))

        try relay.fillDisk()
        for number in 1...20 { try await device.begin(id: "m-\(number)", text: Self.text) }
        try await relay.logged("the store takes nothing, devices wait: no room on the disk of")
        let ready = try await relay.get("/readyz")
        #expect(ready.hasPrefix("HTTP/1.1 503"))
        #expect(ready.contains("the store takes nothing: no room on the disk of"))
        #expect(try await relay.get("/livez").hasPrefix("HTTP/1.1 200"))
        let accepted = try await relay.metric("accepted_total")
        #expect(accepted < 21)
        #expect(device.told <= accepted)
        #expect(!device.hasErrors)

        try relay.freeDisk()
        try await relay.logged("the store works again")
        try await device.events.wait(for: "21 messages told sent") { TestDevice.told($0) == 21 }
        #expect(!device.hasErrors)
        #expect(try await relay.get("/readyz").hasPrefix("HTTP/1.1 200"))

        let received = try await receiveAll(
            21, port: relay.port, trustedCAFile: relay.trustedCAFile)
        #expect(received.sorted() == (0...20).map { "m-\($0)" }.sorted())
        #expect(try await relay.metric("settled_total") == 21)
        #expect(try await relay.metric("attempts_total") == 21)
        #expect(try await relay.metric("redeliveries_total") == 0)
        #expect(device.told == 21)
        try await device.shutDown()
        #expect(try await relay.end() == 143)
    }

    @Test("A full disk: messages down are refused, and taken once there is room, each once")
    func downstream() async throws {
        let relay = try await RelayOnSmallDisk()
        let device = try await TestDevice(
            port: relay.devicePort, trustedCAFile: relay.trustedCAFile)
        let token = try await device.token()
        var configuration = GCMAppServer.Configuration(
            host: "127.0.0.1", port: relay.port, trustedCAFile: relay.trustedCAFile,
            senderID: TestRelay.sender.text, apiKey: TestRelay.key)
        configuration.tries = 1
        let server = try GCMAppServer(configuration)
        let running = Task { try await server.run() }
        func send(_ id: String) async throws -> GCMAppServer.NackError? {
            do {
                _ = try await server.send(
                    GCMAppServer.DownstreamMessage(
                        to: .token(token), data: ["text": String(Self.text.prefix(3_900))],
                        messageID: id))
                return nil
            } catch {
                return try #require(error.nack, "\(error)").error
            }
        }

        #expect(try await send("d-0") == nil)
        try relay.fillDisk()
        var taken = ["d-0"]
        var refusal: GCMAppServer.NackError?
        for number in 1...50 where refusal == nil {
            refusal = try await send("d-\(number)")
            if refusal == nil { taken.append("d-\(number)") }
        }
        #expect(refusal == .serviceUnavailable)
        try relay.freeDisk()
        try await relay.logged("the store works again")
        #expect(try await send("last") == nil)
        try await device.events.wait(for: "the last message") {
            TestDevice.received($0).last == "last"
        }
        #expect(TestDevice.received(device.events.entries) == taken + ["last"])
        server.stop()
        try await running.value
        try await device.shutDown()
        #expect(try await relay.end() == 143)
    }

    @Test("A relay on a full disk can be ended")
    func ended() async throws {
        let relay = try await RelayOnSmallDisk()
        let device = try await TestDevice(
            port: relay.devicePort, trustedCAFile: relay.trustedCAFile)
        try await device.send(id: "m-0")
        try relay.fillDisk()
        for number in 1...20 { try await device.begin(id: "m-\(number)", text: Self.text) }
        try await relay.logged("no room on the disk of")
        #expect(try await relay.end() == 143)
        try await device.shutDown()
    }
}
