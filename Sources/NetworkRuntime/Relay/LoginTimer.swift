import NIOCore
import XMPP
import XMPPSessions

/// Ends a connection whose peer does not log in: each costs memory, and nobody knows whose it is.
final class LoginTimer {
    private let eventLoop: any EventLoop
    private let limit: TimeAmount
    private var timer: Scheduled<Void>?

    init(_ eventLoop: any EventLoop, limit: TimeAmount) {
        self.eventLoop = eventLoop
        self.limit = limit
    }

    /// - Parameters:
    ///   - isWaiting: whether it is the relay that owes the next word; then the time begins anew.
    ///   - expired: called with what to tell the peer.
    func start(
        isWaiting: @escaping () -> Bool, expired: @escaping (StreamFault) -> Void
    ) {
        let limit = limit
        let work = NIOLoopBound((self, isWaiting, expired), eventLoop: eventLoop)
        timer = eventLoop.scheduleTask(in: limit) {
            let (timer, isWaiting, expired) = work.value
            guard !isWaiting() else { return timer.start(isWaiting: isWaiting, expired: expired) }
            let seconds = Double(limit.nanoseconds) / 1e9
            expired(StreamFault(.connectionTimeout, "no login within \(seconds) s"))
        }
    }

    func stop() {
        timer?.cancel()
        timer = nil
    }
}
