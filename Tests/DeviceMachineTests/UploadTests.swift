import CloudMessaging
import DeviceMachine
import Testing

@Suite struct UploadTests {
    @Test("a message goes up only when the outbox has it")
    func durableFirst() throws {
        var device = try TestDevice.online()
        device.storesAtOnce = false
        device.send("m-1")
        #expect(device.actions() == [])
        device.send("m-2")
        device.store()
        let actions = device.actions()
        #expect(actions.acceptedIDs == ["m-1", "m-2"])
        #expect(actions.uploadedIDs == ["m-1", "m-2"])
    }

    @Test("one batch at a time is under way; what comes meanwhile rides on the next")
    func oneBatchUnderWay() throws {
        var device = try TestDevice()
        device.send("m-1")
        let first = device.machine.takeOutboxBatch()
        #expect(first?.added.map(\.id.text) == ["m-1"])
        device.send("m-2")
        device.send("m-3")
        #expect(device.machine.takeOutboxBatch() == nil)
        device.machine.outboxCommitted(now: device.now)
        let second = device.machine.takeOutboxBatch()
        #expect(second?.added.map(\.id.text) == ["m-2", "m-3"])
    }

    @Test("uploads carry what is left of the time to live, rounded up")
    func timeToLiveLeft() throws {
        var device = try TestDevice()
        device.send("m-1", timeToLive: 10)
        device.send("m-2", timeToLive: 60)
        _ = device.pass(.milliseconds(9_001))
        let left = device.comeOnline().compactMap {
            if case .upload(_, let timeToLive) = $0 { timeToLive } else { nil }
        }
        #expect(left == [1, 51])
    }

    @Test("64 uploads are unanswered at most; answers let the rest go up")
    func window() throws {
        var settings = TestDevice.plainSettings
        settings.pendingLimit = nil
        var device = try TestDevice.online(settings)
        for index in 1...70 { device.send("m-\(index)") }
        #expect(device.actions().uploadedIDs == (1...64).map { "m-\($0)" })
        #expect(device.take(2).uploadedIDs == ["m-65", "m-66"])
        #expect(device.take(2).uploadedIDs == [])
        #expect(device.take(66).uploadedIDs == (67...70).map { "m-\($0)" })
        #expect(device.take(70).uploadedIDs == [])
        #expect(device.machine.pendingCount(of: Sample.courier) == 0)
    }

    @Test("after a drop the unanswered go up again in order under the same upload IDs")
    func resend() throws {
        var device = try TestDevice.online()
        for index in 1...5 { device.send("m-\(index)") }
        let first = device.actions().uploads
        _ = device.take(2)
        let lost = device.lose()
        #expect(lost == [.offline, .connect])
        device.send("m-6")
        device.machine.linkOpened()
        let again = device.settle().uploads
        #expect(again.map(\.id.text) == ["m-3", "m-4", "m-5", "m-6"])
        #expect(again.prefix(3).map(\.uploadID) == first.suffix(3).map(\.uploadID))
        #expect(device.take(4).errors == [])
        #expect(device.pass(.seconds(1)).sentBatches.flatMap(\.self) == (1...6).map { "m-\($0)" })
    }

    @Test("counting starts from 0 on every link")
    func countsFromZero() throws {
        var device = try TestDevice.online()
        for index in 1...3 { device.send("m-\(index)") }
        _ = device.actions()
        _ = device.take(3)
        _ = device.lose()
        device.machine.linkOpened()
        device.settle()
        device.send("m-4")
        _ = device.actions()
        _ = device.take(1)
        #expect(device.machine.pendingCount(of: Sample.courier) == 0)
    }

    @Test("a relay that takes nothing costs no message: they wait")
    func relaySilent() throws {
        var device = try TestDevice.online()
        for index in 1...20 { device.send("m-\(index)") }
        _ = device.actions()
        #expect(device.pass(.seconds(80_000)) == [])
        #expect(device.take(20).errors == [])
    }

    @Test("automatic IDs count from 1 and go on in the next life")
    func messageCounter() throws {
        var device = try TestDevice()
        #expect(device.machine.nextMessageID(now: device.now).text == "1")
        #expect(device.machine.nextMessageID(now: device.now).text == "2")
        #expect(device.machine.nextDeadline == device.now + .milliseconds(50))
        _ = device.pass(.milliseconds(50))
        try device.restart()
        let third = device.machine.nextMessageID(now: device.now)
        #expect(third.text == "3")
        device.send(third.text)
        _ = device.actions()
        try device.restart()
        #expect(device.machine.nextMessageID(now: device.now).text == "4")
    }
}
