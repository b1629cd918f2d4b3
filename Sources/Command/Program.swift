import ArgumentParser

/// How every subcommand of ours ends: with an exit code of the contract, and a failure said once.
package enum Program {
    /// Runs a subcommand's work.
    package static func run(_ work: () async throws -> ExitStatus) async throws {
        var status: ExitStatus
        do {
            status = try await work()
        } catch let failure as CommandFailure {
            Talk.say(failure)
            status = failure.status
        }
        if let failure = StandardOutput.failure {
            Talk.say(failure)
            if status == .done { status = failure.status }
        }
        guard status != .done else { return }
        throw ExitCode(status.rawValue)
    }
}
