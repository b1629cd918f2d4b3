import Foundation
package import UnixSignals

/// A second SIGTERM or SIGINT: whoever sends it does not want to wait for a clean end any longer.
package enum SecondSignal {
    /// A second signal within this time is the same signal: a Ctrl-C reaches a whole process group,
    /// and a supervisor repeats it.
    private static let sameSignal = Duration.seconds(1)

    /// To be called at the first signal; the process ends at the second, wherever it is.
    package static func endsAtOnce() {
        let first = ContinuousClock.now
        Task.detached {
            for await signal in await UnixSignalsSequence(trapping: .sigterm, .sigint)
            where ContinuousClock.now - first > sameSignal {
                Talk.say("ended at once by a second signal")
                exit(ExitStatus(endedBy: signal).rawValue)
            }
        }
    }
}

extension ExitStatus {
    /// After a clean end because of SIGTERM or SIGINT.
    package init(endedBy signal: UnixSignal) {
        self = signal == .sigterm ? .terminated : .interrupted
    }
}
