/// Instants as text, without a formatter: logs and event lines write many.
package enum Timestamp {
    /// RFC 3339 in UTC with milliseconds: `2026-01-02T03:04:05.678Z`.
    package static func rfc3339(_ instant: Instant) -> String {
        let milliseconds = instant.nanoseconds / 1_000_000
        let (day, time) = milliseconds.quotientAndFloor(by: 86_400_000)
        return "\(date(day))T\(clock(time))Z"
    }

    /// The time of the day in UTC: `03:04:05.678`.
    package static func time(_ instant: Instant) -> String {
        clock((instant.nanoseconds / 1_000_000).quotientAndFloor(by: 86_400_000).1)
    }

    /// RFC 3339 in UTC with all nine digits: `2026-01-02T03:04:05.678000009Z`; exact.
    package static func exact(_ instant: Instant) -> String {
        let (seconds, nanoseconds) = instant.nanoseconds.quotientAndFloor(by: 1_000_000_000)
        let (day, second) = seconds.quotientAndFloor(by: 86_400)
        let time = clock(second * 1_000).dropLast(3)
        return "\(date(day))T\(time)\(padded(nanoseconds, 9))Z"
    }

    /// Reads what `exact(_:)` writes; nil for any other form.
    package static func parse(exact text: String) -> Instant? {
        let bytes = Array(text.utf8)
        func number(_ range: Range<Int>) -> Int64? {
            range.reduce(Optional(0)) { value, index in
                guard let value, (48...57).contains(bytes[index]) else { return nil }
                return value * 10 + Int64(bytes[index] - 48)
            }
        }
        guard bytes.count == 30, let year = number(0..<4), let month = number(5..<7),
            let day = number(8..<10), let hour = number(11..<13), let minute = number(14..<16),
            let second = number(17..<19), let fraction = number(20..<29)
        else { return nil }
        let days = days(ofYear: year, month: month, day: day)
        let seconds = days * 86_400 + hour * 3_600 + minute * 60 + second
        // What 64 bits cannot hold, a month 13 or a letter elsewhere would be written differently.
        let instant = Instant(nanoseconds: seconds &* 1_000_000_000 &+ fraction)
        return exact(instant).hasSameBytes(as: text) ? instant : nil
    }

    private static func date(_ day: Int64) -> String {
        let date = civil(fromDays: day)
        return "\(padded(date.year, 4))-\(padded(date.month, 2))-\(padded(date.day, 2))"
    }

    private static func clock(_ milliseconds: Int64) -> String {
        let seconds = milliseconds / 1_000
        return "\(padded(seconds / 3_600, 2)):\(padded(seconds / 60 % 60, 2)):"
            + "\(padded(seconds % 60, 2)).\(padded(milliseconds % 1_000, 3))"
    }

    /// Year, month and day of a day counted from 1970-01-01, in the Gregorian calendar: counted in
    /// eras of 400 years that begin in March, so that a leap day comes last.
    private static func civil(fromDays days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let (era, dayOfEra) = (days + 719_468).quotientAndFloor(by: 146_097)
        let yearOfEra =
            (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
    }

    /// The inverse of `civil(fromDays:)`.
    private static func days(ofYear year: Int64, month: Int64, day: Int64) -> Int64 {
        let shiftedYear = month <= 2 ? year - 1 : year
        let (era, yearOfEra) = shiftedYear.quotientAndFloor(by: 400)
        let shiftedMonth = month <= 2 ? month + 9 : month - 3
        let dayOfYear = (153 * shiftedMonth + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
            - 719_468
    }

    private static func padded(_ number: Int64, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}

extension Int64 {
    fileprivate func quotientAndFloor(by divisor: Int64) -> (Int64, Int64) {
        let remainder = self % divisor
        return remainder < 0
            ? (self / divisor - 1, remainder + divisor) : (self / divisor, remainder)
    }
}
