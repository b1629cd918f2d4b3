package import CloudMessaging
import NIOCore

#if canImport(Glibc)
import Glibc
#else
import Musl
#endif

/// The wall clock when the process started, and from there on a clock that never goes back.
package struct MonotonicClock: Sendable {
    private let wallAtStart: Int64
    private let startedAt: NIODeadline

    /// Reads both clocks several times and keeps the closest pair: a process that was interrupted
    /// between the two would be behind all its life.
    package init() {
        var best = Self.readBoth()
        for _ in 1..<8 {
            let reading = Self.readBoth()
            if reading.uncertainty < best.uncertainty { best = reading }
        }
        wallAtStart = best.wall
        startedAt = best.monotonic
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
        Instant(nanoseconds: wallAtStart + (NIODeadline.now() - startedAt).nanoseconds)
    }

    /// When an instant comes on the event loop's clock.
    func deadline(of instant: Instant) -> NIODeadline {
        let nanoseconds = max(0, instant.nanoseconds - wallAtStart)
        return startedAt + .nanoseconds(nanoseconds)
    }
}
