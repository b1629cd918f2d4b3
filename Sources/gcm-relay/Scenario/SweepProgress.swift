import Command

/// Says on standard error how far a sweep is, now and then.
struct SweepProgress {
    private let count: Int
    private let began = ContinuousClock.now
    private var said = ContinuousClock.now
    private var done = 0

    private static let pause = Duration.seconds(2)

    init(count: Int) {
        self.count = count
    }

    mutating func finishedOne() {
        done += 1
        let now = ContinuousClock.now
        guard said.duration(to: now) >= Self.pause else { return }
        said = now
        let passed = began.duration(to: now)
        let rate = Double(done) / max(passed / .seconds(1), 0.001)
        let left = Int(Double(count - done) / max(rate, 0.001))
        Talk.say("\(done) of \(count) seeds, \(Int(rate)) a second, about \(left) s left")
    }
}
