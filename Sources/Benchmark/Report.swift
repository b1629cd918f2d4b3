import Foundation

/// Prints the figures beside what is to be reached, and writes them as JSON.
enum Report {
    static func print(_ results: [WorkloadResult]) {
        guard !results.isEmpty else { return }
        line("\nupstream hop, durable (synchronous=FULL), relay on one core")
        line(
            row("workload", "msg/s", "relay us", "echo us", "ratio", "p50 ms", "p99 ms", "rows/tx"))
        for result in results {
            line(
                row(
                    result.workload.name, number(result.messagesPerSecond, 0),
                    number(result.hop.relayMicroseconds, 1), number(result.echoMicroseconds, 1),
                    number(result.ratio, 2), number(result.hop.p50, 2),
                    number(result.hop.p99, 2), number(result.hop.rowsPerCommit, 0)))
        }
        for result in results where result.hop.leftOver > 0 {
            line("\(result.workload.name): \(result.hop.leftOver) messages left over")
        }
        if let bytes = results.first?.idleConnectionBytes {
            line("idle device connection: \(bytes / 1_024) KiB resident")
        }
    }

    static func print(_ downstream: DownstreamFigures) {
        line("downstream hop, durable (synchronous=FULL), relay on one core")
        line(row("workload", "msg/s", "relay us", "p50 ms", "p99 ms"))
        line(
            row(
                downstream.name, number(downstream.messagesPerSecond, 0),
                number(downstream.relayMicroseconds, 1), number(downstream.p50, 2),
                number(downstream.p99, 2)))
        if downstream.leftOver > 0 {
            line("\(downstream.name): \(downstream.leftOver) messages left over")
        }
    }

    static func print(_ backlog: BacklogResult) {
        print(backlog.pairs, "\(backlog.queued) queued")
    }

    static func print(journal: ComparedPairs) {
        print(journal, "a journal")
    }

    private static func print(_ compared: ComparedPairs, _ what: String) {
        let pairs = compared.pairs
            .map { "\(number($0.without, 1)) -> \(number($0.with, 1))" }
            .joined(separator: ", ")
        line("relay us per message without and with \(what): \(pairs)")
        line("growth, median of \(compared.pairs.count): \(number(compared.growth * 100, 1)) %")
    }

    static func print(_ day: DayOfRetries) {
        line(
            "\na day in virtual time, 1000 messages without an ACK: "
                + "\(number(day.seconds, 2)) s, \(day.attempts) attempts")
    }

    /// One object a workload, in an array.
    static func write(
        _ results: [WorkloadResult], _ downstream: DownstreamFigures?, _ backlog: BacklogResult?,
        _ journal: ComparedPairs?, _ day: DayOfRetries, to file: String
    ) throws {
        var objects = results.map { result -> [String: Any] in
            var object: [String: Any] = [
                "workload": result.workload.name,
                "messages_per_second": result.messagesPerSecond,
                "relay_cpu_us_per_message": result.hop.relayMicroseconds,
                "tls_echo_cpu_us_per_message": result.echoMicroseconds,
                "ratio": result.ratio,
                "p50_ms": result.hop.p50,
                "p99_ms": result.hop.p99,
                "rows_per_commit": result.hop.rowsPerCommit,
                "queued_at_end": result.hop.leftOver,
            ]
            object["idle_connection_bytes"] = result.idleConnectionBytes
            object["backlog_growth"] = backlog?.growth
            object["journal_growth"] = journal?.growth
            return object
        }
        if let downstream {
            objects.append([
                "workload": downstream.name,
                "messages_per_second": downstream.messagesPerSecond,
                "relay_cpu_us_per_message": downstream.relayMicroseconds,
                "p50_ms": downstream.p50,
                "p99_ms": downstream.p99,
                "queued_at_end": downstream.leftOver,
            ])
        }
        objects.append([
            "workload": "a day of retries in virtual time",
            "seconds": day.seconds,
            "attempts": day.attempts,
        ])
        let data = try JSONSerialization.data(
            withJSONObject: objects, options: [.prettyPrinted, .sortedKeys])
        try data.write(to: URL(fileURLWithPath: file))
    }

    private static func row(_ name: String, _ cells: String...) -> String {
        let cells = cells.map { String(repeating: " ", count: max(0, 9 - $0.count)) + $0 }
        return name + String(repeating: " ", count: max(0, 40 - name.count)) + cells.joined()
    }

    private static func number(_ value: Double, _ digits: Int) -> String {
        String(format: "%.\(digits)f", value)
    }

    private static func line(_ text: String) {
        Swift.print(text)
        fflush(nil)
    }
}
