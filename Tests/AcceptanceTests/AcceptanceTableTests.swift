import Testing

/// `docs/acceptance.md` is read by people; this keeps it true.
@Suite("The table of the acceptance list")
struct AcceptanceTableTests {
    private static let folder = "Tests/AcceptanceTests"
    private static let rows = (1...31).map { $0 < 10 ? "A-0\($0)" : "A-\($0)" }

    /// Links of a line to files of this repository, as paths from its top.
    private func links(in line: Substring) -> [String] {
        line.matches(of: /\]\(\.\.\/([^)]+)\)/).map { String($0.1) }
    }

    /// Names of acceptance tests in a line or a source: they begin with the row's ID.
    private func testNames(in text: Substring, quoted quote: Character) -> [String] {
        text.split(separator: quote, omittingEmptySubsequences: false)
            .filter { $0.starts(with: #/A-\d\d /#) }.map(String.init)
    }

    private func lines(of row: String) throws -> [Substring] {
        try Repository.text("docs/acceptance.md").split(separator: "\n")
            .filter { $0.hasPrefix("| \(row) |") }
    }

    @Test("has each row once, with a criterion and a test that exists", arguments: rows)
    func row(id: String) throws {
        let lines = try lines(of: id)
        try #require(lines.count == 1, "\(id) stands in \(lines.count) lines")
        let cells = lines[0].split(separator: "|").map { $0.drop { $0 == " " } }
        try #require(cells.count == 4)
        #expect(cells[1].count > 20, "\(id) needs its criterion")
        let names = testNames(in: cells[2], quoted: "`")
        #expect(!names.isEmpty, "\(id) names no test")
        let sources = try links(in: cells[2]).map { try Repository.text($0) }
        for name in names {
            #expect(name.hasPrefix(id))
            #expect(
                sources.contains { $0.contains(#"@Test("\#(name)""#) },
                "no linked file has the test '\(name)'")
        }
        for path in links(in: cells[3]) { _ = try Repository.text(path) }
    }

    @Test("leaves out no acceptance test")
    func complete() throws {
        let table = try Repository.text("docs/acceptance.md")
        for file in try Repository.swiftFiles(in: Self.folder) {
            let source = try Repository.text("\(Self.folder)/\(file)")
            for name in testNames(in: source[...], quoted: "\"") {
                #expect(table.contains("`\(name)`"), "\(file): the table lacks '\(name)'")
            }
        }
    }
}
