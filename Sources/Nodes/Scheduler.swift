package import CloudMessaging

/// Time, and the promise to be called back: all that a node knows of what drives it.
///
/// Work is run one after the other, never inside the call that schedules it: on an event loop by
/// the network runtime, from an event heap by the simulator.
package protocol Scheduler: AnyObject {
    /// This moment; never earlier than the one before.
    var now: Instant { get }
    /// Runs work once, after everything that is ready now.
    func afterReady(_ work: @escaping () -> Void)
    /// Runs work once when an instant comes, unless it is cancelled before.
    func schedule(at instant: Instant, _ work: @escaping () -> Void) -> any ScheduledWork
}

/// Work that waits for its instant.
package protocol ScheduledWork {
    /// The work is not run; too late once it was.
    func cancel()
}
