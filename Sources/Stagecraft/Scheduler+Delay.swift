import CloudMessaging
import Nodes

extension Scheduler {
    /// Runs work once when a delay is over, unless it is cancelled before.
    @discardableResult
    func schedule(after delay: Duration, _ work: @escaping () -> Void) -> any ScheduledWork {
        schedule(at: now + delay, work)
    }
}
