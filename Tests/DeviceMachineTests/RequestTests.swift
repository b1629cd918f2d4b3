import CloudMessaging
import DeviceMachine
import MessageStore
import Testing

@Suite struct RequestTests {
    private static func refused(_ reason: String) -> RequestOutcome {
        .refused(AppRequest.Refusal(.invalidParameters, reason: reason))
    }

    private static let old = Sample.registration(Sample.courier, [Sample.sender])
    private static let new = AppRegistration(
        category: Sample.courier, token: RegistrationToken("token:new"), senders: [Sample.sender])
    private static let ask = DeviceAction.register(Sample.courier, senders: [Sample.sender])

    private func news() throws -> AppRequest {
        .subscribe(try #require(TopicName("news")))
    }

    @Test("a subscription is asked for and answered, under the number it was given")
    func subscription() throws {
        var device = try TestDevice.online()
        let token = Self.old.token
        let subscribe = try news()
        #expect(
            device.machine.request(subscribe, of: Sample.courier, token: token)
                == .asked(number: 1))
        let unsubscribe = AppRequest.unsubscribe(try #require(TopicName("news")))
        #expect(device.machine.request(unsubscribe, of: Sample.courier) == .asked(number: 2))
        #expect(
            device.actions() == [
                .request(subscribe, Sample.courier, number: 1),
                .request(unsubscribe, Sample.courier, number: 2),
            ])
        device.machine.answered(2, .refused(.invalidParameters, reason: "no"), now: device.now)
        device.machine.answered(1, .done, now: device.now)
        device.machine.answered(1, .done, now: device.now)
        #expect(
            device.actions() == [
                .answered(2, AppRequest.Refusal(.invalidParameters, reason: "no")),
                .answered(1, nil),
            ])
    }

    @Test("without a link, without a token, and with another token nothing is asked")
    func refused() throws {
        var device = try TestDevice()
        let request = try news()
        #expect(
            device.machine.request(request, of: Sample.courier) == .refused(.serviceNotAvailable))
        device = try TestDevice.online()
        #expect(
            device.machine.request(request, of: Sample.depot)
                == Self.refused("the app has no token"))
        #expect(
            device.machine.request(
                request, of: Sample.courier, token: RegistrationToken("token:other"))
                == Self.refused("that is not the app's token"))
        #expect(device.actions() == [])
    }

    @Test("64 requests may be open, the 65th is refused")
    func bound() throws {
        var device = try TestDevice.online()
        for number in 1...64 {
            #expect(
                device.machine.request(try news(), of: Sample.courier)
                    == .asked(number: Int64(number)))
        }
        #expect(
            device.machine.request(try news(), of: Sample.courier)
                == .refused(.serviceNotAvailable))
    }

    @Test("a link that is lost fails what it did not answer")
    func lostLink() throws {
        var device = try TestDevice.online()
        _ = device.machine.request(try news(), of: Sample.courier)
        _ = device.actions()
        #expect(device.lose().contains(.answered(1, .serviceNotAvailable)))
        device.machine.linkOpened()
        device.settle()
        device.machine.answered(1, .done, now: device.now)
        #expect(device.actions() == [])
    }

    @Test("a refreshed token is kept, and the app hears that it took the place of another")
    func refresh() throws {
        var device = try TestDevice.online()
        _ = device.machine.request(.refreshToken, of: Sample.courier)
        _ = device.actions()
        device.send("m-1")
        #expect(device.actions().uploadedIDs == ["m-1"])
        device.machine.answered(1, .refreshed(Self.new), now: device.now)
        #expect(
            device.actions() == [
                .registered(Self.new), .tokenRefreshed(Sample.courier), .answered(1, nil),
            ])
        #expect(device.machine.registration(of: Sample.courier) == Self.new)
        #expect(try device.snapshot.registrations == [Self.new])
    }

    @Test("a refusal leaves the token as it was")
    func refreshRefused() throws {
        var device = try TestDevice.online()
        _ = device.machine.request(.refreshToken, of: Sample.courier)
        _ = device.actions()
        device.machine.answered(1, .refused(.serviceNotAvailable), now: device.now)
        #expect(device.actions() == [.answered(1, .serviceNotAvailable)])
        #expect(try device.snapshot.registrations == [Self.old])
    }

    @Test("a refresh whose answer is lost: the app learns on the next link which token it has")
    func refreshLost() throws {
        var device = try TestDevice.online()
        _ = device.machine.request(.refreshToken, of: Sample.courier)
        _ = device.actions()
        _ = device.lose()
        device.machine.linkOpened()
        _ = device.actions()
        device.machine.linkReady(now: device.now)
        #expect(device.actions() == [.online, Self.ask])
        device.machine.registered(Self.new, now: device.now)
        #expect(device.actions() == [.registered(Self.new), .tokenRefreshed(Sample.courier)])
    }

    @Test("a crash during a refresh: the next life asks which token it has")
    func refreshCrash() throws {
        var device = try TestDevice.online()
        _ = device.machine.request(.refreshToken, of: Sample.courier)
        _ = device.actions()
        try device.restart()
        #expect(!(try device.snapshot.registrations.contains(Self.old)))
        device.machine.goOnline(now: device.now)
        _ = device.actions()
        device.machine.linkOpened()
        _ = device.actions()
        device.machine.linkReady(now: device.now)
        #expect(device.actions() == [.online, Self.ask])
        // The relay delivers at once: nothing is refused, or the mailbox would be lost.
        let delivery = DeliveredMessage(
            category: Sample.courier, id: try #require(MessageID("d-1")), from: "555000111222")
        device.machine.received(delivery, now: device.now)
        #expect(device.actions() == [.received(delivery)])
        device.machine.registered(Self.new, now: device.now)
        #expect(device.actions() == [.registered(Self.new)])
        #expect(try device.snapshot.registrations == [Self.new])
    }

    @Test("a wiped relay gives another token: the app hears that, too")
    func wipedRelay() throws {
        var device = try TestDevice.online()
        _ = device.lose()
        device.machine.linkOpened()
        _ = device.actions()
        device.machine.identityUnknown(now: device.now)
        _ = device.pass(.milliseconds(500))
        device.machine.linkOpened()
        _ = device.actions()
        device.machine.checkedIn(Sample.identity)
        _ = device.actions()
        device.machine.linkReady(now: device.now)
        #expect(device.actions() == [.online, Self.ask])
        device.machine.registered(Self.new, now: device.now)
        #expect(device.actions() == [.registered(Self.new), .tokenRefreshed(Sample.courier)])
    }

    @Test("an app that unregistered has no token, here and in the next life")
    func unregister() throws {
        var device = try TestDevice.online()
        #expect(device.machine.request(.unregister, of: Sample.courier) == .asked(number: 1))
        #expect(
            device.actions() == [.request(.unregister, Sample.courier, number: 1)])
        device.machine.answered(1, .done, now: device.now)
        #expect(device.actions() == [.answered(1, nil)])
        #expect(device.machine.registration(of: Sample.courier) == nil)
        try device.restart()
        #expect(try device.snapshot.registrations == [])
        #expect(!device.comeOnline().contains(Self.ask))
    }

    @Test("what has no token needs no unregistering: it is done, and the relay is not asked")
    func unregisterTwice() throws {
        var device = try TestDevice.online()
        _ = device.machine.request(.unregister, of: Sample.courier)
        device.machine.answered(1, .done, now: device.now)
        _ = device.actions()
        #expect(device.machine.request(.unregister, of: Sample.courier) == .asked(number: 2))
        #expect(device.actions() == [.answered(2, nil)])
        let unknown = try #require(Category("com.example.unknown"))
        #expect(device.machine.request(.unregister, of: unknown) == .asked(number: 3))
        #expect(device.actions() == [.answered(3, nil)])
        // A token that the app names is another matter, and so is one that is on its way.
        #expect(
            device.machine.request(.unregister, of: unknown, token: Self.old.token)
                == Self.refused("the app has no token"))
        _ = device.machine.register(Sample.courier, senders: [Sample.sender])
        #expect(
            device.machine.request(.unregister, of: Sample.courier)
                == Self.refused(
                    "the relay was asked for the app's token and has not answered; ask again later"
                ))
    }

    @Test("what was handed over before it unregistered fails, what comes after registers anew")
    func unregisterAndSend() throws {
        var device = try TestDevice()
        _ = device.machine.register(Sample.courier, senders: [Sample.sender])
        device.comeOnline()
        device.send("m-0")
        #expect(device.actions().uploadedIDs == ["m-0"])
        device.send("m-1", to: Sample.otherAddress)
        _ = device.actions()
        _ = device.machine.request(.unregister, of: Sample.courier)
        device.send("m-2")
        #expect(device.actions().uploads == [])
        device.machine.answered(1, .done, now: device.now)
        let actions = device.actions()
        #expect(actions.errors == ["m-1 invalid_parameters"])
        #expect(actions.contains(Self.ask))
        device.machine.registered(Self.new, now: device.now)
        let after = device.actions()
        #expect(after.first == .registered(Self.new))
        #expect(!after.contains(.tokenRefreshed(Sample.courier)))
        #expect(after.uploadedIDs == ["m-2"])
        #expect(device.take(2).errors == [])
    }

    @Test("a relay that does not unregister leaves the app as it was, messages too")
    func unregisterRefused() throws {
        for loses in [false, true] {
            var device = try TestDevice.online()
            _ = device.machine.request(.unregister, of: Sample.courier)
            device.send("m-1")
            _ = device.actions()
            var actions: [DeviceAction]
            if loses {
                actions = device.lose()
                device.machine.linkOpened()
                actions += device.settle()
            } else {
                device.machine.answered(1, .refused(.serviceNotAvailable), now: device.now)
                actions = device.actions()
            }
            #expect(actions.contains(.answered(1, .serviceNotAvailable)))
            #expect(actions.uploadedIDs == ["m-1"])
            #expect(!actions.contains(Self.ask))
            #expect(try device.snapshot.registrations == [Self.old])
        }
    }
}
