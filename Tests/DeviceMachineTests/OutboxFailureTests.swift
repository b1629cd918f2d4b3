import CloudMessaging
import DeviceMachine
import MessageStore
import Testing

@Suite struct OutboxFailureTests {
    private static let diskFull = StoreFailure(.unavailable, "disk full")
    private static let unknown = StoreFailure(.unknownOutcome, "connection broke")

    @Test("a message that cannot be stored is refused and frees its slot")
    func sendRefused() throws {
        var device = try TestDevice.online()
        device.outbox.failure = Self.diskFull
        device.send("m-1")
        #expect(
            device.settle() == [
                .sendError(
                    MessageReference(
                        number: 1, category: Sample.courier, id: try #require(MessageID("m-1"))),
                    .serviceNotAvailable)
            ])
        #expect(device.machine.pendingCount(of: Sample.courier) == 0)
        device.outbox.failure = nil
        device.send("m-2")
        #expect(device.settle().uploadedIDs == ["m-2"])
    }

    @Test("what nobody knows to be stored is removed again")
    func unknownOutcome() throws {
        var device = try TestDevice()
        device.send("m-1")
        let next = device.machine.takeOutboxBatch()
        let batch = try #require(next)
        #expect(device.outbox.execute(batch) == nil)
        device.machine.outboxFailed(Self.unknown, now: device.now)
        #expect(device.actions().errors == ["m-1 SERVICE_NOT_AVAILABLE"])
        #expect(try device.stored.count == 1)
        #expect(device.pass(.seconds(1)) == [])
        #expect(try device.stored == [])
    }

    @Test("answers that cannot be stored are tried again every second, and told then")
    func answersRepeated() throws {
        var device = try TestDevice.online()
        device.send("m-1")
        device.send("m-2")
        device.settle()
        device.outbox.failure = Self.diskFull
        #expect(device.take(1) == [])
        #expect(device.machine.takeOutboxBatch() == nil)
        #expect(device.machine.nextDeadline == device.now + .seconds(1))
        #expect(device.take(2) == [])
        #expect(device.pass(.milliseconds(3_500)) == [])
        device.outbox.failure = nil
        #expect(device.pass(.milliseconds(500)) == [])
        #expect(device.pass(.seconds(1)).sentBatches == [["m-1", "m-2"]])
    }

    @Test("a new message does not wait for the next try, and takes the old changes along")
    func newMessageTriesAtOnce() throws {
        var device = try TestDevice.online()
        device.send("m-1")
        device.settle()
        device.outbox.failure = Self.diskFull
        _ = device.take(1)
        device.outbox.failure = nil
        device.send("m-2")
        #expect(device.actions().acceptedIDs == ["m-2"])
        #expect(try device.stored.map(\.state) == [.sent, .pending])
    }

    @Test("a device that cannot store its identity does not log in before it can")
    func identityNotStored() throws {
        var device = try TestDevice()
        device.outbox.failure = Self.diskFull
        #expect(device.comeOnline() == [.connect, .checkIn])
        _ = device.lose()
        #expect(device.pass(.milliseconds(500)) == [.connect])
        device.machine.linkOpened()
        #expect(device.pass(.milliseconds(400)) == [])
        device.outbox.failure = nil
        #expect(device.pass(.milliseconds(100)) == [.authenticate(Sample.identity)])
    }

    @Test("an end with a broken outbox is an end")
    func shutDown() throws {
        var device = try TestDevice.online()
        device.send("m-1")
        device.settle()
        device.outbox.failure = Self.diskFull
        device.machine.taken(count: 1, now: device.now)
        device.send("m-2")
        let first = device.machine.takeOutboxBatch()
        #expect(first?.added.count == 1)
        device.send("m-3")
        device.machine.shutDown(now: device.now)
        device.machine.outboxFailed(Self.diskFull, now: device.now)
        let errors = device.actions().errors
        #expect(errors == ["m-2 SERVICE_NOT_AVAILABLE", "m-3 SERVICE_NOT_AVAILABLE"])
        #expect(device.machine.takeOutboxBatch() == nil)
    }
}
