import CloudMessaging
import DeviceMachine
import Testing

@Suite struct AnswerTests {
    @Test("sent messages are told a second after the first of them")
    func toldAfterDelay() throws {
        var device = try TestDevice.online()
        for index in 1...3 { device.send("m-\(index)") }
        _ = device.actions()
        #expect(device.take(1) == [])
        #expect(device.pass(.milliseconds(600)) == [])
        #expect(device.take(3) == [])
        #expect(device.pass(.milliseconds(399)) == [])
        #expect(device.pass(.milliseconds(1)).sentBatches == [["m-1", "m-2", "m-3"]])
        #expect(device.pass(.seconds(5)) == [])
    }

    @Test("ten sent messages are told at once, the rest waits")
    func toldInTens() throws {
        var device = try TestDevice.online()
        for index in 1...12 { device.send("m-\(index)") }
        _ = device.actions()
        #expect(device.take(12).sentBatches == [(1...10).map { "m-\($0)" }])
        #expect(device.pass(.seconds(1)).sentBatches == [["m-11", "m-12"]])
    }

    @Test("each app has its own batch")
    func batchPerApp() throws {
        var device = try TestDevice.online()
        device.send("d-1", app: Sample.depot)
        device.settle()
        device.send("m-1")
        device.settle()
        _ = device.take(1)
        _ = device.pass(.milliseconds(500))
        _ = device.take(2)
        #expect(device.pass(.milliseconds(500)).sentBatches == [["d-1"]])
        #expect(device.pass(.milliseconds(500)).sentBatches == [["m-1"]])
    }

    @Test("an app is told only when the answer is durable, and then the outbox forgets")
    func durableBeforeTold() throws {
        var device = try TestDevice.online()
        device.send("m-1")
        device.settle()
        device.storesAtOnce = false
        _ = device.take(1)
        #expect(device.pass(.seconds(5)) == [])
        device.store()
        #expect(try device.stored.map(\.state) == [.sent])
        #expect(device.pass(.seconds(1)).sentBatches == [["m-1"]])
        #expect(device.store() == false)
        _ = device.pass(.milliseconds(50))
        #expect(device.store() == true)
        #expect(try device.stored == [])
    }

    @Test("what was answered and not told is told in the next life, once")
    func toldInNextLife() throws {
        var device = try TestDevice.online()
        for index in 1...12 { device.send("m-\(index)") }
        _ = device.actions()
        _ = device.take(12)
        _ = device.pass(.milliseconds(50))
        try device.restart()
        #expect(device.actions().sentBatches == [["m-11", "m-12"]])
        try device.restart()
        #expect(device.actions().sentBatches == [["m-11", "m-12"]])
        #expect(device.pass(.seconds(1)) == [])
        try device.restart()
        #expect(device.actions() == [])
    }

    @Test("a refusal is told with its code, frees the slot and is still counted")
    func refused() throws {
        var device = try TestDevice.online()
        for index in 1...3 { device.send("m-\(index)") }
        let uploads = device.actions().uploads
        device.machine.refused(uploads[1].uploadID, .invalidParameters, now: device.now)
        #expect(device.actions().errors == ["m-2 invalid_parameters"])
        #expect(device.machine.pendingCount(of: Sample.courier) == 2)
        _ = device.take(3)
        #expect(device.pass(.seconds(2)).sentBatches == [["m-1", "m-3"]])
        #expect(try device.stored == [])
    }

    @Test("a refused upload is not sent again on the next link, nor told twice")
    func refusedThenLost() throws {
        var device = try TestDevice.online()
        device.send("m-1")
        let uploadID = try #require(device.actions().uploads.first).uploadID
        device.machine.refused(uploadID, .invalidParameters, now: device.now)
        device.machine.refused(uploadID, .invalidParameters, now: device.now)
        #expect(device.actions().errors == ["m-1 invalid_parameters"])
        #expect(device.lose().errors == [])
        device.machine.linkOpened()
        #expect(device.settle().uploads == [])
    }

    @Test("a refusal of something unknown is ignored")
    func refusedUnknown() throws {
        var device = try TestDevice.online()
        device.send("m-1")
        _ = device.actions()
        let unknown = try #require(UploadID("unknown"))
        device.machine.refused(unknown, .invalidParameters, now: device.now)
        #expect(device.actions() == [])
    }

    @Test("at the end all that is known is told, what is pending stays")
    func shutDown() throws {
        var device = try TestDevice.online()
        for index in 1...3 { device.send("m-\(index)") }
        _ = device.actions()
        device.storesAtOnce = false
        device.machine.taken(count: 2, now: device.now)
        device.machine.shutDown(now: device.now)
        #expect(device.actions() == [.disconnect(.unwanted), .offline])
        #expect(device.store() == true)
        #expect(device.actions().sentBatches.flatMap(\.self) == ["m-1", "m-2"])
        #expect(device.store() == true)
        #expect(device.store() == false)
        #expect(try device.stored.map(\.id.text) == ["m-3"])
        #expect(device.send("m-4") == .refused(.serviceNotAvailable))
        device.machine.goOnline(now: device.now)
        #expect(device.actions() == [])
    }
}
