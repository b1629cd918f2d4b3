/// Why a program ends without having done what it was asked (contract: "Exit codes").
package struct CommandFailure: Error, Sendable, CustomStringConvertible {
    package let status: ExitStatus
    /// What was wrong and where.
    package let problem: String
    /// What to do about it.
    package let remedy: String?

    package init(_ status: ExitStatus, _ problem: String, remedy: String? = nil) {
        self.status = status
        self.problem = problem
        self.remedy = remedy
    }

    package var description: String {
        remedy.map { "\(problem)\n  \($0)" } ?? problem
    }
}

/// The exit codes that all three programs share (contract: "Exit codes"; sysexits.h).
package enum ExitStatus: Int32, Sendable {
    case done = 0
    /// An expectation of the subject failed.
    case failed = 1
    case usage = 64
    /// A file or line does not parse.
    case badData = 65
    /// A port or peer is not available.
    case unavailable = 69
    /// Our own invariant is broken.
    case software = 70
    /// The store cannot be created.
    case cannotCreate = 73
    /// The store cannot be written.
    case ioError = 74
    /// Time ran out before a decision.
    case timeout = 75
    /// The peer broke the protocol.
    case protocolBroken = 76
    /// Contradictory settings.
    case badSettings = 78
    case interrupted = 130
    case terminated = 143
}
