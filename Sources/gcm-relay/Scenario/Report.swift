import Command
import Journal
import Scenario

/// One report while it is made: what can be written play by play, is.
struct Report: Sendable {
    private let kind: ReportRequest.Kind
    private var output: ReportOutput
    /// Those of which the report is made in one piece.
    private var runs: [ScenarioRun] = []

    init(_ request: ReportRequest) throws(CommandFailure) {
        kind = request.kind
        output = try ReportOutput(path: request.path)
    }

    init(_ kind: ReportRequest.Kind, on output: ReportOutput) {
        self.kind = kind
        self.output = output
    }

    mutating func add(_ run: ScenarioRun) throws(CommandFailure) {
        switch kind {
        case .text: try output.write(Array(run.text.utf8))
        case .json: try output.write(run.json)
        case .ndjson: try output.write(run.journal)
        case .junit, .html: runs.append(run)
        }
    }

    mutating func finish(_ tally: RunTally) throws(CommandFailure) {
        switch kind {
        case .text: if tally.count > 1 { try output.write(Array(tally.text.utf8)) }
        case .json, .ndjson: break
        case .junit: try output.write(Array(JUnitReport.xml(runs).utf8))
        case .html: try output.write(Array(HTMLReport.page(runs).utf8))
        }
        try output.finish()
    }
}

extension ScenarioRun {
    /// The lines of docs/journal.md.
    fileprivate var journal: [UInt8] {
        var bytes: [UInt8] = []
        for event in evidence.events { event.appendLine(to: &bytes) }
        return bytes
    }
}
