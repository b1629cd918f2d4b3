import CloudMessaging
import DequeModule

/// Counts what goes to each addressee: a bucket of `count` that fills up again within `period`.
///
/// Of a bucket only the instant is kept at which it is full again. Those that were used first are
/// forgotten beyond `capacity`, which lets their addressees have a full one too early.
struct RateLimiter<Addressee: Hashable & Sendable>: Hashable, Sendable {
    private let period: Duration
    /// The time in which one place of a bucket gets free.
    private let spacing: Duration
    private let capacity: Int
    private var fullAgain: [Addressee: Instant] = [:]
    private var order: Deque<Addressee> = []

    init(_ rate: Rate, capacity: Int = Limits.ratedAddressees) {
        period = rate.period
        spacing = .nanoseconds(rate.period.wholeNanoseconds / Int64(rate.count))
        self.capacity = capacity
    }

    /// Whether one more may go to an addressee now; if so it is counted.
    mutating func takes(_ addressee: Addressee, now: Instant) -> Bool {
        let known = fullAgain[addressee]
        let next = max(known ?? now, now) + spacing
        guard now.duration(to: next) <= period else { return false }
        fullAgain[addressee] = next
        guard known == nil else { return true }
        order.append(addressee)
        if order.count > capacity, let oldest = order.popFirst() { fullAgain[oldest] = nil }
        return true
    }
}
