internal import DequeModule

/// Message numbers in ascending order, which is the order in which the library took them.
struct NumberQueue: Hashable {
    private var numbers: Deque<Int64> = []

    var first: Int64? { numbers.first }
    var isEmpty: Bool { numbers.isEmpty }
    /// In ascending order.
    var elements: Deque<Int64> { numbers }

    mutating func append(_ number: Int64) {
        precondition(numbers.last.map { $0 < number } ?? true, "message numbers are ascending")
        numbers.append(number)
    }

    mutating func popFirst() -> Int64? {
        numbers.popFirst()
    }

    mutating func remove(_ number: Int64) {
        let index = numbers.partitioningIndex { $0 >= number }
        guard index < numbers.count, numbers[index] == number else { return }
        numbers.remove(at: index)
    }

    /// Takes in numbers that are ascending, too.
    mutating func merge(_ others: Deque<Int64>) {
        guard let otherFirst = others.first, let otherLast = others.last else { return }
        guard let first = numbers.first, let last = numbers.last else {
            numbers = others
            return
        }
        if otherLast < first {
            numbers.prepend(contentsOf: others)
        } else if last < otherFirst {
            numbers.append(contentsOf: others)
        } else {
            interleave(others)
        }
    }

    private mutating func interleave(_ others: Deque<Int64>) {
        var merged = Deque<Int64>(minimumCapacity: numbers.count + others.count)
        var rest = others[...]
        for number in numbers {
            while let other = rest.first, other < number {
                merged.append(rest.removeFirst())
            }
            merged.append(number)
        }
        merged.append(contentsOf: rest)
        numbers = merged
    }
}

extension Deque {
    /// The first index whose element fulfils a condition that all later ones fulfil, too.
    fileprivate func partitioningIndex(where isBehind: (Element) -> Bool) -> Int {
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            if isBehind(self[middle]) {
                high = middle
            } else {
                low = middle + 1
            }
        }
        return low
    }
}
