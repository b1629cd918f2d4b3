import Foundation
import RelayMachine
import Scenario
import Testing
import XMPPSessions

@Suite("docs/scenarios.md")
struct DocumentationTests {
    private let text: String

    init() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        text = try String(contentsOf: root.appending(path: "docs/scenarios.md"), encoding: .utf8)
    }

    @Test("Every field and verb of the language has its row", arguments: LanguageReference.tables)
    func rows(_ table: LanguageReference.Table) throws {
        #expect(text.contains(LanguageReference.markdown(table)), "\(table.title)")
    }

    @Test("No row tells of a field that the language does not have")
    func noOtherRows() {
        let known = LanguageReference.tables.flatMap(\.rows)
        // What follows is about the program.
        let language = text.components(separatedBy: "\n## Running\n")[0]
        for line in language.split(separator: "\n")
        where line.hasPrefix("| `") || line.hasPrefix("| –") {
            #expect(known.contains(String(line)), "\(line)")
        }
    }

    @Test("Every piece of YAML is a scenario, or stands in one")
    func snippets() throws {
        let snippets = text.components(separatedBy: "```yaml\n").dropFirst()
            .compactMap { $0.components(separatedBy: "```").first }
        #expect(snippets.count > 8)
        for snippet in snippets {
            _ = try ScenarioFile.read(whole(snippet), path: "docs/scenarios.md")
        }
    }

    /// What a snippet leaves out of its file.
    private func whole(_ snippet: String) -> String {
        func has(_ key: String) -> Bool {
            snippet.hasPrefix("\(key):") || snippet.contains("\n\(key):")
        }
        var text = snippet
        if !has("scenario") { text += "scenario: s\n" }
        if !has("cast") {
            text += """
                cast:
                  phone: {role: device, client: ios, app: com.example.courier, sender-id: "4711"}
                  tablet: {role: device}
                  shop: {role: app-server, sender-id: "4711"}
                  branch: {role: app-server, sender-id: "4711"}

                """
        }
        if !has("steps") { text += "steps: []\n" }
        return text
    }

    @Test("The verdict that it shows is one that a report gives")
    func verdict() throws {
        let sample = try #require(
            text.components(separatedBy: "```\n").first { $0.hasPrefix("FAILED third.yaml") })
        let wrong = Example.text
            .replacing("category: com.example.courier}", with: "data: {parcel: '1'}}")
        let run = ScenarioRun(
            try ScenarioFile.read(wrong, path: "third.yaml"), path: "third.yaml",
            driver: .virtual, seed: 7, evidence: try Journals.evidence(Journals.good))
        let lines = run.text.split(separator: "\n")
        for line in sample.split(separator: "\n") where line != "     …" {
            #expect(lines.contains(line), "\(line)")
        }
    }

    @Test("The play at its end is that of its first example")
    func play() throws {
        let example = try #require(
            text.components(separatedBy: "```yaml\n").dropFirst().first?
                .components(separatedBy: "```").first)
        #expect(text.contains(try ScenarioFile.read(example, path: "s.yaml").play))
    }
}

@Suite("Names that machines share")
struct SharedNameTests {
    private func accepts(_ quirk: String, _ value: String) -> Bool {
        let text = Example.play(head: "relay: {quirks: {\(quirk): \(value)}}")
        return (try? ScenarioFile.read(text, path: "s.yaml")) != nil
    }

    private func expect<Value: RawRepresentable<String> & CaseIterable>(
        _ quirk: String, _: Value.Type
    ) {
        for value in Value.allCases {
            #expect(accepts(quirk, value.rawValue), "\(quirk)=\(value)")
        }
        #expect(!accepts(quirk, "no-such-value"), "\(quirk)")
    }

    @Test("Every value of every quirk of the relay can be set")
    func quirks() {
        expect("xml-declaration", WireQuirks.XMLDeclaration.self)
        expect("features-prefix", WireQuirks.FeaturesPrefix.self)
        expect("session-feature", WireQuirks.SessionFeature.self)
        expect("resource", WireQuirks.Resource.self)
        expect("after-login-failure", WireQuirks.AfterLoginFailure.self)
        expect("over-connection-limit", WireQuirks.OverConnectionLimit.self)
        expect("message-attributes", WireQuirks.MessageAttributes.self)
        expect("stanza-id", WireQuirks.StanzaID.self)
        expect("upstream-members", WireQuirks.UpstreamMembers.self)
        expect("answer-prefix", WireQuirks.AnswerPrefix.self)
        expect("error-description", WireQuirks.ErrorDescription.self)
        expect("unknown-ack", RelayQuirks.UnknownACK.self)
        expect("requests-past-limit", RelayQuirks.RequestsPastLimit.self)
        expect("draining", RelayQuirks.Draining.self)
        expect("apns-credential", RelayQuirks.APNSCredential.self)
    }

    @Test("The modes and profiles are those of the machines")
    func modes() {
        #expect(RedeliveryMode.allCases.map(\.rawValue) == Redelivery.allCases.map(\.rawValue))
        #expect(WireProfile.allCases.map(\.rawValue) == Profile.allCases.map(\.rawValue))
    }
}
