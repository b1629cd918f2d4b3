import CloudMessaging
import Testing

@Suite("Instants and durations")
struct TimeTests {
    @Test("An instant moves by a duration and stops at the ends of time")
    func advancing() {
        let instant = Instant(nanoseconds: 1_000)
        #expect(instant + .nanoseconds(500) == Instant(nanoseconds: 1_500))
        #expect(instant + .nanoseconds(-1_500) == Instant(nanoseconds: -500))
        #expect(instant + .milliseconds(2) == Instant(nanoseconds: 2_001_000))
        #expect(Instant.never + .seconds(1) == .never)
        #expect(instant + .seconds(Int64.max) == .never)
        #expect(Instant(nanoseconds: .min) + .seconds(-1) == Instant(nanoseconds: .min))
        #expect(Instant(nanoseconds: 0) + .seconds(Int64.min) == Instant(nanoseconds: .min))
    }

    @Test("The duration between any two instants is exact")
    func between() {
        let early = Instant(nanoseconds: .min)
        #expect(early.duration(to: .never) == .nanoseconds(Int64.max) - .nanoseconds(Int64.min))
        #expect(
            Instant.never.duration(to: early) == .nanoseconds(Int64.min) - .nanoseconds(Int64.max))
        #expect(Instant(nanoseconds: 5).duration(to: Instant(nanoseconds: 3)) == .nanoseconds(-2))
        #expect(Instant(nanoseconds: 3) < Instant(nanoseconds: 5))
    }

    @Test(
        "Whole seconds are rounded up",
        arguments: [
            (Duration.zero, 0), (.nanoseconds(1), 1), (.seconds(1), 1), (.milliseconds(1_001), 2),
            (.seconds(86_400), 86_400), (.milliseconds(59_999), 60), (.nanoseconds(-1), 0),
            (.milliseconds(-1_500), -1),
            (Duration(secondsComponent: 0, attosecondsComponent: 1), 1),
        ])
    func roundingUp(duration: Duration, seconds: Int) {
        #expect(duration.secondsRoundedUp == seconds)
    }

    @Test(
        "A duration in nanoseconds is clamped",
        arguments: [
            (Duration.microseconds(3), 3_000), (.milliseconds(-1_500), -1_500_000_000),
            (.seconds(Int64.max), .max), (.seconds(Int64.min), .min),
            (.nanoseconds(Int64.max), .max), (.nanoseconds(Int64.min), .min),
            (Duration.nanoseconds(Int64.max) + .nanoseconds(1), .max),
            (Duration(secondsComponent: 0, attosecondsComponent: 999_999_999), 0),
        ] as [(Duration, Int64)])
    func nanoseconds(duration: Duration, expected: Int64) {
        #expect(duration.wholeNanoseconds == expected)
    }

    @Test("A duration is scaled to the nanosecond, within 292 years")
    func scaling() {
        #expect(Duration.seconds(10).scaled(by: 1.5) == .seconds(15))
        #expect(Duration.seconds(10).scaled(by: 0) == .zero)
        #expect(Duration.nanoseconds(3).scaled(by: 0.5) == .nanoseconds(1))
        #expect(Duration.seconds(Int64.max).scaled(by: 2) == .nanoseconds(Int64.max))
        #expect(Duration.seconds(Int64.min).scaled(by: 2) == .nanoseconds(Int64.min))
        #expect(Duration.seconds(1).scaled(by: .infinity) == .nanoseconds(Int64.max))
    }
}
