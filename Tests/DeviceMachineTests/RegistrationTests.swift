import CloudMessaging
import DeviceMachine
import Testing

@Suite struct RegistrationTests {
    @Test("an app gets its token before its first message goes up")
    func registersBeforeUpload() throws {
        var device = try TestDevice()
        device.send("m-1")
        device.machine.goOnline(now: device.now)
        _ = device.actions()
        device.machine.linkOpened()
        _ = device.actions()
        device.machine.checkedIn(Sample.identity)
        _ = device.actions()
        device.machine.linkReady(now: device.now)
        let ask = DeviceAction.register(Sample.courier, senders: [Sample.sender])
        #expect(device.actions() == [.online, ask])
        let registration = Sample.registration(Sample.courier, [Sample.sender])
        device.machine.registered(registration, now: device.now)
        let actions = device.actions()
        #expect(actions.first == .registered(registration))
        #expect(actions.uploadedIDs == ["m-1"])
        #expect(try device.snapshot.registrations == [registration])
    }

    @Test("a token of an earlier life is used without asking")
    func keptToken() throws {
        var device = try TestDevice.online()
        try device.restart()
        device.send("m-1")
        let actions = device.actions() + device.comeOnline()
        #expect(actions.uploadedIDs == ["m-1"])
        #expect(!actions.contains { if case .register = $0 { true } else { false } })
    }

    @Test("an app that was asking for its token in a crash is known to the next life")
    func keptWish() throws {
        var device = try TestDevice()
        device.comeOnline()
        _ = device.machine.register(Sample.courier, senders: [Sample.sender, Sample.otherSender])
        let ask = DeviceAction.register(
            Sample.courier, senders: [Sample.sender, Sample.otherSender])
        #expect(device.actions() == [ask])
        try device.restart()
        #expect(device.machine.registration(of: Sample.courier) == nil)
        let actions = device.comeOnline()
        #expect(actions.contains(ask))
        #expect(try device.snapshot.registrations.map(\.isAwaited) == [false])
    }

    @Test("an app that was uninstalled is not brought back by what it had under way")
    func uninstalledForGood() throws {
        var device = try TestDevice.online()
        device.send("m-1")
        #expect(device.actions().uploadedIDs == ["m-1"])
        device.storesAtOnce = false
        device.send("m-2")
        device.machine.uninstall(Sample.courier, now: device.now)
        device.storesAtOnce = true
        var actions = device.actions() + device.lose()
        device.machine.linkOpened()
        actions += device.settle()
        #expect(actions.contains(.online))
        #expect(!actions.contains { if case .register = $0 { true } else { false } })
        #expect(actions.errors == ["m-2 invalid_parameters", "m-1 invalid_parameters"])
        #expect(try device.snapshot.registrations == [])
        _ = device.pass(.milliseconds(50))
        #expect(try device.stored == [])
        // Installed again, it is an app like any other.
        device.send("m-3")
        #expect(device.settle().uploadedIDs == ["m-3"])
    }

    @Test(
        "an app that gets no token, or is gone, is not known to the next life",
        arguments: [true, false])
    func droppedWish(isRefused: Bool) throws {
        var device = try TestDevice()
        device.comeOnline()
        _ = device.machine.register(Sample.courier, senders: [Sample.sender])
        _ = device.actions()
        #expect(try device.snapshot.registrations.map(\.isAwaited) == [true])
        if isRefused {
            device.machine.registrationRefused(
                Sample.courier, .invalidParameters, now: device.now)
        } else {
            device.machine.uninstall(Sample.courier, now: device.now)
        }
        _ = device.actions()
        #expect(try device.snapshot.registrations == [])
    }

    @Test("a message to another sender makes the token good for both, and waits for that")
    func unionOfSenders() throws {
        var device = try TestDevice.online()
        device.send("m-1", to: Sample.otherAddress)
        device.send("m-2")
        let both = [Sample.sender, Sample.otherSender]
        let actions = device.actions()
        #expect(actions.last(where: { $0.isForRelay }) == .register(Sample.courier, senders: both))
        #expect(actions.uploads == [])
        device.machine.registered(
            Sample.registration(Sample.courier, both), now: device.now)
        #expect(device.actions().uploadedIDs == ["m-1", "m-2"])
    }

