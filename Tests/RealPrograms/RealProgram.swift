package import Foundation

/// One of our programs, running as a process of its own; killed when nobody holds it any more.
package final class RealProgram: Sendable {
    /// How long to wait for anything, unless said otherwise.
    package static let patience = Duration.seconds(120)

    private let name: String
    private let arguments: [String]
    private let process: ChildProcess

    /// Starts a program that lies beside the one that runs.
    ///
    /// - Parameter environment: besides what we have ourselves, `GCM_RELAY_…` excepted: that must
    ///   not lead to a relay of somebody else.
    package convenience init(
        _ name: String, _ arguments: [String], environment: [String: String] = [:]
    ) throws {
        let path = Self.directory + "/" + name
        guard FileManager.default.isExecutableFile(atPath: path) else {
            throw ProgramFailure("\(path) does not exist: build all programs first")
        }
        try self.init(path: path, arguments, environment: environment)
    }

    /// Starts any program.
    package init(path: String, _ arguments: [String], environment: [String: String] = [:]) throws {
        name = path.split(separator: "/").last.map(String.init) ?? path
        self.arguments = arguments
        let inherited = ProcessInfo.processInfo.environment.filter {
            !$0.key.hasPrefix("GCM_RELAY_")
        }
        process = try ChildProcess(
            path: path, arguments: arguments,
            environment: inherited.merging(environment) { _, given in given })
    }

    /// Where the running program lies, and all others that were built with it.
    package static var directory: String {
        let path = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        return URL(fileURLWithPath: path ?? CommandLine.arguments[0])
            .deletingLastPathComponent().path
    }

    package var pid: pid_t { process.pid }

    // MARK: What goes in

    /// Writes to its standard input.
    package func write(_ text: String) {
        process.write(Array(text.utf8))
    }

    /// Ends its standard input.
    package func closeInput() {
        process.closeInput()
    }

    package func send(_ signal: Int32) {
        process.send(signal)
    }

    /// `kill -9`, and waits until it is gone.
    package func kill9() async throws {
        process.send(SIGKILL)
        _ = try await exitStatus()
    }

    // MARK: What comes out

    /// The lines on standard output, from the first; ends with the program.
    package var lines: Lines { Lines(process: process) }

    package var linesSoFar: [String] { process.record.value.output.lines }

    /// What it has said on standard error so far.
    package var talk: String { String(decoding: process.record.value.talk, as: UTF8.self) }

    /// Waits until it has said something on standard error.
    package func says(_ sentence: String, within limit: Duration = patience) async throws {
        let said = try await wait(for: "\"\(sentence)\" on standard error", within: limit) {
            record -> Bool? in
            if String(decoding: record.talk, as: UTF8.self).contains(sentence) { return true }
            return record.status == nil ? nil : false
        }
        if !said { throw failure("it ended without \"\(sentence)\"") }
    }

    /// Its exit code as a shell shows it: 128 + n when signal n killed it.
    package func exitStatus(within limit: Duration = patience) async throws -> Int32 {
        try await wait(for: "its end", within: limit) { $0.status }
    }

    /// The first line on standard output, from its beginning, in which `wanted` finds something.
    package func first<Result: Sendable>(
        _ what: String, within limit: Duration = patience,
        _ wanted: @escaping @Sendable (String) -> Result?
    ) async throws -> Result {
        let found = try await wait(for: what, within: limit) { record -> Result?? in
            for line in record.output.lines {
                if let result = wanted(line) { return .some(result) }
            }
            return record.status == nil ? nil : .some(nil)
        }
        guard let found else { throw failure("it ended before \(what)") }
        return found
    }

    private func wait<Result: Sendable>(
        for what: String, within limit: Duration,
        _ wanted: @escaping @Sendable (ChildProcess.Record) -> Result?
    ) async throws -> Result {
        do {
            return try await process.record.first(within: limit, wanted)
        } catch is TimeLimitPassed {
            throw failure("\(what) did not come within \(limit)")
        }
    }

    /// A failure that shows what the program has written.
    package func failure(_ problem: String) -> ProgramFailure {
        let record = process.record.value
        let end = record.status.map { "it ended with \($0)" } ?? "it runs (pid \(pid))"
        return ProgramFailure(
            """
            \(name) \(arguments.joined(separator: " ")): \(problem); \(end)
            standard output, last of \(record.output.lines.count) lines:
            \(record.output.lines.suffix(15).joined(separator: "\n"))
            standard error:
            \(talk.suffix(4_000))
            """)
    }
}

extension RealProgram {
    /// A program's standard output, line by line.
    package struct Lines: AsyncSequence, Sendable {
        package typealias Element = String
        fileprivate let process: ChildProcess

        package func makeAsyncIterator() -> Iterator {
            Iterator(process: process)
        }

        package struct Iterator: AsyncIteratorProtocol {
            fileprivate let process: ChildProcess
            private var position = 0

            fileprivate init(process: ChildProcess) {
                self.process = process
            }

            /// Nil when the program has ended, or the task is cancelled.
            package mutating func next() async throws -> String? {
                let position = position
                self.position += 1
                return try await process.record.first(within: .seconds(86_400)) { record in
                    if position < record.output.lines.count {
                        return .some(record.output.lines[position])
                    }
                    return record.status == nil ? nil : .some(nil)
                }
            }
        }
    }
}
