package import CloudMessaging
import NIOCore

#if canImport(Glibc)
import Glibc
#else
import Musl
#endif

/// The wall clock when the process started, and from there on a clock that never goes back; it may
/// run faster.
package struct MonotonicClock: Sendable {
    private let wallAtStart: Int64
    private let startedAt: NIODeadline
    private let timeScale: Int64

    /// Reads both clocks several times and keeps the closest pair: a process that was interrupted
    /// between the two would be behind all its life.
    ///
    /// - Parameter timeScale: how many times as fast as real time it runs; at least 1.
    package init(timeScale: Int = 1) {
        var best = Self.readBoth()
        for _ in 1..<8 {
            let reading = Self.readBoth()
            if reading.uncertainty < best.uncertainty { best = reading }
        }
        wallAtStart = best.wall
        startedAt = best.monotonic
        self.timeScale = Int64(max(1, timeScale))
    }

    private static func readBoth() -> (
        wall: Int64, monotonic: NIODeadline, uncertainty: TimeAmount
    ) {
        let before = NIODeadline.now()
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        let uncertainty = NIODeadline.now() - before
        return (
            Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec),
            before + .nanoseconds(uncertainty.nanoseconds / 2), uncertainty
        )
    }

    package var now: Instant {
        Instant(
            nanoseconds: wallAtStart + (NIODeadline.now() - startedAt).nanoseconds * timeScale)
    }

    /// When an instant comes on the event loop's clock.
    func deadline(of instant: Instant) -> NIODeadline {
        let nanoseconds = max(0, instant.nanoseconds - wallAtStart)
        // Rounded up: never before the instant.
        let (quotient, rest) = nanoseconds.quotientAndRemainder(dividingBy: timeScale)
        return startedAt + .nanoseconds(rest == 0 ? quotient : quotient + 1)
    }
}
