/// Something of which a relay keeps more in memory than it may.
package struct MemoryExcess: Hashable, Sendable, CustomStringConvertible {
    /// What there is too much of, in the plural.
    package let what: String
    package let count: Int
    package let limit: Int

    package var description: String { "\(count) \(what), at most \(limit)" }
}

/// Compares what is kept with what may be, and remembers the first that is too much.
struct MemoryBounds {
    private(set) var excess: MemoryExcess?

    mutating func check(_ what: StaticString, _ count: Int, atMost limit: Int) {
        guard count > limit, excess == nil else { return }
        excess = MemoryExcess(what: "\(what)", count: count, limit: limit)
    }
}
