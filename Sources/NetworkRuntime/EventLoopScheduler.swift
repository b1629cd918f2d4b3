package import CloudMessaging
package import NIOCore
package import Nodes

/// An event loop and its clock, as a node sees them; used on that event loop only.
package final class EventLoopScheduler: Scheduler {
    let eventLoop: any EventLoop
    private let clock: MonotonicClock

    /// - Parameter timeScale: how many times as fast as real time its clock runs.
    package init(_ eventLoop: any EventLoop, timeScale: Int = 1) {
        self.eventLoop = eventLoop
        clock = MonotonicClock(timeScale: timeScale)
    }

    package var now: Instant { clock.now }

    package func afterReady(_ work: @escaping () -> Void) {
        let box = NIOLoopBound(work, eventLoop: eventLoop)
        eventLoop.execute { box.value() }
    }

    package func schedule(
        at instant: Instant, _ work: @escaping () -> Void
    ) -> any ScheduledWork {
        let box = NIOLoopBound(work, eventLoop: eventLoop)
        let task = eventLoop.scheduleTask(deadline: clock.deadline(of: instant)) { box.value() }
        return ScheduledTask(task: task)
    }
}

private struct ScheduledTask: ScheduledWork {
    let task: Scheduled<Void>

    func cancel() {
        task.cancel()
    }
}
