import ArgumentParser
import Foundation

/// Runs every workload and reports.
struct Run: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Runs every workload and reports; BENCH_JSON=FILE writes the figures as JSON.")

    @Option(help: "Messages of the workload 20 devices × 10 in flight; 0 leaves upstream out.")
    var messages = 200_000

    @Option(help: "Messages to 20 devices that are online; 0 leaves that workload out.")
    var downstream = 100_000

    @Option(help: "Messages queued for an absent sender; 0 leaves that comparison out.")
    var backlog = 200_000

    @Flag(inversion: .prefixedNo, help: "Compare a relay that keeps a journal with one without.")
    var journal = true

    @Option(help: "Idle devices; 0 leaves that measurement out.")
    var idleDevices = 1_000

    func run() async throws {
        let directory = FileManager.default.temporaryDirectory.path + "/gcm-bench-\(getpid())"
        defer { try? FileManager.default.removeItem(atPath: directory) }
        try FileManager.default.createDirectory(
            atPath: directory, withIntermediateDirectories: true)

        let idleBytes = try await measureIdle(directory)
        var results: [WorkloadResult] = []
        let upstream =
            messages == 0
            ? []
            : [
                (Workload(devices: 20, inFlight: 10), messages),
                (Workload(devices: 20, inFlight: 10, keepsJournal: false), messages),
                (Workload(devices: 100, inFlight: 1), messages / 3),
            ]
        for (workload, count) in upstream {
            results.append(
                try await measure(workload, messages: count, idleBytes: idleBytes, directory))
        }
        Report.print(results)
        let downstream = try await measureDownstream(directory)
        if let downstream { Report.print(downstream) }
        let growth = try await measureBacklog(directory)
        if let growth { Report.print(growth) }
        let journalCost = try await measureJournal(directory)
        if let journalCost { Report.print(journal: journalCost) }
        let day = try DayOfRetries.measure()
        Report.print(day)
        if let file = ProcessInfo.processInfo.environment["BENCH_JSON"], !file.isEmpty {
            try Report.write(results, downstream, growth, journalCost, day, to: file)
            print("\nfigures written to \(file)")
        }
    }

    /// One workload, and the echo of the same messages beside it.
    private func measure(
        _ workload: Workload, messages: Int, idleBytes: Int?, _ directory: String
    ) async throws -> WorkloadResult {
        print("\(workload.name): \(messages) messages …")
        let echo = try await EchoLoad.measure(
            workload, messages: messages, trustDirectory: directory)
        let relay = try await RelayUnderLoad.start(
            directory: directory, store: directory + "/\(workload.name).db",
            arguments: workload.relayArguments)
        let load = try await RelayLoad(relay: relay, workload: workload)
        // The first messages of a process are dearer than those that follow.
        _ = try await load.run(messages: messages / 10)
        let hop = try await load.run(messages: messages)
        try await load.stop()
        try await relay.stop()
        return WorkloadResult(
            workload: workload, hop: hop, echoMicroseconds: echo, idleConnectionBytes: idleBytes)
    }

    /// The other direction: app server, relay, devices.
    private func measureDownstream(_ directory: String) async throws -> DownstreamFigures? {
        guard downstream > 0 else { return nil }
        print("\ndownstream: \(downstream) messages …")
        let relay = try await RelayUnderLoad.start(
            directory: directory, store: directory + "/downstream.db")
        let load = try await DownstreamLoad(relay: relay, devices: DownstreamFigures.devices)
        _ = try await load.run(messages: downstream / 10)
        let figures = try await load.run(messages: downstream)
        try await load.stop()
        try await relay.stop()
        return figures
    }

    /// Resident memory that a logged-in, silent device costs the relay.
    private func measureIdle(_ directory: String) async throws -> Int? {
        guard idleDevices > 0 else { return nil }
        print("idle: \(idleDevices) devices …")
        let relay = try await RelayUnderLoad.start(
            directory: directory, store: directory + "/idle.db", keepalive: "4s")
        let bytes = try await IdleLoad.measure(relay: relay, devices: idleDevices)
        try await relay.stop()
        return bytes
    }

    /// The same workload with and without a backlog for somebody else, in turns.
    private func measureBacklog(_ directory: String) async throws -> BacklogResult? {
        guard backlog > 0 else { return nil }
        print("\nbacklog: \(backlog) messages for an absent sender …")
        let workload = Workload(devices: 20, inFlight: 10)
        let empty = try await RelayUnderLoad.start(
            directory: directory, store: directory + "/empty.db")
        let full = try await RelayUnderLoad.start(
            directory: directory, store: directory + "/full.db")
        try await RelayLoad.queue(messages: backlog, relay: full)
        return BacklogResult(
            queued: backlog, pairs: try await compare(empty, with: full, workload))
    }

    /// The same workload without and with a journal, in turns.
    private func measureJournal(_ directory: String) async throws -> ComparedPairs? {
        guard journal, messages > 0 else { return nil }
        print("\njournal: the relay's cost without and with …")
        let without = try await RelayUnderLoad.start(
            directory: directory, store: directory + "/without.db",
            arguments: ["--journal-limit", "0"])
        let with = try await RelayUnderLoad.start(
            directory: directory, store: directory + "/with.db")
        return try await compare(without, with: with, Workload(devices: 20, inFlight: 10))
    }

    /// Ends both relays.
    private func compare(
        _ plain: RelayUnderLoad, with other: RelayUnderLoad, _ workload: Workload
    ) async throws -> ComparedPairs {
        let plainLoad = try await RelayLoad(relay: plain, workload: workload)
        let otherLoad = try await RelayLoad(relay: other, workload: workload)
        var pairs: [ComparedPairs.Pair] = []
        for _ in 0..<5 {
            let without = try await plainLoad.run(messages: messages / 5)
            let with = try await otherLoad.run(messages: messages / 5)
            pairs.append(
                .init(
                    without: without.relayMicroseconds, with: with.relayMicroseconds))
        }
        for load in [plainLoad, otherLoad] { try await load.stop() }
        for relay in [plain, other] { try await relay.stop() }
        return ComparedPairs(pairs: pairs)
    }
}
