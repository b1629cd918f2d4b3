import CloudMessaging
import Journal

/// The delays of a relay's retries as far as a recording shows them, without their jitter.
struct RecordedRetry {
    /// The first delay seen before each attempt, from the second.
    private var delays: [Int: Duration] = [:]

    mutating func see(_ event: JournalEvent) {
        guard let attempt = event.attempt, let delay = event.delay else { return }
        if delays[attempt] == nil { delays[attempt] = delay }
    }

    /// For the file; nil: nothing was seen.
    var text: String? {
        guard let first = delays[1] else { return nil }
        var parts = ["first: \(milliseconds(first))ms"]
        if let second = delays[2], second >= first {
            let factor = Double(milliseconds(second)) / Double(max(1, milliseconds(first)))
            parts.append("factor: \((factor * 100).rounded() / 100)")
        }
        return "{\((parts + ["jitter: 0"]).joined(separator: ", "))}"
    }

    private func milliseconds(_ delay: Duration) -> Int64 { delay.wholeNanoseconds / 1_000_000 }
}
