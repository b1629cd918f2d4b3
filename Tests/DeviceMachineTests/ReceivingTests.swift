import CloudMessaging
import DeviceMachine
import MessageStore
import Testing

@Suite struct ReceivingTests {
    private func message(
        _ id: String, from: String = "555000111222",
        app: CloudMessaging.Category = Sample.courier
    ) throws -> DeliveredMessage {
        DeliveredMessage(
            category: app, id: try #require(MessageID(id)), from: from,
            data: DataPayload([("k", "v")]))
    }

    @Test("an app is told its messages as they come, and how many were dropped")
    func told() throws {
        var device = try TestDevice.online()
        device.machine.received(try message("d-1"), now: device.now)
        device.machine.messagesDeleted(for: Sample.courier, total: 101)
        device.machine.received(try message("d-2"), now: device.now)
        #expect(
            device.actions() == [
                .received(try message("d-1")), .messagesDeleted(Sample.courier, total: 101),
                .received(try message("d-2")),
            ])
    }

    @Test("a repeat of one of the last ten messages is not told, on this link or the next")
    func repeats() throws {
        var device = try TestDevice.online()
        for number in 1...10 {
            device.machine.received(try message("d-\(number)"), now: device.now)
        }
        #expect(device.actions().receivedIDs.count == 10)
        _ = device.lose()
        device.machine.linkOpened()
        #expect(device.settle().contains(.online))
        for number in 1...10 {
            device.machine.received(try message("d-\(number)"), now: device.now)
        }
        #expect(device.actions() == [])
        device.machine.received(try message("d-11"), now: device.now)
        device.machine.received(try message("d-2"), now: device.now)
        device.machine.received(try message("d-1"), now: device.now)
        #expect(device.actions().receivedIDs == ["d-11", "d-1"])
    }

    @Test("an ID is told once to each app and from each sender, and compared by its bytes")
    func identity() throws {
        var device = try TestDevice.online()
        _ = device.machine.register(Sample.depot, senders: [Sample.sender])
        device.settle()
        let messages = [
            try message("é"), try message("e\u{301}"), try message("é", from: "4711"),
            try message("é", app: Sample.depot),
        ]
        for message in messages + messages { device.machine.received(message, now: device.now) }
        #expect(device.actions() == messages.map { .received($0) })
    }

    @Test("repeats are recognised in the next life, too: the last ten of each app")
    func nextLife() throws {
        var device = try TestDevice.online()
        _ = device.machine.register(Sample.depot, senders: [Sample.sender])
        device.settle()
        for number in 1...11 {
            device.machine.received(try message("d-\(number)"), now: device.now)
        }
        device.machine.received(try message("d-1", app: Sample.depot), now: device.now)
        _ = device.pass(.milliseconds(50))
        try device.restart()
        device.comeOnline()
        for number in (1...11).reversed() {
            device.machine.received(try message("d-\(number)"), now: device.now)
        }
        device.machine.received(try message("d-1", app: Sample.depot), now: device.now)
        #expect(device.actions().receivedIDs == ["d-1"])
    }

    @Test("what the outbox could not note is told again in the next life, never lost")
    func crash() throws {
        var device = try TestDevice.online()
        device.machine.received(try message("d-1"), now: device.now)
        #expect(device.actions().receivedIDs == ["d-1"])
        try device.restart()
        device.comeOnline()
        device.machine.received(try message("d-1"), now: device.now)
        #expect(device.actions().receivedIDs == ["d-1"])
    }

    @Test("notes wait for company on their way to the disk, and survive its trouble")
    func outboxTrouble() throws {
        var device = try TestDevice.online()
        device.machine.received(try message("d-1"), now: device.now)
        _ = device.actions()
        #expect(try device.snapshot.received == [])
        device.outbox.failure = StoreFailure(.unavailable, "full")
        _ = device.pass(.milliseconds(50))
        device.outbox.failure = nil
        _ = device.pass(.seconds(1))
        #expect(try device.snapshot.received == [DeliveryReference(try message("d-1"))])
    }

    @Test("a message for an app without a token here is dropped with a note")
    func strangers() throws {
        var device = try TestDevice.online()
        device.machine.received(try message("d-1", app: Sample.depot), now: device.now)
        device.machine.messagesDeleted(for: Sample.depot, total: 101)
        let id = try #require(MessageID("d-1"))
        #expect(
            device.actions() == [
                .deliveryDropped(Sample.depot, id), .deliveryDropped(Sample.depot, nil),
            ])
    }

    @Test("an app that waits for the answer with its token gets its messages already")
    func registering() throws {
        var device = try TestDevice.online()
        _ = device.machine.register(Sample.depot, senders: [Sample.sender])
        _ = device.actions()
        device.machine.received(try message("d-1", app: Sample.depot), now: device.now)
        #expect(device.actions().receivedIDs == ["d-1"])
    }

    @Test("after the link was closed nothing is told")
    func offline() throws {
        var device = try TestDevice.online()
        device.machine.goOffline(now: device.now)
        _ = device.actions()
        device.machine.received(try message("d-1"), now: device.now)
        device.machine.messagesDeleted(for: Sample.courier, total: 101)
        #expect(device.actions() == [])
    }
}

extension [DeviceAction] {
    var receivedIDs: [String] {
        compactMap { if case .received(let message) = $0 { message.id.text } else { nil } }
    }
}
