import Testing

/// `docs/protocol.md` is read by people; this keeps it true.
@Suite("The tables of the protocol")
struct ProtocolTableTests {
    private struct Rule {
        let id: Substring
        let cells: [Substring]
    }

    private static let page = "docs/protocol.md"

    private func rules() throws -> [Rule] {
        try Repository.text(Self.page).split(separator: "\n")
            .filter { $0.hasPrefix("| P-") }
            .map { line in
                let cells = line.split(separator: "|").map { $0.drop { $0 == " " } }
                return Rule(id: cells[0].prefix { $0 != " " }, cells: cells)
            }
    }

    @Test("Every rule has a number of its own, a source, a setting or none, and a test")
    func complete() throws {
        let rules = try rules()
        #expect(rules.count >= 150)
        #expect(Set(rules.map(\.id)).count == rules.count, "a number stands twice")
        for rule in rules where rule.cells.count != 5 || rule.cells.contains(where: \.isEmpty) {
            Issue.record("\(rule.id) needs five cells: number, rule, source, setting, tests")
        }
    }

    @Test("Every test that shows a rule exists, where the link says")
    func tests() throws {
        for rule in try rules() {
            let shown = try #require(rule.cells.last)
            let tests = shown.matches(of: /\]\(\.\.\/([^)]+)\): `([^`]+)`/)
            #expect(!tests.isEmpty, "\(rule.id) names no test")
            for test in tests {
                let source = try Repository.text(String(test.1))
                #expect(
                    source.contains(#"@Test("\#(test.2)""#) || source.contains(#""\#(test.2)""#),
                    "\(rule.id): \(test.1) has no test '\(test.2)'")
            }
        }
    }
}
