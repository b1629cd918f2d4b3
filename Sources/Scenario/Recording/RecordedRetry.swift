import CloudMessaging
import Journal

/// The delays of a relay's retries as far as a recording shows them, without their jitter.
struct RecordedRetry {
    /// The shortest delay seen after each attempt, so that no ACK comes before the attempt that it is
    /// for.
    private var delays: [Int: Duration] = [:]
    private var lastAttempt = 0

    /// A delay that is this much below what the growth would make of the first is bounded: jitter
    /// alone takes less.
    private static let bounded = 0.7

    mutating func see(_ event: JournalEvent) {
        guard let attempt = event.attempt, let delay = event.delay else { return }
        delays[attempt] = delays[attempt].map { min($0, delay) } ?? delay
        lastAttempt = max(lastAttempt, attempt)
    }

    /// For the file; nil: nothing was seen.
    var text: String? {
        guard let first = delays[1] else { return nil }
        var parts = ["first: \(milliseconds(first))ms"]
        if let second = delays[2], second >= first {
            let factor = Double(milliseconds(second)) / Double(max(1, milliseconds(first)))
            parts.append("factor: \((factor * 100).rounded() / 100)")
            if let longest = longest(first, factor) {
                parts.append("longest: \(milliseconds(longest))ms")
            }
        }
        // What is built in may be too short for it.
        let isLong = first > RetrySchedule().longest && parts.count < 3
        if isLong { parts.append("longest: \(milliseconds(delays[lastAttempt] ?? first))ms") }
        return "{\((parts + ["jitter: 0"]).joined(separator: ", "))}"
    }

    private func longest(_ first: Duration, _ factor: Double) -> Duration? {
        guard let last = delays[lastAttempt] else { return nil }
        let unbounded = (1..<lastAttempt).reduce(first) { delay, _ in delay.scaled(by: factor) }
        return last < unbounded.scaled(by: Self.bounded) ? last : nil
    }

    private func milliseconds(_ delay: Duration) -> Int64 { delay.wholeNanoseconds / 1_000_000 }
}
