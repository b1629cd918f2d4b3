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

    package init() {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        wallAtStart = Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
        startedAt = .now()
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
