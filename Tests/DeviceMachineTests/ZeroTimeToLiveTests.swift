import CloudMessaging
import DeviceMachine
import Testing

@Suite struct ZeroTimeToLiveTests {
    @Test("online it goes up at once with 0, without the outbox, and is told like others")
    func sentNow() throws {
        var device = try TestDevice.online()
        device.storesAtOnce = false
        #expect(device.send("now", timeToLive: 0) == .taken(number: 1))
        #expect(device.machine.takeOutboxBatch() == nil)
        let actions = device.actions()
        #expect(actions.acceptedIDs == ["now"])
        guard case .upload(let message, timeToLive: 0) = actions.last else {
            Issue.record("expected an upload with time to live 0, got \(actions)")
            return
        }
        #expect(message.id.text == "now")
        #expect(device.take(1) == [])
        #expect(device.pass(.seconds(1)).sentBatches == [["now"]])
        #expect(device.machine.takeOutboxBatch() == nil)
    }

    @Test("without a stream it is refused at once")
    func offline() throws {
        var device = try TestDevice()
        #expect(device.send("now", timeToLive: 0) == .refused(.serviceNotAvailable))
        device.machine.goOnline(now: device.now)
        #expect(device.send("now", timeToLive: 0) == .refused(.serviceNotAvailable))
    }

    @Test("without a token it is refused at once; the token is asked for")
    func unregistered() throws {
        var device = try TestDevice.online()
        let outcome = device.send("now", app: Sample.depot, timeToLive: 0)
        #expect(outcome == .refused(.serviceNotAvailable))
        device.settle()
        #expect(device.send("now", app: Sample.depot, timeToLive: 0) == .taken(number: 1))
    }

    @Test("with a full window it is refused at once")
    func windowFull() throws {
        var settings = TestDevice.plainSettings
        settings.pendingLimit = nil
        var device = try TestDevice.online(settings)
        for index in 1...63 { device.send("m-\(index)") }
        device.settle()
        #expect(device.send("now", timeToLive: 0) == .taken(number: 64))
        #expect(device.send("again", timeToLive: 0) == .refused(.serviceNotAvailable))
    }

    @Test("it fails when the link drops before the answer, and is never sent again")
    func linkDrops() throws {
        var device = try TestDevice.online()
        device.send("now", timeToLive: 0)
        device.send("m-1")
        device.settle()
        #expect(device.lose().errors == ["now SERVICE_NOT_AVAILABLE"])
        device.machine.linkOpened()
        #expect(device.settle().uploadedIDs == ["m-1"])
    }
}
