import Testing

@testable import TLSEngine

struct CalendarDayTests {
    @Test(
        "Days are counted in UTC, leap years included",
        arguments: [
            (0, "1970-01-01"), (86_399, "1970-01-01"), (86_400, "1970-01-02"),
            (-1, "1969-12-31"), (951_782_400, "2000-02-29"), (951_868_800, "2000-03-01"),
            (1_735_603_200, "2024-12-31"), (4_107_542_400, "2100-03-01"),
            (-631_152_000, "1950-01-01"),
        ] as [(Int64, String)])
    func day(unixSeconds: Int64, text: String) {
        #expect(calendarDay(unixSeconds: unixSeconds) == text)
    }
}
