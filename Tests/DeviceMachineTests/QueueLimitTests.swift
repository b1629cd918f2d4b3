import CloudMessaging
import DeviceMachine
import Testing

@Suite struct QueueLimitTests {
    @Test("offline, 20 messages are kept and the 21st is refused at once")
    func twentyFirstIsRefused() throws {
        var device = try TestDevice()
        for index in 1...20 {
            #expect(device.send("m-\(index)") == .taken(number: Int64(index)))
        }
        #expect(device.send("m-21") == .refused(.tooManyMessages))
        let ids = (1...20).map { "m-\($0)" }
        #expect(device.actions().acceptedIDs == ids)
        #expect(try device.stored.map(\.id.text) == ids)
        #expect(device.comeOnline().uploadedIDs == ids)
        #expect(device.take(20).errors == [])
    }

    @Test("the limit counts each app by itself")
    func limitPerApp() throws {
        var device = try TestDevice()
        for index in 1...20 { device.send("m-\(index)") }
        #expect(!device.machine.hasRoom(for: Sample.courier))
        #expect(device.machine.hasRoom(for: Sample.depot))
        #expect(device.send("m-1", app: Sample.depot) == .taken(number: 21))
    }

    @Test("uploaded messages hold their slot until the relay answers, told or not")
    func answerFreesSlot() throws {
        var device = try TestDevice.online()
        for index in 1...20 { device.send("m-\(index)") }
        #expect(device.actions().sentBatches == [])
        #expect(device.send("m-21") == .refused(.tooManyMessages))
        #expect(device.take(1).sentBatches == [])
        #expect(device.send("m-21") == .taken(number: 21))
        #expect(device.send("m-22") == .refused(.tooManyMessages))
    }

    @Test("TTL 0 neither counts nor is refused for want of a slot")
    func zeroTimeToLiveDoesNotCount() throws {
        var device = try TestDevice.online()
        for index in 1...20 { device.send("m-\(index)") }
        _ = device.actions()
        #expect(device.machine.pendingCount(of: Sample.courier) == 20)
        #expect(device.send("now", timeToLive: 0) == .taken(number: 21))
        #expect(device.machine.pendingCount(of: Sample.courier) == 20)
    }

    @Test("what the last life left pending counts, too")
    func restoredMessagesCount() throws {
        var device = try TestDevice()
        for index in 1...20 { device.send("m-\(index)") }
        _ = device.actions()
        try device.restart()
        #expect(device.send("m-21") == .refused(.tooManyMessages))
        device.comeOnline()
        _ = device.take(2)
        try device.restart()
        #expect(device.machine.pendingCount(of: Sample.courier) == 18)
    }

    @Test("without a limit, as on iOS, many more are taken")
    func unlimited() throws {
        var settings = TestDevice.plainSettings
        settings.pendingLimit = nil
        var device = try TestDevice(settings)
        for index in 1...500 { #expect(device.send("m-\(index)") == .taken(number: Int64(index))) }
        #expect(device.actions().acceptedIDs.count == 500)
    }

    @Test("message IDs may repeat: two messages, two outcomes")
    func repeatedID() throws {
        var device = try TestDevice()
        device.send("same")
        device.send("same")
        let uploads = (device.actions() + device.comeOnline()).uploads
        #expect(uploads.map(\.id.text) == ["same", "same"])
        #expect(uploads.first?.uploadID != uploads.last?.uploadID)
        _ = device.take(2)
        #expect(device.pass(.seconds(1)).sentBatches == [["same", "same"]])
    }
}
