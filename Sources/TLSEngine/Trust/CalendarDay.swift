internal import Glibc

/// The day of an instant in UTC, as error messages show it: `2036-01-31`.
func calendarDay(unixSeconds: Int64) -> String {
    var instant = time_t(unixSeconds)
    var fields = tm()
    gmtime_r(&instant, &fields)
    func padded(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
    return "\(fields.tm_year + 1900)-\(padded(fields.tm_mon + 1))-\(padded(fields.tm_mday))"
}
