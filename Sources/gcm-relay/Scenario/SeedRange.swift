import ArgumentParser

/// Seeds as they are asked for: `1..10000`, or one.
struct SeedRange: Sendable {
    let seeds: ClosedRange<UInt64>

    /// More are a slip of the finger.
    static let most: UInt64 = 100_000_000

    private static let example = "write --seeds 1..2000, or one seed"

    init(reading text: String) throws {
        let ends = text.split(separator: "..", maxSplits: 1, omittingEmptySubsequences: false)
        let first = try Self.seed(ends[0], of: text)
        let last = try ends.count > 1 ? Self.seed(ends[1], of: text) : first
        guard first <= last else {
            throw Self.error("\(first) is higher than \(last)")
        }
        guard last - first < Self.most else {
            throw Self.error("\(text) are too many: at most \(Self.most) seeds at a time")
        }
        seeds = first...last
    }

    /// The only one of several answers to `--seeds`.
    static func only(_ ranges: [SeedRange]) throws -> ClosedRange<UInt64> {
        guard ranges.count == 1 else {
            throw error("--seeds is there twice, and a sweep has one range")
        }
        return ranges[0].seeds
    }

    private static func seed(_ end: Substring, of text: String) throws -> UInt64 {
        if let seed = UInt64(end) { return seed }
        guard !end.isEmpty else { throw error("\"\(text)\" lacks a seed beside the dots") }
        guard end.allSatisfy(\.isASCIIDigit) else {
            throw error("\"\(end)\" is not a whole number from 0")
        }
        throw error("\(end) is too high: a seed is at most \(UInt64.max)")
    }

    private static func error(_ problem: String) -> ValidationError {
        ValidationError("\(problem); \(example)")
    }
}

extension Character {
    fileprivate var isASCIIDigit: Bool { ("0"..."9").contains(self) }
}
