import Foundation
import Scenario
import Testing

@Suite("Fixtures/scenarios")
struct FixtureTests {
    private static let directory = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Fixtures/scenarios")

    private static func names() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: directory.path).sorted()
    }

    /// Read once for all tests.
    private static let loaded = Result {
        try names().map { try ScenarioFile.load(path: directory.appending(path: $0).path) }
    }

    private static func files() throws -> [ScenarioFile] { try loaded.get() }

    @Test("Every file is read, says what it shows and where it was reported, and expects something")
    func read() throws {
        for name in try Self.names() {
            let file = try ScenarioFile.load(path: Self.directory.appending(path: name).path)
            #expect(file.about != nil, "\(name)")
            #expect(!file.reportedIn.isEmpty, "\(name)")
            #expect(!file.expectations.isEmpty, "\(name)")
            #expect(!file.play.isEmpty)
            #expect(name.firstMatch(of: /^[0-9]{3}-[a-z0-9-]+\.yaml$/) != nil, "\(name)")
        }
    }

    @Test("What no socket can do is virtual-only", arguments: try names())
    func onSockets(_ name: String) throws {
        let file = try ScenarioFile.load(path: Self.directory.appending(path: name).path)
        for deed in file.steps.compactMap(\.deed) where file.virtualOnly == nil {
            switch deed {
            case .network(.hold), .network(.release), .network(.partition), .network(.repair),
                .store, .relay(.losesPower), .device(_, .losesPower):
                Issue.record("\(name): \(deed)")
            default: break
            }
        }
    }

    @Test("Numbers and names are used once")
    func unique() throws {
        let numbers = try Self.names().map { String($0.prefix(3)) }
        #expect(Set(numbers).count == numbers.count)
        let titles = try Self.files().map(\.name)
        #expect(Set(titles).count == titles.count)
    }

    @Test("Every surprising behaviour of the fact sheet has its play", arguments: 1...31)
    func reports(_ number: Int) throws {
        let reports = try Self.files().flatMap(\.reportedIn)
        #expect(reports.contains("R\(number)"))
    }

    @Test(
        "Every client bug has its play",
        arguments: [
            "jacobp100/node-gcm-ccs #14", "jacobp100/node-gcm-ccs #17",
            "kikinteractive/go-gcm PR #9", "kikinteractive/go-gcm #2",
            "carlosCharz/fcmxmppserverv2 PR #11", "guness/node-xcs PR #17",
        ])
    func clientBugs(_ report: String) throws {
        #expect(try Self.files().contains { $0.reportedIn.contains(report) })
    }

    @Test(
        "The example of the documentation is one of them, but for its report and for what it awaits"
    )
    func example() throws {
        let file = try #require(try Self.files().first { $0.name == (try Example.file().name) })
        let example = try Example.file()
        #expect(file.expectations.map(\.claim) == example.expectations.map(\.claim))
        #expect(file.steps.compactMap(\.deed) == example.steps.compactMap(\.deed))
    }
}
