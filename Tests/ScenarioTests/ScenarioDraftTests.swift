import Foundation
import Scenario
import Testing

@Suite("A draft is a scenario file of which parts can be left out")
struct ScenarioDraftTests {
    private static let text = """
        # A remark, which a draft does not keep.
        scenario: "7: drafts"
        about: |
          over two
          lines
        cast:
          phone: {role: device, sender-id: ["1", '2']}
          shop: {role: app-server, sender-id: "1", ack: {skip: 2, then: at-once}}
        steps:
          - shop: connects
          - at: 5s
            phone: {sends: {id: "m, 1", data: {k: 'it''s', empty: "", "a: b": "\\t#"}}}
          - until: {match: event=app.error and data.k~"a b"}
        """

    private func draft() throws -> ScenarioDraft {
        ScenarioDraft(try ScenarioFile.read(Self.text, path: "text"))
    }

    @Test("It is written as it was read")
    func text() throws {
        #expect(
            try draft().text == """
                scenario: "7: drafts"
                about: "over two\\nlines\\n"
                cast:
                  phone: {role: device, sender-id: ["1", "2"]}
                  shop: {role: app-server, sender-id: "1", ack: {skip: 2, then: at-once}}
                steps:
                  - shop: connects
                  - at: 5s
                    phone: {sends: {id: "m, 1", data: {k: "it's", empty: "", "a: b": "\\t#"}}}
                  - until: {match: event=app.error and data.k~"a b"}

                """)
    }

    @Test("Parts are left out, and a seed put in")
    func removing() throws {
        var draft = try draft()
        draft.remove(0..<2, from: .steps)
        draft.remove(1..<2, from: .cast)
        draft.remove(0..<1, from: .cast)
        draft.seed = 8
        #expect(draft.count(.steps) == 1 && draft.count(.cast) == 0 && draft.count(.relay) == 0)
        draft.seed = 9
        #expect(
            draft.text == """
                scenario: "7: drafts"
                about: "over two\\nlines\\n"
                steps:
                  - until: {match: event=app.error and data.k~"a b"}
                seed: 9

                """)
    }

    @Test("Every shipped file is the same play when it was a draft")
    func shipped() throws {
        let folder = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Fixtures/scenarios")
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() {
            let file = try ScenarioFile.load(path: folder.appending(path: name).path)
            let again = try ScenarioFile.read(ScenarioDraft(file).text, path: name)
            #expect(again.play == file.play, "\(name)")
            #expect(again.steps.compactMap(\.deed) == file.steps.compactMap(\.deed), "\(name)")
            #expect(
                again.expectations.map(\.claim) == file.expectations.map(\.claim), "\(name)")
        }
    }
}
