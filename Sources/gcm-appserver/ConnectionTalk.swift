import CloudMessaging
import Command
import GCMAppServer

/// What people are told on standard error while the relay cannot be reached, or complains.
struct ConnectionTalk {
    /// The attempt that was announced last: failures before it are no news.
    private var announced = Instant(nanoseconds: 0)

    mutating func note(_ event: GCMAppServer.Event, at now: Instant) {
        switch event {
        case .connected:
            announced = now
        case .connectionFailed(_, let reason, let retryAfter):
            guard now >= announced else { return }
            announced = now + retryAfter
            say("\(reason); trying again in \(retryAfter.tenthsOfSeconds)s")
        case .rejected(let connection, let error, let description):
            say("the relay complains on connection \(connection): \(error): \(description)")
        default:
            break
        }
    }

    private func say(_ text: String) {
        Talk.say("gcm-appserver: \(text)")
    }
}

extension Duration {
    /// In seconds with one decimal: `0.5`.
    fileprivate var tenthsOfSeconds: String {
        let tenths = (wholeNanoseconds + 50_000_000) / 100_000_000
        return "\(tenths / 10).\(tenths % 10)"
    }
}
