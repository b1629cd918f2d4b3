import Command
import Scenario

extension ScenarioRun {
    /// What a program ends with after this play alone.
    var exitStatus: ExitStatus {
        switch failure?.kind {
        case .invariant: .software
        case .step: .failed
        // What was expected of the rest of the play is not decided.
        case .timeout, .absence: .timeout
        case nil: isGood ? .done : .failed
        }
    }
}

extension ExitStatus {
    /// The one that a run of several plays ends with.
    func worse(_ other: ExitStatus) -> ExitStatus {
        let order: [ExitStatus] = [.software, .failed, .timeout]
        return order.first { $0 == self || $0 == other } ?? .done
    }
}
