/// Durations as people write them: a number and a unit (`250ms`, `30s`, `5m`, `24h`).
package enum DurationText {
    private static let units: [(name: String, nanoseconds: Int64)] = [
        ("ms", 1_000_000), ("s", 1_000_000_000), ("m", 60_000_000_000), ("h", 3_600_000_000_000),
    ]

    /// Nil unless the text is a decimal number that is not negative, with a unit; exact to the
    /// nanosecond, what is finer is cut off; at most 292 years.
    package static func parse(_ text: String) -> Duration? {
        for unit in units where text.hasSuffix(unit.name) {
            guard let count = nanoseconds(text.dropLast(unit.name.count), of: unit.nanoseconds)
            else { continue }
            return .nanoseconds(count)
        }
        return nil
    }

    /// The duration as `parse(_:)` reads it: whole hours as such, else in seconds, or in
    /// milliseconds below one. What is negative counts as nothing.
    package static func text(of duration: Duration) -> String {
        let nanoseconds = max(0, duration.wholeNanoseconds)
        let unit =
            switch nanoseconds {
            case 1..<1_000_000_000: units[0]
            case 1... where nanoseconds.isMultiple(of: units[3].nanoseconds): units[3]
            default: units[1]
            }
        let (whole, rest) = nanoseconds.quotientAndRemainder(dividingBy: unit.nanoseconds)
        guard rest > 0 else { return "\(whole)\(unit.name)" }
        // The power of ten before the digits keeps their leading zeros.
        let digits = String(unit.nanoseconds + rest).dropFirst()
        let fraction = digits.prefix(through: digits.lastIndex { $0 != "0" } ?? digits.startIndex)
        return "\(whole).\(fraction)\(unit.name)"
    }

    /// What a message says of a text that is none.
    package static let form = "a number with a unit: 250ms, 30s, 5m or 24h"

    /// What to do about a text that is none.
    package static func remedy(for text: String) -> String {
        let number = text.prefix { $0.isNumber || $0 == "." }
        switch text.dropFirst(number.count) {
        case _ where text.hasPrefix("-"): return "a duration is not negative"
        case "" where !number.isEmpty: return "write it with a unit: \(number)s, or \(number)ms"
        case "us" where !number.isEmpty, "µs" where !number.isEmpty, "ns" where !number.isEmpty:
            return "the smallest unit is ms: 1ms, or 0.001ms"
        case "d" where !number.isEmpty, "w" where !number.isEmpty:
            return "the largest unit is h: a day is 24h, a week 168h"
        case let unit where !number.isEmpty && units.contains { $0.name == unit }:
            return "it is longer than 292 years"
        default: return "write \(form)"
        }
    }

    /// More digits than a nanosecond has in an hour.
    private static let fractionDigits = 15

    /// A decimal number times a unit; nil for what is none, and for what 63 bits cannot hold.
    private static func nanoseconds(_ number: Substring, of unit: Int64) -> Int64? {
        let parts = number.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.contains(where: { !$0.isEmpty }),
            parts.allSatisfy({ $0.utf8.allSatisfy { (48...57).contains($0) } })
        else { return nil }
        let digits = parts.count > 1 ? parts[1].prefix(fractionDigits) : ""
        var power: Int64 = 1
        for _ in digits { power *= 10 }
        let fraction = power.dividingFullWidth(
            unit.multipliedFullWidth(by: Int64(digits) ?? 0)
        ).quotient
        let whole = parts[0].isEmpty ? 0 : Int64(parts[0])
        guard let whole else { return nil }
        let product = whole.multipliedReportingOverflow(by: unit)
        let sum = product.partialValue.addingReportingOverflow(fraction)
        return product.overflow || sum.overflow ? nil : sum.partialValue
    }
}
