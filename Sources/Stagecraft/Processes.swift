package import CloudMessaging
package import Nodes

/// The relay of a play: its store, and one life after the other.
package protocol RelayProcess: AnyObject {
    /// The running relay.
    var node: RelayNode? { get }
    /// The time by its clock, or by that of its next life.
    var clock: Instant { get }
    /// What goes wrong on purpose, in all its lives.
    var faults: SharedFaults { get }
    /// Starts the relay; to no effect on one that runs.
    func start()
    /// The process is gone; what was committed stays.
    func crash()
    /// The machine is gone: nobody is told, and what was not committed is lost.
    func losePower() throws(CannotBeDone)
    /// Ends the relay in order.
    ///
    /// - Parameter done: called when it has ended, at once if it does not run.
    func stop(_ done: @escaping () -> Void)
    /// Has the store take nothing, as a full disk, or take changes again.
    func setStoreFails(_ fails: Bool) throws(CannotBeDone)
    /// Sets its wall clock forward, or back; felt by its next life.
    func shiftClock(by change: Duration)
}

extension RelayProcess {
    package var isRunning: Bool { node != nil }
}

/// A device of a play: its outbox, and one life after the other.
package protocol DeviceProcess: AnyObject {
    /// The running device.
    var node: DeviceNode? { get }
    /// Starts the device, offline; to no effect on one that runs.
    func start()
    func crash()
    func losePower() throws(CannotBeDone)
    /// Sets its wall clock forward, or back; felt by its next life.
    func shiftClock(by change: Duration)
}

extension DeviceProcess {
    package var isRunning: Bool { node != nil }
}

/// An app server of a play: no disk, one life after the other.
package protocol AppServerProcess: AnyObject {
    /// Told what the app server tells whoever runs it.
    var observe: ([AppServerEvent]) -> Void { get set }
    /// The running app server.
    var node: AppServerNode? { get }
    /// Starts the app server; one that runs opens what connections it misses.
    func start()
    func crash()
    /// Closes every connection in order, after the ACKs given so far.
    func stop()
}

extension AppServerProcess {
    package var isRunning: Bool { node != nil }
}
