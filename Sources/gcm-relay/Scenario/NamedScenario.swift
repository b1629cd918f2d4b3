import Command
import Scenario

/// A scenario file and the path by which it was named.
struct NamedScenario {
    let path: String
    let file: ScenarioFile

    /// Reads all files; what is wrong with any of them is said of all.
    static func load(_ paths: [String]) throws(CommandFailure) -> [NamedScenario] {
        var scenarios: [NamedScenario] = []
        var errors: [ScenarioFileError] = []
        for path in paths {
            do throws(ScenarioFileError) {
                scenarios.append(
                    NamedScenario(path: path, file: try ScenarioFile.load(path: path)))
            } catch {
                errors.append(error)
            }
        }
        guard !errors.isEmpty else { return scenarios }
        throw CommandFailure(errors)
    }

    /// Why a driver cannot play it; nil: it can.
    func obstacle(for driver: ScenarioRun.Driver) -> String? {
        switch driver {
        case .virtual:
            file.needsLiveDriver ? "an app server under test needs --driver live" : nil
        case .live: file.virtualOnly.map { "virtual only: \($0)" }
        }
    }
}

extension CommandFailure {
    /// Files that do not parse, each problem on its line.
    init(_ errors: [ScenarioFileError]) {
        let lines = errors.map { $0.description.replacing("\n", with: "\nerror: ") }
        self.init(.badData, lines.joined(separator: "\nerror: "))
    }
}
