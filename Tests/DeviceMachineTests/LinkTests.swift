import CloudMessaging
import DeviceMachine
import Testing

@Suite struct LinkTests {
    @Test("a new device connects, checks in, stores who it is, and logs in")
    func firstConnection() throws {
        var device = try TestDevice()
        #expect(device.actions() == [])
        device.machine.goOnline(now: device.now)
        #expect(device.actions() == [.connect])
        device.machine.linkOpened()
        #expect(device.actions() == [.checkIn])
        device.storesAtOnce = false
        device.machine.checkedIn(Sample.identity)
        #expect(device.actions() == [])
        device.store()
        #expect(device.actions() == [.authenticate(Sample.identity)])
        device.machine.linkReady(now: device.now)
        #expect(device.actions() == [.online])
        #expect(device.machine.isOnline)
        #expect(device.machine.nextDeadline == nil)
    }

    @Test("a device with an identity logs in with it")
    func secondLife() throws {
        var device = try TestDevice()
        device.comeOnline()
        try device.restart()
        #expect(device.comeOnline() == [.connect, .authenticate(Sample.identity), .online])
    }

    @Test("failed attempts wait longer from time to time, up to the longest delay")
    func backOff() throws {
        var device = try TestDevice()
        device.machine.goOnline(now: device.now)
        var delays: [Duration] = []
        for _ in 1...8 {
            #expect(device.actions() == [.connect])
            #expect(device.lose() == [])
            let deadline = try #require(device.machine.nextDeadline)
            delays.append(device.now.duration(to: deadline))
            device.now = deadline
            device.machine.deadlineReached(now: deadline)
        }
        #expect(delays == [0.5, 1, 2, 4, 8, 16, 30, 30].map { Duration.seconds($0) })
    }

    @Test("back-off is spread by the entropy")
    func jitter() throws {
        var settings = DeviceSettings()
        settings.reconnect.jitter = 0.2
        var device = try TestDevice(settings)
        device.machine.goOnline(now: device.now)
        _ = device.lose()
        let deadline = try #require(device.machine.nextDeadline)
        let delay = device.now.duration(to: deadline)
        #expect(delay != .milliseconds(500))
        #expect((.milliseconds(400))...(.milliseconds(600)) ~= delay)
    }

    @Test("a good link that drops is opened again at once")
    func reconnectAtOnce() throws {
        var device = try TestDevice.online()
        #expect(device.lose() == [.offline, .connect])
        #expect(device.settle() == [])
        device.machine.linkOpened()
        #expect(device.settle() == [.authenticate(Sample.identity), .online])
    }

    @Test("links that break at once again and again are opened with back-off")
    func uselessLinks() throws {
        var device = try TestDevice.online()
        device.send("m-1")
        device.settle()
        var delays: [Duration] = []
        for _ in 1...4 {
            var actions = device.lose()
            let lost = device.now
            if let deadline = device.machine.nextDeadline, !actions.contains(.connect) {
                actions += device.pass(lost.duration(to: deadline))
            }
            #expect(actions == [.offline, .connect])
            delays.append(lost.duration(to: device.now))
            device.machine.linkOpened()
            #expect(device.settle().uploadedIDs == ["m-1"])
        }
        #expect(delays == [0, 0.5, 1, 2].map { Duration.seconds($0) })
        _ = device.take(1)
        #expect(device.lose().contains(.connect))
    }

    @Test("a good link that lasted, or carried an answer, is opened again at once each time")
    func usefulLinks() throws {
        var device = try TestDevice.online()
        for index in 1...6 {
            if index % 2 == 0 {
                device.send("m-\(index)")
                device.settle()
                _ = device.take(1)
            } else {
                _ = device.pass(.milliseconds(500))
            }
            #expect(device.lose().contains(.connect))
            device.machine.linkOpened()
            device.settle()
        }
    }

    @Test("a device that was replaced waits, and longer each time")
    func replaced() throws {
        var device = try TestDevice.online()
        #expect(device.lose(.replaced) == [.offline])
        #expect(device.machine.nextDeadline == device.now + .milliseconds(500))
        #expect(device.pass(.milliseconds(500)) == [.connect])
        device.machine.linkOpened()
        device.settle()
        #expect(device.lose(.replaced) == [.offline])
        #expect(device.machine.nextDeadline == device.now + .seconds(1))
    }

    @Test("offline by wish: the link is closed and not opened again")
    func goOffline() throws {
        var device = try TestDevice.online()
        device.machine.goOffline(now: device.now)
        #expect(device.actions() == [.disconnect(.unwanted), .offline])
        #expect(device.pass(.seconds(3_600)) == [])
        #expect(device.comeOnline() == [.connect, .authenticate(Sample.identity), .online])
    }

    @Test("offline by wish ends the waiting for the next attempt")
    func goOfflineWhileWaiting() throws {
        var device = try TestDevice()
        device.machine.goOnline(now: device.now)
        _ = device.lose()
        device.machine.goOffline(now: device.now)
        #expect(device.machine.nextDeadline == nil)
        #expect(device.actions() == [])
    }

    @Test("late events of a link that was given up are ignored")
    func lateEvents() throws {
        var device = try TestDevice.online()
        device.send("m-1")
        device.settle()
        device.machine.goOffline(now: device.now)
        _ = device.actions()
        device.machine.linkOpened()
        device.machine.checkedIn(Sample.identity)
        device.machine.linkReady(now: device.now)
        device.machine.identityUnknown(now: device.now)
        #expect(device.take(1) == [])
        #expect(device.lose() == [])
        #expect(device.machine.pendingCount(of: Sample.courier) == 1)
    }

    @Test("an unknown identity: check-in and registration anew, pending messages are kept")
    func identityUnknown() throws {
        var device = try TestDevice.online()
        device.send("m-1")
        _ = device.lose()
        device.machine.linkOpened()
        #expect(device.actions() == [.authenticate(Sample.identity)])
        device.machine.identityUnknown(now: device.now)
        #expect(device.actions() == [.disconnect(.identityUnknown)])
        #expect(device.pass(.milliseconds(500)) == [.connect])
        device.machine.linkOpened()
        #expect(device.actions() == [.checkIn])
        let identity = DeviceIdentity(id: DeviceID(18), securityToken: "other")
        device.machine.checkedIn(identity)
        #expect(device.actions() == [.authenticate(identity)])
        device.machine.linkReady(now: device.now)
        let senders = [Sample.sender]
        #expect(device.actions() == [.online, .register(Sample.courier, senders: senders)])
        device.machine.registered(Sample.registration(Sample.courier, senders), now: device.now)
        #expect(device.actions().uploadedIDs == ["m-1"])
        #expect(try device.snapshot.identity == identity)
    }

    @Test("an answer for more uploads than were written ends the link")
    func answeredTooMany() throws {
        var device = try TestDevice.online()
        device.send("m-1")
        device.settle()
        #expect(device.take(2) == [.disconnect(.answeredTooMany), .offline])
        #expect(device.machine.nextDeadline == device.now + .milliseconds(500))
        #expect(device.machine.pendingCount(of: Sample.courier) == 1)
    }
}
