/// When a message is sent again: the delay doubles from attempt to attempt (design decision 11).
///
/// No interval was ever published; the defaults are ours and lie between the reports.
package struct RetrySchedule: Hashable, Sendable {
    /// Delay after the first attempt.
    package var first: Duration
    /// What the delay grows by from attempt to attempt; at least 1.
    package var factor: Double
    /// No delay is longer, jitter included.
    package var longest: Duration
    /// Share by which a delay may be shorter or longer, 0…1; the draw comes from the seed.
    package var jitter: Double

    package init(
        first: Duration = .seconds(10), factor: Double = 2,
        longest: Duration = .seconds(180), jitter: Double = 0.2
    ) {
        self.first = first
        self.factor = factor
        self.longest = longest
        self.jitter = jitter
    }

    /// The time to wait for an answer to attempt number `attempt`, counted from 1.
    package func delay(afterAttempt attempt: Int, using entropy: inout Entropy) -> Duration {
        var delay = first
        var step = 1
        // Beyond twice the longest, jitter makes no difference any more.
        while step < attempt, delay < longest.scaled(by: 2) {
            let next = delay.scaled(by: factor)
            // A factor of 1 stays where it is, however many attempts there were.
            guard next > delay else { break }
            delay = next
            step += 1
        }
        if jitter > 0 {
            delay = delay.scaled(by: 1 + jitter * (2 * entropy.nextFraction() - 1))
        }
        return min(delay, longest)
    }
}
