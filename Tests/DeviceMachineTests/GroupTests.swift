import CloudMessaging
import DeviceMachine
import Testing

@Suite("Messages to a notification key")
struct GroupTests {
    private static let key = "APA91b-4_x:Key"

    @Test(
        "A registered app may send to what may be a key, and the relay judges it",
        arguments: [Self.key, String(repeating: "k", count: 1_024)])
    func sent(key: String) throws {
        var device = try TestDevice.online()
        #expect(device.send("m-1", to: key) == .taken(number: 1))
        let actions = device.actions()
        #expect(actions.uploads.map(\.to) == [key])
        #expect(!actions.contains { if case .register = $0 { true } else { false } })
        device.send("m-2", to: key, timeToLive: 0)
        #expect(device.actions().uploadedIDs == ["m-2"])
        device.machine.refused(
            try #require(actions.uploads.first).uploadID, .invalidParameters,
            now: device.now)
        #expect(device.take(2).errors == ["m-1 invalid_parameters"])
    }

    @Test("An app that neither has a token nor asked for one is in no group")
    func stranger() throws {
        var device = try TestDevice.online()
        let strange = device.send("m-1", to: Self.key, app: Sample.depot)
        #expect(strange == .refused(.invalidParameters))
        #expect(device.machine.pendingCount(of: Sample.depot) == 0)
        device.machine.uninstall(Sample.courier, now: device.now)
        #expect(device.send("m-2", to: Self.key) == .refused(.invalidParameters))
    }

    @Test("It waits for the token, in this life or the next")
    func waits() throws {
        var device = try TestDevice()
        _ = device.machine.register(Sample.courier, senders: [Sample.sender])
        #expect(device.send("m-1", to: Self.key) == .taken(number: 1))
        _ = device.actions()
        try device.restart()
        #expect(device.comeOnline().uploads == [], "nobody asked for a token in this life")
        _ = device.machine.register(Sample.courier, senders: [Sample.sender])
        #expect(device.settle().uploadedIDs == ["m-1"])
    }

    @Test("It fails with the registration that it waits for")
    func refusedRegistration() throws {
        var device = try TestDevice.online()
        _ = device.machine.register(Sample.depot, senders: [Sample.sender])
        device.send("m-1", to: Self.key, app: Sample.depot)
        _ = device.actions()
        device.machine.registrationRefused(Sample.depot, .invalidParameters, now: device.now)
        #expect(device.actions().errors == ["m-1 invalid_parameters"])
    }

    @Test("A sender that is refused does no harm to a message for a group")
    func refusedSender() throws {
        var device = try TestDevice.online()
        _ = device.machine.register(Sample.courier, senders: [Sample.otherSender])
        device.send("m-1", to: Self.key)
        _ = device.actions()
        device.machine.registrationRefused(Sample.courier, .invalidParameters, now: device.now)
        let actions = device.actions()
        #expect(actions.errors == [])
        #expect(actions.uploadedIDs == ["m-1"])
    }
}
