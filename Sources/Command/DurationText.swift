import CloudMessaging

/// Durations as people write them: a number and a unit (`250ms`, `30s`, `5m`, `24h`).
package enum DurationText {
    private static let units: [(name: String, nanoseconds: Double)] = [
        ("ms", 1e6), ("s", 1e9), ("m", 60e9), ("h", 3_600e9),
    ]

    /// Nil unless the text is a number that is not negative, with a unit.
    package static func parse(_ text: String) -> Duration? {
        for unit in units where text.hasSuffix(unit.name) {
            let number = text.dropLast(unit.name.count)
            guard number.utf8.allSatisfy({ (48...57).contains($0) || $0 == 46 }),
                let value = Double(number), value * unit.nanoseconds < 9.2e18
            else { continue }
            return .nanoseconds(Int64(value * unit.nanoseconds))
        }
        return nil
    }

    /// The duration as `parse(_:)` reads it.
    package static func text(_ duration: Duration) -> String {
        let nanoseconds = duration.wholeNanoseconds
        for (name, unit) in [("h", 3_600_000_000_000), ("s", 1_000_000_000), ("ms", 1_000_000)] {
            let (count, rest) = nanoseconds.quotientAndRemainder(dividingBy: Int64(unit))
            if rest == 0, count != 0 || name == "s" { return "\(count)\(name)" }
        }
        return "\(Double(nanoseconds) / 1e6)ms"
    }

    /// What a message says of a text that is none.
    package static let form = "a number with a unit: 250ms, 30s, 5m or 24h"
}
