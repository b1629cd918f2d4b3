import Faults
import Foundation
import Testing

@Suite("docs/faults.md")
struct DocumentationTests {
    @Test("The tables are those of the code")
    func tables() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let text = try String(contentsOf: root.appending(path: "docs/faults.md"), encoding: .utf8)
        for point in FaultPoint.allCases {
            var table = "### `\(point.rawValue)`\n\n| `do` | what happens |\n|---|---|\n"
            for effect in FaultEffect.all where effect.point == point {
                table += "| `\(effect.deed.rawValue)` | \(effect.meaning) |\n"
            }
            #expect(text.contains(table + "\n"), "\(point.rawValue)")
        }
    }
}
