import Foundation
import NIOCore
import NIOPosix

/// The relay's counters as its `/metrics` shows them.
struct CountersShown: Sendable {
    let settled: Int
    let delivered: Int
    let commits: Int
    let committedMessages: Int

    fileprivate init(_ text: String) throws {
        var values: [Substring: Int] = [:]
        for line in text.split(separator: "\n") where !line.hasPrefix("#") {
            let parts = line.split(separator: " ")
            if parts.count == 2 { values[parts[0]] = Int(parts[1]) }
        }
        guard let settled = values["gcm_relay_settled_total"],
            let delivered = values["gcm_relay_delivered_total"],
            let commits = values["gcm_relay_commits_total"],
            let committed = values["gcm_relay_committed_messages_total"]
        else { throw BenchmarkError("the relay's /metrics lack a counter:\n\(text)") }
        self.settled = settled
        self.delivered = delivered
        self.commits = commits
        committedMessages = committed
    }
}

extension RelayUnderLoad {
    /// Asks until so many messages are settled, or delivered, for ten seconds at most.
    func counters(
        untilSettled settled: Int = 0, untilDelivered delivered: Int = 0
    ) async throws -> CountersShown {
        let deadline = NIODeadline.now() + .seconds(10)
        while true {
            let counters = try CountersShown(try await get("/metrics"))
            let isThere = counters.settled >= settled && counters.delivered >= delivered
            if isThere || .now() > deadline { return counters }
        }
    }
}
