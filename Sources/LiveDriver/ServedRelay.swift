import CloudMessaging
import Nodes
import Stagecraft

/// The relay of a play that serves others, too: it lives as long as they need it, and the play can
/// do nothing to its process.
final class ServedRelay: RelayProcess {
    private let running: RelayNode
    private let scheduler: any Scheduler

    init(_ node: RelayNode, on scheduler: any Scheduler) {
        running = node
        self.scheduler = scheduler
    }

    var node: RelayNode? { running }
    var clock: Instant { scheduler.now }
    var faults: SharedFaults { running.faults }

    func start() {}

    // `PlayBesideRelay` takes no file that asks for one of these.

    func crash() {}

    func stop(_ done: @escaping () -> Void) { done() }

    func shiftClock(by change: Duration) {}

    func losePower() throws(CannotBeDone) {
        throw CannotBeDone("a loss of power")
    }

    func setStoreFails(_ fails: Bool) throws(CannotBeDone) {
        throw CannotBeDone("a full disk")
    }
}
