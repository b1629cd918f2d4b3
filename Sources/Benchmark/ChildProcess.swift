import Foundation
import Synchronization

/// A server of ours in a process of its own, kept on core 0.
final class ChildProcess: Sendable {
    private let process: Mutex<Process>
    private let output: Pipe
    private let ended: AsyncStream<Void>

    /// - Parameter program: stands beside the benchmark itself.
    init(program: String, arguments: [String]) throws {
        let directory = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
            .deletingLastPathComponent()
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/taskset")
        process.arguments =
            ["-c", "0", directory.appendingPathComponent(program).path] + arguments
        let output = Pipe()
        process.standardOutput = output
        let (ended, continuation) = AsyncStream.makeStream(of: Void.self)
        process.terminationHandler = { _ in continuation.finish() }
        try process.run()
        self.output = output
        self.ended = ended
        self.process = Mutex(process)
    }

    /// `taskset` gives its process to the program, so this is the program's own.
    var pid: Int32 { process.withLock { $0.processIdentifier } }

    /// The first line that the program prints: it is ready. Blocks the thread until then.
    func firstLine() throws -> String {
        var line = Data()
        while true {
            let data = output.fileHandleForReading.availableData
            guard !data.isEmpty else {
                throw BenchmarkError("the server ended before it was ready")
            }
            line += data
            if let end = line.firstIndex(of: UInt8(ascii: "\n")) {
                return String(decoding: line[..<end], as: UTF8.self)
            }
        }
    }

    func stop() async {
        process.withLock { if $0.isRunning { $0.terminate() } }
        for await _ in ended {}
    }
}
