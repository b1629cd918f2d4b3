import CloudMessaging
import XMPP
import XMPPSessions

/// Ends a connection whose peer does not log in: each costs memory, and nobody knows whose it is.
final class LoginTimer {
    private let scheduler: any Scheduler
    private let limit: Duration
    private var timer: (any ScheduledWork)?

    init(_ scheduler: any Scheduler, limit: Duration) {
        self.scheduler = scheduler
        self.limit = limit
    }

    /// - Parameters:
    ///   - isWaiting: whether it is the relay that owes the next word; then the time begins anew.
    ///   - expired: called with what to tell the peer.
    func start(
        isWaiting: @escaping () -> Bool, expired: @escaping (StreamFault) -> Void
    ) {
        timer = scheduler.schedule(at: scheduler.now + limit) { [self] in
            guard !isWaiting() else { return start(isWaiting: isWaiting, expired: expired) }
            let seconds = Double(limit.wholeNanoseconds) / 1e9
            expired(StreamFault(.connectionTimeout, "no login within \(seconds) s"))
        }
    }

    func stop() {
        timer?.cancel()
        timer = nil
    }
}
