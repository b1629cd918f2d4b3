import Journal
import NIOCore
import Nodes

/// A relay's journal on its event loop, and those who wait for it to grow.
///
/// Recording costs one look at a list that is nearly always empty. Who waits is woken a little
/// later, once for all that happened until then. What every event touches is not checked for
/// overlapping accesses: all of them come from one event loop and call nobody back.
final class JournalFeed: EventRecorder {
    @exclusivity(unchecked) var journal: Journal
    private let eventLoop: any EventLoop
    @exclusivity(unchecked) private var waiting: [Waiter] = []
    private var isWaking = false
    private var lastWaiter = 0
    private var hasEnded = false

    /// In which the events of many rounds come together.
    private static let gathering = TimeAmount.milliseconds(5)

    private struct Waiter {
        let id: Int
        let promise: EventLoopPromise<Void>
    }

    init(limit: Int, eventLoop: any EventLoop) {
        journal = Journal(limit: limit)
        self.eventLoop = eventLoop
    }

    @discardableResult
    func record(_ event: consuming JournalEvent) -> UInt64 {
        if !waiting.isEmpty { wakeSoon() }
        return journal.record(event)
    }

    /// Done once there is an event with a higher number, when the time is over, or at the end.
    func growth(after number: UInt64, within time: TimeAmount) -> EventLoopFuture<Void> {
        guard journal.lastNumber <= number, !hasEnded else {
            return eventLoop.makeSucceededVoidFuture()
        }
        lastWaiter += 1
        let waiter = Waiter(id: lastWaiter, promise: eventLoop.makePromise())
        waiting.append(waiter)
        let this = NIOLoopBound(self, eventLoop: eventLoop)
        let timer = eventLoop.scheduleTask(in: time) { this.value.wake { $0.id == waiter.id } }
        waiter.promise.futureResult.whenComplete { _ in timer.cancel() }
        return waiter.promise.futureResult
    }

    /// Nobody waits any more, now or later.
    func end() {
        hasEnded = true
        wake { _ in true }
    }

    private func wakeSoon() {
        guard !isWaking else { return }
        isWaking = true
        let this = NIOLoopBound(self, eventLoop: eventLoop)
        eventLoop.scheduleTask(in: Self.gathering) {
            this.value.isWaking = false
            this.value.wake { _ in true }
        }
    }

    private func wake(where isMeant: (Waiter) -> Bool) {
        let woken = waiting.filter(isMeant)
        waiting.removeAll(where: isMeant)
        for waiter in woken { waiter.promise.succeed() }
    }
}
