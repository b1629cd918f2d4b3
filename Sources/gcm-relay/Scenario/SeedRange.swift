import ArgumentParser

/// Seeds as they are asked for: `1..10000`, or one.
struct SeedRange: ExpressibleByArgument {
    let seeds: ClosedRange<UInt64>

    /// More are a slip of the finger.
    static let most: UInt64 = 100_000_000

    init?(argument: String) {
        let ends = argument.split(separator: "..", omittingEmptySubsequences: false)
        guard let first = ends.first.flatMap({ UInt64($0) }),
            let last = ends.last.flatMap({ UInt64($0) }), ends.count <= 2, first <= last,
            last - first < Self.most
        else { return nil }
        seeds = first...last
    }
}
