import Foundation
import Journal
import Testing

@Suite("docs/journal.md")
struct DocumentationTests {
    private let text: String

    init() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        text = try String(contentsOf: root.appending(path: "docs/journal.md"), encoding: .utf8)
    }

    private var examples: [Substring] {
        text.split(separator: "\n").filter { $0.hasPrefix("{\"n\":") }
    }

    @Test("Every example is a line that the journal would write")
    func examplesAreLines() throws {
        for example in examples {
            var bytes: [UInt8] = []
            try JournalEvent(line: Array(example.utf8)).appendLine(to: &bytes)
            #expect(String(decoding: bytes, as: UTF8.self) == example + "\n")
        }
    }

    @Test("Every kind of event has an example, and the numbers count up")
    func everyKind() throws {
        let events = try examples.map { try JournalEvent(line: Array($0.utf8)) }
        for kind in JournalEvent.Kind.allCases {
            #expect(events.contains { $0.kind == kind }, "\(kind.rawValue)")
        }
        #expect(events.map(\.number) == (1...UInt64(events.count)).map(\.self))
        for (earlier, later) in zip(events, events.dropFirst()) {
            #expect(earlier.instant <= later.instant)
            #expect(later.cause ?? 0 < later.number)
        }
    }

    @Test("Every member of a line has its row")
    func everyMember() throws {
        let members = try Set(
            examples.flatMap { example in
                try #require(
                    JSONSerialization.jsonObject(with: Data(example.utf8)) as? [String: Any]
                ).keys
            })
        #expect(members.count == 22)
        for member in members { #expect(text.contains("\n| `\(member)` |"), "\(member)") }
    }
}
