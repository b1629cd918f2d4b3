package import CloudMessaging
package import NIOCore
package import Nodes

/// An event loop and its clock, as a node sees them; used on that event loop only.
package final class EventLoopScheduler: Scheduler {
    let eventLoop: any EventLoop
    private let clock: MonotonicClock
    /// Work that waits for the end of what is ready, and the moment at which that was noticed.
    private var waiting = 0
    private var moment: Instant?

    /// - Parameter timeScale: how many times as fast as real time its clock runs.
    package init(_ eventLoop: any EventLoop, timeScale: Int = 1) {
        self.eventLoop = eventLoop
        clock = MonotonicClock(timeScale: timeScale)
    }

    /// While work waits for the end of a round, and while it runs, time stands still: the clock is
    /// read once for all stanzas of a round.
    package var now: Instant {
        if let moment { return moment }
        let now = clock.now
        if waiting > 0 { moment = now }
        return now
    }

    package func afterReady(_ work: @escaping () -> Void) {
        waiting += 1
        let box = NIOLoopBound((self, work), eventLoop: eventLoop)
        eventLoop.execute {
            let (scheduler, work) = box.value
            scheduler.moment = scheduler.clock.now
            work()
            scheduler.waiting -= 1
            scheduler.moment = nil
        }
    }

    package func schedule(
        at instant: Instant, _ work: @escaping () -> Void
    ) -> any ScheduledWork {
        let box = NIOLoopBound((self, work), eventLoop: eventLoop)
        let task = eventLoop.scheduleTask(deadline: clock.deadline(of: instant)) {
            let (scheduler, work) = box.value
            // Whoever asks for the time must find that the instant has come.
            scheduler.moment = nil
            work()
        }
        return ScheduledTask(task: task)
    }
}

private struct ScheduledTask: ScheduledWork {
    let task: Scheduled<Void>

    func cancel() {
        task.cancel()
    }
}
