/// The day of an instant in UTC, as error messages show it: `2036-01-31`.
///
/// Counted out here, because the C type for it belongs to another module in each kind of build.
func calendarDay(unixSeconds: Int64) -> String {
    var days = (unixSeconds >= 0 ? unixSeconds : unixSeconds - 86_399) / 86_400
    var year: Int64 = 1970
    while days < 0 {
        year -= 1
        days += lengthOfYear(year)
    }
    while days >= lengthOfYear(year) {
        days -= lengthOfYear(year)
        year += 1
    }
    let february: Int64 = lengthOfYear(year) == 366 ? 29 : 28
    var month = 1
    for length in [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30] {
        guard days >= length else { break }
        days -= length
        month += 1
    }
    return "\(year)-\(twoDigits(Int64(month)))-\(twoDigits(days + 1))"
}

private func lengthOfYear(_ year: Int64) -> Int64 {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 366 : 365
}

private func twoDigits(_ number: Int64) -> String {
    number < 10 ? "0\(number)" : "\(number)"
}
