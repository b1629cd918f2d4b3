package import CloudMessaging
import DequeModule
import HeapModule

/// Virtual time: what is going to happen, in order, and nothing between.
///
/// Everything that a simulation does is work in this heap, run one after the other on one thread.
/// Work of the same instant runs in the order in which it was scheduled, so the same seed gives the
/// same run, to the byte.
package final class World {
    /// The time that all of the cast share; a process may see it shifted (`VirtualClock`).
    package private(set) var now: Instant
    /// How much work was run.
    package private(set) var steps: UInt64 = 0
    private var agenda = Heap<Appointment>()
    /// What was scheduled for this very instant: after all that the agenda has for it.
    private var dueNow: Deque<VirtualWork> = []
    private var lastNumber: UInt64 = 0
    private var entropy: Entropy

    package init(seed: UInt64, start: Instant = Instant(nanoseconds: 0)) {
        entropy = Entropy(seed: seed)
        now = start
    }

    /// The time that all share, as a clock that never jumps.
    private(set) lazy var clock = Life(in: self, clockOffset: .zero)

    /// A source of randomness of its own for each part, so that what one part draws does not
    /// change what another gets.
    package func forkEntropy() -> Entropy { Entropy(seed: entropy.next()) }

    /// Runs work once when an instant comes; one that is over means now.
    @discardableResult
    package func schedule(at instant: Instant, _ work: @escaping () -> Void) -> VirtualWork {
        let scheduled = VirtualWork(work)
        if instant <= now {
            dueNow.append(scheduled)
        } else {
            lastNumber += 1
            agenda.insert(Appointment(instant: instant, number: lastNumber, work: scheduled))
        }
        return scheduled
    }

    @discardableResult
    package func schedule(after delay: Duration, _ work: @escaping () -> Void) -> VirtualWork {
        schedule(at: now + delay, work)
    }

    /// When something happens next; nil: nothing ever will.
    package var nextInstant: Instant? {
        while let next = agenda.min, next.work.isCancelled { agenda.removeMin() }
        while let next = dueNow.first, next.isCancelled { dueNow.removeFirst() }
        return dueNow.isEmpty ? agenda.min?.instant : now
    }

    /// Lets the next thing happen, unless it is later than the end.
    ///
    /// - Returns: whether anything happened.
    package func step(until end: Instant = .never) -> Bool {
        guard let instant = nextInstant, instant <= end else { return false }
        now = instant
        steps += 1
        if let next = agenda.min, next.instant == instant {
            agenda.removeMin().work.run()
        } else {
            dueNow.removeFirst().run()
        }
        return true
    }

    /// Lets everything happen up to an instant, and goes there.
    package func run(until end: Instant) {
        while step(until: end) {}
        now = max(now, end)
    }
}

/// Work that waits for its instant in virtual time.
package final class VirtualWork {
    private var work: (() -> Void)?

    init(_ work: @escaping () -> Void) {
        self.work = work
    }

    var isCancelled: Bool { work == nil }

    package func cancel() {
        work = nil
    }

    fileprivate func run() {
        let work = work
        self.work = nil
        work?()
    }
}

private struct Appointment: Comparable {
    let instant: Instant
    let number: UInt64
    let work: VirtualWork

    static func == (left: Appointment, right: Appointment) -> Bool { left.number == right.number }

    static func < (left: Appointment, right: Appointment) -> Bool {
        left.instant == right.instant
            ? left.number < right.number : left.instant < right.instant
    }
}
