import CloudMessaging
import Journal
import Testing

@Suite("Nearest misses")
struct MissTests {
    @Test(
        "A miss says what there was and how it fails",
        arguments: [
            ("data.parcel=18", [#"data.parcel: "17" ≠ "18""#]),
            ("data.parcel!=17", [#"data.parcel: "17" = "17""#]),
            ("not data.parcel=17", [#"data.parcel: "17" = "17""#]),
            ("not data.parcel!=18", [#"data.parcel: "17" ≠ "18""#]),
            ("data.parcel~\"^2\"", [#"data.parcel: "17" does not match "^2""#]),
            ("not data.parcel~\"^1\"", [#"data.parcel: "17" matches "^1""#]),
            ("attempt>2", ["attempt: 2 ≤ 2"]), ("attempt<2", ["attempt: 2 ≥ 2"]),
            ("not attempt>1", ["attempt: 2 > 1"]), ("not attempt<3", ["attempt: 2 < 3"]),
            ("error=X", [#"error: absent, not "X""#]), ("error~X", [#"error: absent, not ~ "X""#]),
            ("from<3", [#"from: "tok:1" is no number"#]),
            // All that an `and` lacks; the nearest of an `or`; the other way round under a `not`.
            ("attempt=2 and from=x and attempt=4", [#"from: "tok:1" ≠ "x""#, "attempt: 2 ≠ 4"]),
            ("(attempt=3 and from=x) or attempt=4", ["attempt: 2 ≠ 4"]),
            ("not (attempt=2 or from=tok:1)", ["attempt: 2 = 2", #"from: "tok:1" = "tok:1""#]),
            ("not (attempt=2 and from=tok:1)", ["attempt: 2 = 2"]),
        ])
    func misses(text: String, expected: [String]) throws {
        #expect(try Match(parsing: text).misses(Fields.example).map(\.description) == expected)
    }

    private func fields(_ id: String, parcel: String) -> Fields {
        Fields(values: [.messageID: .text(id), .data(.init("parcel")): .text(parcel)])
    }

    @Test("Candidates that missed by the fewest comparisons are grouped by their reasons")
    func grouping() throws {
        let match = try Match(parsing: "message_id=m-1 and data.parcel=18")
        let candidates = [
            fields("m-1", parcel: "17"), fields("m-2", parcel: "17"), fields("m-1", parcel: "19"),
            fields("m-1", parcel: "17"), fields("m-1", parcel: "17"),
        ]
        let nearest = match.nearest(among: candidates)
        #expect(
            nearest.map(\.description) == [
                #"3 missed only on data.parcel: "17" ≠ "18""#,
                #"1 missed only on data.parcel: "19" ≠ "18""#,
            ])
        #expect(match.nearest(among: candidates, limit: 1).count == 1)
    }

    @Test("What met nothing is not near, what matches is no miss")
    func neither() throws {
        let match = try Match(parsing: "message_id=m-1 and data.parcel=18")
        #expect(match.nearest(among: [fields("m-2", parcel: "17")]).isEmpty)
        #expect(match.nearest(among: [fields("m-1", parcel: "18")]).isEmpty)
        let single = try Match(parsing: "message_id=m-1")
        #expect(single.nearest(among: [fields("m-2", parcel: "17")]).count == 1)
    }

    @Test("Many different reasons cost no more than a few")
    func bounded() throws {
        let match = try Match(parsing: "message_id=m-1 and data.parcel=x")
        let nearest = match.nearest(among: (0..<1_000).lazy.map { fields("m-1", parcel: "\($0)") })
        #expect(
            nearest.map { "\($0.latest.values[.data(.init("parcel"))]!)" } == [
                "\"999\"", "\"998\"", "\"997\"",
            ])
    }
}
