/// What is wrong with a scenario file or a list of faults, where, and what to do.
package struct ScenarioProblem: Hashable, Sendable, CustomStringConvertible {
    package let path: String
    /// Nil: it is about the whole file.
    package let place: SourcePlace?
    package let problem: String
    package let remedy: String?

    package init(path: String, place: SourcePlace?, problem: String, remedy: String? = nil) {
        self.path = path
        self.place = place
        self.problem = problem
        self.remedy = remedy
    }

    /// `FILE:LINE:COLUMN: what was wrong; what to do`
    package var description: String {
        let place = place.map { "\(path):\($0)" } ?? path
        return "\(place): \(problem)\(remedy.map { "; \($0)" } ?? "")".onTerminal
    }
}

/// Everything that is wrong with a file, in the order of its lines (exit code 65).
package struct ScenarioFileError: Error, Sendable, CustomStringConvertible {
    /// Never empty.
    package let problems: [ScenarioProblem]
    /// How many there were beyond those.
    package let more: Int

    package var description: String {
        let lines = problems.map(\.description)
        return (more > 0 ? lines + ["and \(more) more"] : lines).joined(separator: "\n")
    }
}

/// The problems of one file while it is read.
final class Complaints {
    let path: String
    let kind: FileKind
    private(set) var problems: [ScenarioProblem] = []

    init(path: String, _ kind: FileKind) {
        self.path = path
        self.kind = kind
    }

    func add(_ problem: String, remedy: String? = nil, at place: SourcePlace?) {
        problems.append(
            ScenarioProblem(path: path, place: place, problem: problem, remedy: remedy))
    }

    /// Nil: there are none.
    var error: ScenarioFileError? {
        guard !problems.isEmpty else { return nil }
        let sorted = problems.enumerated().sorted { left, right in
            let (one, other) = (left.element.place ?? .start, right.element.place ?? .start)
            return one == other ? left.offset < right.offset : one < other
        }.map(\.element)
        return ScenarioFileError(
            problems: Array(sorted.prefix(ScenarioLimits.problems)),
            more: max(0, sorted.count - ScenarioLimits.problems))
    }
}
