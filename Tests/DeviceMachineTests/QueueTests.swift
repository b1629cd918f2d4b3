import CloudMessaging
import DequeModule
import Testing

@testable import DeviceMachine

@Suite struct NumberQueueTests {
    private static func queue(_ numbers: [Int64]) -> NumberQueue {
        var queue = NumberQueue()
        for number in numbers { queue.append(number) }
        return queue
    }

    @Test(
        "merging keeps the numbers ascending, wherever they belong",
        arguments: [
            ([], [1, 2], [1, 2]), ([1, 2], [], [1, 2]), ([3, 4], [1, 2], [1, 2, 3, 4]),
            ([1, 2], [3, 4], [1, 2, 3, 4]), ([1, 3, 5], [2, 4, 6], [1, 2, 3, 4, 5, 6]),
            ([2, 6], [1, 3, 4, 7, 8], [1, 2, 3, 4, 6, 7, 8]),
        ] as [([Int64], [Int64], [Int64])])
    func merge(numbers: [Int64], others: [Int64], expected: [Int64]) {
        var queue = Self.queue(numbers)
        queue.merge(Deque(others))
        #expect(Array(queue.elements) == expected)
    }

    @Test("any number can be removed, a missing one is no matter")
    func remove() {
        for number in Int64(0)...6 {
            var queue = Self.queue([1, 3, 5])
            queue.remove(number)
            #expect(Array(queue.elements) == [1, 3, 5].filter { $0 != number })
        }
    }
}

@Suite struct ExpiryQueueTests {
    private static func second(_ second: Int64) -> Instant {
        Instant(nanoseconds: second * 1_000_000_000)
    }

    /// A different second for each number from 1 to 1,000, in no simple order.
    private static func scattered(_ number: Int64) -> Instant {
        second(number * 7 % 1_000)
    }

    @Test("what is left after many cancellations comes out in order")
    func cancelMany() {
        var queue = ExpiryQueue()
        for number in Int64(1)...1_000 {
            queue.insert(number, expiry: Self.scattered(number))
        }
        for number in Int64(1)...1_000 where number % 10 != 0 {
            queue.cancel(number, expiry: Self.scattered(number))
        }
        var left: [Int64] = []
        while let number = queue.popFirst(by: Self.second(1_000)) { left.append(number) }
        let kept: [Int64] = (1...100).map { $0 * 10 }
        let expected = kept.sorted { Self.scattered($0) < Self.scattered($1) }
        #expect(left == expected)
        #expect(queue.first == nil)
    }

    @Test("cancelled entries do not pile up behind one that stays")
    func bounded() {
        var queue = ExpiryQueue()
        queue.insert(0, expiry: Self.second(1))
        for number in Int64(1)...10_000 {
            queue.insert(number, expiry: Self.second(86_400))
            queue.cancel(number, expiry: Self.second(86_400))
        }
        #expect(queue.first == Self.second(1))
        #expect(queue.footprint < 200)
    }

    @Test("what was given out and is cancelled then leaves nothing behind")
    func cancelAfterPop() {
        var queue = ExpiryQueue()
        for number in Int64(1)...50 { queue.insert(number, expiry: Self.second(5)) }
        for number in Int64(1)...50 {
            #expect(queue.popFirst(by: Self.second(5)) == number)
            queue.cancel(number, expiry: Self.second(5))
        }
        #expect(queue.popFirst(by: Self.second(5)) == nil)
        #expect(queue.footprint == 0)
    }
}
