import Foundation
import Testing

@testable import GCMDevice

@Suite("The state file of a device", .timeLimit(.minutes(5)))
struct StateFileTests {
    @Test("a closed device goes on where it stopped: same token, pending messages, counter")
    func reopened() async throws {
        let trust = try TestTrust()
        let relay = try await TestRelay(trust)
        let configuration = relay.configuration(trust, stateFile: trust.stateFile())
        let first = try await Phone(configuration)
        first.device.connect()
        let token = try await first.gcm.register(TestRelay.sender)
        #expect(try await first.gcm.nextMessageID() == "1")
        first.device.disconnect()
        try await first.send(messageIDs(1...20))
        await first.device.close()

        let second = try await Phone(configuration)
        try await second.send(["m-21"])
        #expect(second.app.told.entries == [.error("m-21", "TooManyMessages")])
        #expect(try await second.gcm.nextMessageID() == "2")
        #expect(try await second.gcm.getToken(TestRelay.sender) == token)
        second.device.connect()
        await second.app.told.wait(count: 21)
        #expect(second.sent == messageIDs(1...20))
        #expect(await relay.deliveries.wait(count: 20).allSatisfy { $0.from == token })
        await second.device.close()
        try await relay.stop()
    }

    /// The copy is what a killed process leaves behind.
    @Test("what was sent and not told when the process died is told in the next life, once")
    func untold() async throws {
        let trust = try TestTrust()
        let relay = try await TestRelay(trust)
        var configuration = relay.configuration(trust, stateFile: trust.stateFile())
        configuration.pendingLimit = 1
        configuration.sentDelay = .seconds(3_600)
        let first = try await Phone(configuration)
        first.device.connect()
        try await first.send(["m-1"])
        try await first.device.waitForRoom(for: first.category)
        try await first.send(["m-2"])
        #expect(first.app.told.entries.isEmpty)
        for suffix in ["", "-wal"] {
            try FileManager.default.copyItem(
                atPath: trust.stateFile() + suffix, toPath: trust.stateFile("copy") + suffix)
        }
        await first.device.close()

        configuration.stateFile = trust.stateFile("copy")
        configuration.sentDelay = .milliseconds(20)
        let second = try await Phone(configuration)
        #expect(second.device.unfinishedAtStart(of: second.category) == 2)
        second.device.connect()
        await second.app.told.wait(count: 2)
        #expect(second.sent == ["m-1", "m-2"])
        #expect(await relay.deliveries.wait(count: 2).map(\.id) == ["m-1", "m-2"])
        await second.device.close()

        let third = try await Phone(configuration)
        #expect(third.device.unfinishedAtStart(of: third.category) == 0)
        await third.device.close()
        try await relay.stop()
    }

    @Test("a file that cannot be used is named, with the reason")
    func unusable() async throws {
        let trust = try TestTrust()
        let missing = trust.directory + "/missing/device.db"
        let text = trust.stateFile("text")
        try Data("something else, and long enough to look at".utf8).write(
            to: URL(fileURLWithPath: text))
        let device = try await GCMDevice.open(
            .unconnected(trust, stateFile: trust.stateFile()))
        for (file, code) in [
            (missing, GCMDeviceError.Code.stateFileNotWritable), (text, .stateFileNotOurs),
            (trust.stateFile(), .stateFileInUse),
        ] {
            let error = await #expect(throws: GCMDeviceError.self) {
                try await GCMDevice.open(.unconnected(trust, stateFile: file))
            }
            #expect(error?.code == code)
            #expect(error?.description.contains(file) == true)
        }
        await device.close()
    }
}
