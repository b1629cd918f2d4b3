import CloudMessaging
import NIOCore

/// When a core's rounds end: once after everything that all ready sockets had, and when a machine's
/// deadline comes.
final class Rounds {
    private let eventLoop: any EventLoop
    private let clock: MonotonicClock
    private var end: (() -> Void)?
    private var isScheduled = false
    private var timer: Scheduled<Void>?
    private var timerDeadline = Instant.never

    init(eventLoop: any EventLoop, clock: MonotonicClock) {
        self.eventLoop = eventLoop
        self.clock = clock
    }

    /// Sets what ends a round; the owner breaks the cycle by `stop()`.
    func start(_ end: @escaping () -> Void) {
        self.end = end
    }

    func stop() {
        timer?.cancel()
        end = nil
    }

    /// Ends the round after all sockets that are ready now.
    func schedule() {
        guard !isScheduled else { return }
        isScheduled = true
        let box = NIOLoopBound(self, eventLoop: eventLoop)
        eventLoop.execute {
            box.value.isScheduled = false
            box.value.end?()
        }
    }

    /// Schedules a round for an instant, in place of the one that was set before.
    func setDeadline(_ deadline: Instant) {
        guard deadline != timerDeadline else { return }
        timer?.cancel()
        timer = nil
        timerDeadline = deadline
        guard deadline != .never else { return }
        let box = NIOLoopBound(self, eventLoop: eventLoop)
        timer = eventLoop.scheduleTask(deadline: clock.deadline(of: deadline)) {
            box.value.timerDeadline = .never
            box.value.schedule()
        }
    }
}
