import CloudMessaging
import Testing

@Suite("When a message is sent again")
struct RetryScheduleTests {
    private func delays(_ schedule: RetrySchedule, attempts: Int, seed: UInt64 = 1) -> [Duration] {
        var entropy = Entropy(seed: seed)
        return (1...attempts).map { schedule.delay(afterAttempt: $0, using: &entropy) }
    }

    @Test("Without jitter the delay doubles up to the longest")
    func doubling() {
        let schedule = RetrySchedule(jitter: 0)
        #expect(
            delays(schedule, attempts: 7) == [10, 20, 40, 80, 160, 180, 180].map { .seconds($0) })
    }

    @Test(
        "First, factor and longest mean what they say",
        arguments: [
            (RetrySchedule(first: .seconds(1), factor: 1, jitter: 0), [1_000, 1_000, 1_000]),
            (RetrySchedule(first: .seconds(1), factor: 1.5, jitter: 0), [1_000, 1_500, 2_250]),
            (
                RetrySchedule(first: .seconds(9), longest: .seconds(5), jitter: 0),
                [5_000, 5_000, 5_000]
            ),
            (RetrySchedule(first: .zero, jitter: 0), [0, 0, 0]),
        ])
    func parameters(schedule: RetrySchedule, milliseconds: [Int]) {
        #expect(delays(schedule, attempts: 3) == milliseconds.map { .milliseconds($0) })
    }

    @Test("Jitter stays within its share on both sides, and uses it")
    func jitter() {
        var entropy = Entropy(seed: 42)
        let schedule = RetrySchedule()
        let draws = (0..<2_000).map { _ in schedule.delay(afterAttempt: 1, using: &entropy) }
        #expect(draws.allSatisfy { .seconds(8) <= $0 && $0 <= .seconds(12) })
        #expect(draws.contains { $0 < .milliseconds(8_100) })
        #expect(draws.contains { $0 > .milliseconds(11_900) })
        let late = (0..<200).map { _ in schedule.delay(afterAttempt: 5, using: &entropy) }
        #expect(late.allSatisfy { $0 <= schedule.longest })
        #expect(late.contains(schedule.longest))
    }

    @Test("The same seed gives the same delays, another seed others")
    func seeds() {
        let schedule = RetrySchedule()
        #expect(delays(schedule, attempts: 20, seed: 7) == delays(schedule, attempts: 20, seed: 7))
        #expect(delays(schedule, attempts: 20, seed: 7) != delays(schedule, attempts: 20, seed: 8))
    }

    @Test("A late attempt is as cheap as an early one")
    func manyAttempts() {
        var entropy = Entropy(seed: 1)
        let delay = RetrySchedule(jitter: 0).delay(afterAttempt: .max, using: &entropy)
        #expect(delay == .seconds(180))
        let flat = RetrySchedule(first: .seconds(1), factor: 1, jitter: 0)
        #expect(flat.delay(afterAttempt: .max, using: &entropy) == .seconds(1))
    }
}
