import Foundation
import Scenario
import Simulator
import Testing

@Suite("The shipped scenarios hold in virtual time")
struct ShippedScenarioTests {
    private static let folder = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Fixtures/scenarios")

    static let names: [String] =
        ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? [])
        .filter { $0.hasSuffix(".yaml") }.sorted()

    static func file(_ name: String) throws -> ScenarioFile {
        try ScenarioFile.load(path: folder.appending(path: name).path)
    }

    @Test("every one is green", arguments: names)
    func shipped(name: String) throws {
        let file = try Self.file(name)
        guard !file.needsLiveDriver else { return }
        let run = ScenarioRun(playing: file, path: name)
        if !run.isGood { Issue.record("\(run.text)") }
    }

    @Test("there are some")
    func some() {
        #expect(Self.names.count > 40)
    }
}
