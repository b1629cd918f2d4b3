import CloudMessaging
import DeviceMachine
import Testing

@Suite struct ExpiryTests {
    @Test("a pending message expires by itself at its time and frees its slot")
    func expiresByDeadline() throws {
        var device = try TestDevice()
        device.send("m-1", timeToLive: 60)
        for index in 2...20 { device.send("m-\(index)") }
        #expect(device.actions().errors == [])
        #expect(device.machine.nextDeadline == device.now + .seconds(60))
        #expect(device.pass(.milliseconds(59_999)) == [])
        #expect(device.pass(.milliseconds(1)).errors == ["m-1 SERVICE_NOT_AVAILABLE"])
        #expect(device.send("m-21") != .refused(.tooManyMessages))
        _ = device.pass(.milliseconds(50))
        #expect(try device.stored.map(\.id.text) == (2...21).map { "m-\($0)" })
    }

    @Test("messages expire in the order of their times, whatever order they were sent in")
    func orderOfExpiry() throws {
        var device = try TestDevice()
        for (index, seconds) in [30, 10, 20, 10].enumerated() {
            device.send("m-\(index)", timeToLive: seconds)
        }
        let errors = device.pass(.seconds(30)).errors
        #expect(errors == ["m-1", "m-3", "m-2", "m-0"].map { "\($0) SERVICE_NOT_AVAILABLE" })
        #expect(device.comeOnline().uploads == [])
    }

    @Test("a message that waits for its app's token expires, too")
    func expiresWhileBlocked() throws {
        var device = try TestDevice.online()
        device.send("d-1", app: Sample.depot, timeToLive: 5)
        #expect(device.actions().uploads == [])
        #expect(device.pass(.seconds(5)).errors == ["d-1 SERVICE_NOT_AVAILABLE"])
        device.machine.registered(
            Sample.registration(Sample.depot, [Sample.sender]), now: device.now)
        #expect(device.actions().uploads == [])
    }

    @Test("on the wire it waits for the answer, which still counts")
    func answeredAfterExpiry() throws {
        var device = try TestDevice.online()
        device.send("m-1", timeToLive: 5)
        device.settle()
        #expect(device.pass(.seconds(60)) == [])
        _ = device.take(1)
        #expect(device.pass(.seconds(1)).sentBatches == [["m-1"]])
    }

    @Test("on the wire it fails when the link is lost after its time")
    func lostAfterExpiry() throws {
        var device = try TestDevice.online()
        device.send("m-1", timeToLive: 5)
        device.send("m-2", timeToLive: 6)
        device.settle()
        #expect(device.pass(.seconds(5)) == [])
        #expect(device.lose().errors == ["m-1 SERVICE_NOT_AVAILABLE"])
        #expect(device.take(1) == [])
        #expect(device.pass(.seconds(1)).errors == ["m-2 SERVICE_NOT_AVAILABLE"])
    }

    @Test("what is due at the time of uploading fails, though no deadline was kept")
    func expiredAtUpload() throws {
        var device = try TestDevice()
        device.send("m-1", timeToLive: 5)
        _ = device.actions()
        device.now = device.now + .seconds(5)
        let actions = device.comeOnline()
        #expect(actions.errors == ["m-1 SERVICE_NOT_AVAILABLE"])
        #expect(actions.uploads == [])
    }

    @Test("expired while it was being stored: accepted, then failed")
    func expiredWhileStoring() throws {
        var device = try TestDevice()
        device.storesAtOnce = false
        device.send("m-1", timeToLive: 1)
        #expect(device.pass(.seconds(2)) == [])
        device.store()
        let actions = device.actions()
        #expect(actions.acceptedIDs == ["m-1"])
        #expect(actions.errors == ["m-1 SERVICE_NOT_AVAILABLE"])
        #expect(device.machine.pendingCount(of: Sample.courier) == 0)
    }

    @Test("expired while the process was off: told first thing in the next life")
    func expiredWhileOff() throws {
        var device = try TestDevice()
        device.send("m-1", timeToLive: 5)
        device.send("m-2", timeToLive: 6)
        _ = device.actions()
        try device.restart(after: .seconds(5))
        #expect(device.actions().errors == ["m-1 SERVICE_NOT_AVAILABLE"])
        #expect(device.machine.pendingCount(of: Sample.courier) == 1)
        _ = device.pass(.milliseconds(50))
        #expect(try device.stored.map(\.id.text) == ["m-2"])
    }

    @Test("an answered message leaves no deadline behind")
    func noDeadlineLeft() throws {
        var device = try TestDevice.online()
        for index in 1...5 { device.send("m-\(index)", timeToLive: 100 + index) }
        device.settle()
        _ = device.take(5)
        _ = device.pass(.seconds(2))
        #expect(device.machine.nextDeadline == nil)
    }
}