    @Test("an app that waits for its token holds up no other app, and keeps its order")
    func otherAppsPass() throws {
        var device = try TestDevice.online()
        device.send("d-1", app: Sample.depot)
        device.send("m-1")
        device.send("d-2", app: Sample.depot)
        #expect(device.actions().uploadedIDs == ["m-1"])
        device.machine.registered(
            Sample.registration(Sample.depot, [Sample.sender]), now: device.now)
        #expect(device.actions().uploadedIDs == ["d-1", "d-2"])
    }

    @Test("100 senders are allowed, the 101st is refused")
    func hundredSenders() throws {
        var device = try TestDevice()
        let senders = (1...100).map { Sample.senderID("\($0)") }
        #expect(device.machine.register(Sample.courier, senders: senders) == nil)
        #expect(device.send("m-1", to: "100@gcm.googleapis.com") == .taken(number: 1))
        #expect(device.send("m-2", to: "101@gcm.googleapis.com") == .refused(.invalidParameters))
        let more = [Sample.senderID("101")]
        #expect(device.machine.register(Sample.courier, senders: more) == .invalidParameters)
    }

    @Test("100 apps are allowed, the 101st is refused")
    func hundredApps() throws {
        var device = try TestDevice()
        for index in 1...100 {
            #expect(
                device.send("m", app: Sample.category("app\(index)"))
                    != .refused(.invalidParameters))
        }
        #expect(device.send("m", app: Sample.category("app101")) == .refused(.invalidParameters))
    }

    @Test("a refused sender fails its messages; those to other senders go on")
    func refusedSender() throws {
        var device = try TestDevice.online()
        device.send("m-1", to: Sample.otherAddress)
        device.send("m-2")
        _ = device.actions()
        let refusal = AppRequest.Refusal(.invalidParameters, reason: "4711 is closed")
        device.machine.registrationRefused(Sample.courier, refusal, now: device.now)
        let actions = device.actions()
        #expect(actions.first == .registrationRefused(Sample.courier, refusal))
        #expect(actions.errors == ["m-1 invalid_parameters"])
        #expect(actions.uploadedIDs == ["m-2"])
    }

    @Test("a token that is good for fewer senders than asked fails the others' messages")
    func partialToken() throws {
        var device = try TestDevice()
        device.send("m-1", to: Sample.otherAddress)
        device.send("m-2")
        _ = device.machine.register(Sample.courier, senders: [Sample.sender])
        device.machine.goOnline(now: device.now)
        _ = device.actions()
        device.machine.linkOpened()
        _ = device.actions()
        device.machine.checkedIn(Sample.identity)
        _ = device.actions()
        device.machine.linkReady(now: device.now)
        _ = device.actions()
        device.machine.registered(
            Sample.registration(Sample.courier, [Sample.sender]), now: device.now)
        let actions = device.actions()
        #expect(actions.errors == ["m-1 invalid_parameters"])
        #expect(actions.uploadedIDs == ["m-2"])
        #expect(device.pass(.seconds(10)) == [])
    }

    @Test("a relay that cannot store a registration is asked again later, nothing fails")
    func registrationUnavailable() throws {
        var device = try TestDevice.online()
        device.send("d-1", app: Sample.depot)
        _ = device.actions()
        device.machine.registrationRefused(Sample.depot, .serviceNotAvailable, now: device.now)
        #expect(device.actions() == [])
        let ask = DeviceAction.register(Sample.depot, senders: [Sample.sender])
        #expect(device.pass(.milliseconds(500)) == [ask])
        device.machine.registrationRefused(Sample.depot, .serviceNotAvailable, now: device.now)
        #expect(device.pass(.milliseconds(999)) == [])
        #expect(device.pass(.milliseconds(1)) == [ask])
    }

    @Test("a question that the link lost is asked again on the next one")
    func askedAgain() throws {
        var device = try TestDevice.online()
        device.send("d-1", app: Sample.depot)
        _ = device.actions()
        _ = device.lose()
        device.machine.linkOpened()
        _ = device.actions()
        device.machine.linkReady(now: device.now)
        let ask = DeviceAction.register(Sample.depot, senders: [Sample.sender])
        #expect(device.actions() == [.online, ask])
    }

    @Test("a link lost while the relay cannot register: the next one is asked at once")
    func retryEndsWithLink() throws {
        var device = try TestDevice.online()
        device.send("d-1", app: Sample.depot)
        _ = device.actions()
        device.machine.registrationRefused(Sample.depot, .serviceNotAvailable, now: device.now)
        _ = device.lose()
        device.machine.linkOpened()
        #expect(device.settle().uploadedIDs == ["d-1"])
    }

    @Test("senders wanted while a question is under way are asked for next")
    func wantedMeanwhile() throws {
        var device = try TestDevice.online()
        let first = Sample.senderID("1")
        let second = Sample.senderID("2")
        _ = device.machine.register(Sample.depot, senders: [first])
        #expect(device.actions() == [.register(Sample.depot, senders: [first])])
        _ = device.machine.register(Sample.depot, senders: [second])
        #expect(device.actions() == [])
        let registration = Sample.registration(Sample.depot, [first])
        device.machine.registered(registration, now: device.now)
        let ask = DeviceAction.register(Sample.depot, senders: [first, second])
        #expect(device.actions() == [.registered(registration), ask])
    }

    @Test("order holds when the link breaks while later messages wait for the token")
    func orderAcrossLinks() throws {
        var device = try TestDevice.online()
        device.send("m-1")
        device.send("m-2", to: Sample.otherAddress)
        device.storesAtOnce = false
        device.store()
        #expect(device.actions().uploads == [])
        device.machine.registered(
            Sample.registration(Sample.courier, [Sample.sender, Sample.otherSender]),
            now: device.now)
        #expect(device.actions().uploadedIDs == ["m-1", "m-2"])
        device.send("m-3", to: "3@gcm.googleapis.com")
        device.store()
        device.store()
        #expect(device.actions().uploads == [])
        _ = device.lose()
        device.machine.linkOpened()
        #expect(device.settle().uploadedIDs == ["m-1", "m-2", "m-3"])
    }

    @Test("a token of the forgotten device is not stored under the new identity")
    func staleTokenDropped() throws {
        var device = try TestDevice.online()
        device.storesAtOnce = false
        device.send("d-1", app: Sample.depot)
        let batch = device.machine.takeOutboxBatch()
        #expect(batch != nil)
        _ = device.actions()
        let stale = Sample.registration(Sample.depot, [Sample.senderID("9")])
        _ = device.machine.register(Sample.depot, senders: stale.senders)
        device.machine.registered(stale, now: device.now)
        _ = device.lose()
        device.machine.linkOpened()
        device.machine.identityUnknown(now: device.now)
        _ = device.pass(.milliseconds(500))
        device.machine.linkOpened()
        device.machine.checkedIn(Sample.identity)
        device.machine.outboxCommitted(now: device.now)
        let next = device.machine.takeOutboxBatch()
        #expect(next?.newIdentity == Sample.identity)
        #expect(next?.registrations == [])
    }

    @Test("an app that has its token already is told so at once")
    func registeredAlready() throws {
        var device = try TestDevice.online()
        #expect(device.machine.register(Sample.courier, senders: [Sample.sender]) == nil)
        let registration = Sample.registration(Sample.courier, [Sample.sender])
        #expect(device.actions() == [.registered(registration)])
    }
}

extension DeviceAction {
    fileprivate var isForRelay: Bool {
        switch self {
        case .register, .upload: true
        default: false
        }
    }
}
