import CloudMessaging
import Nodes

/// Time that stands still unless it is told to go on: work is done in the order of its instants,
/// and at one instant in the order in which it came.
final class VirtualScheduler: Scheduler {
    private final class Entry: ScheduledWork {
        let instant: Instant
        var work: (() -> Void)?

        init(_ instant: Instant, _ work: @escaping () -> Void) {
            self.instant = instant
            self.work = work
        }

        func cancel() { work = nil }
    }

    private(set) var now = Instant(nanoseconds: 0)
    /// Sorted by instant; behind others of the same.
    private var entries: [Entry] = []

    func afterReady(_ work: @escaping () -> Void) {
        _ = schedule(at: now, work)
    }

    func schedule(at instant: Instant, _ work: @escaping () -> Void) -> any ScheduledWork {
        let entry = Entry(max(instant, now), work)
        let place = entries.firstIndex { $0.instant > entry.instant } ?? entries.count
        entries.insert(entry, at: place)
        return entry
    }

    /// Lets time go on, and does what is due meanwhile.
    func run(for duration: Duration) {
        let end = now + duration
        while let next = entries.first, next.instant <= end {
            entries.removeFirst()
            now = next.instant
            next.work?()
        }
        now = end
    }
}
