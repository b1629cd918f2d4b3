import CloudMessaging

/// When a node's rounds end: once after everything that was ready, and when a machine's deadline
/// comes.
final class Rounds {
    private let scheduler: any Scheduler
    private var end: (() -> Void)?
    private var isScheduled = false
    private var timer: (any ScheduledWork)?
    private var timerDeadline = Instant.never

    init(_ scheduler: any Scheduler) {
        self.scheduler = scheduler
    }

    /// Sets what ends a round; the owner breaks the cycle by `stop()`.
    func start(_ end: @escaping () -> Void) {
        self.end = end
    }

    func stop() {
        timer?.cancel()
        end = nil
    }

    /// Ends the round after everything that is ready now.
    func schedule() {
        guard !isScheduled else { return }
        isScheduled = true
        scheduler.afterReady { [self] in
            isScheduled = false
            end?()
        }
    }

    /// Schedules a round for an instant, in place of the one that was set before.
    func setDeadline(_ deadline: Instant) {
        guard deadline != timerDeadline else { return }
        timer?.cancel()
        timer = nil
        timerDeadline = deadline
        guard deadline != .never else { return }
        timer = scheduler.schedule(at: deadline) { [self] in
            timerDeadline = .never
            schedule()
        }
    }
}
