/// A point in time: nanoseconds since 1970-01-01T00:00:00Z.
///
/// A driver anchors it to the wall clock when it starts and lets it run monotonically from there,
/// so an expiry can be stored while a running process never sees time go back.
package struct Instant: InstantProtocol, Hashable, Sendable {
    package var nanoseconds: Int64

    package init(nanoseconds: Int64) {
        self.nanoseconds = nanoseconds
    }

    /// Later than anything that happens.
    package static let never = Instant(nanoseconds: .max)

    // Deadlines are looked through in loops: each operator by itself, and inlined.

    @inlinable package static func < (left: Instant, right: Instant) -> Bool {
        left.nanoseconds < right.nanoseconds
    }

    @inlinable package static func <= (left: Instant, right: Instant) -> Bool {
        left.nanoseconds <= right.nanoseconds
    }

    @inlinable package static func == (left: Instant, right: Instant) -> Bool {
        left.nanoseconds == right.nanoseconds
    }

    package func advanced(by duration: Duration) -> Instant {
        Instant(nanoseconds: nanoseconds.addingClamped(duration.wholeNanoseconds))
    }

    package func duration(to other: Instant) -> Duration {
        .nanoseconds(other.nanoseconds) - .nanoseconds(nanoseconds)
    }

    package static func + (instant: Instant, duration: Duration) -> Instant {
        instant.advanced(by: duration)
    }
}

extension Duration {
    /// The duration in nanoseconds, clamped to 63 bits (292 years).
    package var wholeNanoseconds: Int64 {
        let (seconds, attoseconds) = components
        let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        guard !overflow else { return seconds < 0 ? .min : .max }
        return product.addingClamped(attoseconds / 1_000_000_000)
    }

    /// The whole seconds, rounded up: a time to live must not end early on its way.
    package var secondsRoundedUp: Int {
        let (seconds, attoseconds) = components
        return Int(seconds) + (attoseconds > 0 ? 1 : 0)
    }

    /// The duration times a factor, to the nanosecond, clamped to 63 bits (292 years).
    package func scaled(by factor: Double) -> Duration {
        let nanoseconds = Double(wholeNanoseconds) * factor
        return .nanoseconds(
            Int64(exactly: nanoseconds.rounded(.towardZero)) ?? (nanoseconds < 0 ? .min : .max))
    }
}

extension Int64 {
    fileprivate func addingClamped(_ other: Int64) -> Int64 {
        let (sum, overflow) = addingReportingOverflow(other)
        guard overflow else { return sum }
        return other > 0 ? .max : .min
    }
}
