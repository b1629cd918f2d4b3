import Command
import Foundation
import Subprocess
import UnixSignals

#if canImport(System)
import System
#else
import SystemPackage
#endif

/// The command of `exec`, in a process group of its own: a signal reaches it once, and what it
/// leaves running is ended after it.
struct ProcessUnderTest: Sendable {
    /// The program, by its path or as `PATH` has it, and its arguments.
    let command: [String]
    /// Beside our own environment.
    let environment: [(name: String, value: String)]

    /// How long it may take to end after a signal before it is killed.
    private static let grace = Duration.seconds(10)

    /// Signals that the command may want to hear and go on, as Java writes its threads at Ctrl-\.
    private static let passedOn: [UnixSignal] = [.sigquit, .sigusr1, .sigusr2]

    /// Runs it to its end.
    ///
    /// Returns its exit code as a shell has it: 128 + n if signal n killed it.
    func run() async throws -> Int32 {
        let group = ProcessGroup()
        let signals = await UnixSignalsSequence(
            trapping: [.sigterm, .sigint, .sighup] + Self.passedOn)
        let status = try await withThrowingTaskGroup(of: TerminationStatus?.self) { tasks in
            tasks.addTask { try await execute(in: group) }
            tasks.addTask {
                await forward(signals, to: group)
                return nil
            }
            defer { tasks.cancelAll() }
            return try await tasks.first { $0 != nil } ?? nil
        }
        await group.endWhatIsLeft()
        switch status {
        case .exited(let code): return code
        case .signaled(let signal): return 128 + signal
        case nil: return ExitStatus.software.rawValue
        }
    }

    private func execute(in group: ProcessGroup) async throws -> TerminationStatus {
        var options = PlatformOptions()
        options.processGroupID = 0
        let name = command[0]
        let variables = environment.map { (Environment.Key(stringLiteral: $0.name), $0.value) }
        do {
            return try await Subprocess.run(
                name.contains("/") ? .path(FilePath(name)) : .name(name),
                arguments: Arguments(Array(command.dropFirst())),
                environment: .inherit.updating(Dictionary(uniqueKeysWithValues: variables)),
                platformOptions: options, input: input(), output: .currentStandardOutput,
                error: .currentStandardError
            ) { execution in
                group.began(execution.processIdentifier.value)
            }.terminationStatus
        } catch let error as SubprocessError {
            Talk.say("error: \(name) cannot be started: \(error)")
            let isMissing = error.code == .executableNotFound && !isThere(name)
            return .exited(isMissing ? 127 : 126)
        }
    }

    private func isThere(_ name: String) -> Bool {
        name.contains("/") && FileManager.default.fileExists(atPath: name)
    }

    /// Ours, unless it is a terminal: the command does not run in its foreground, and reading from
    /// it would stop the command.
    private func input() throws -> FileDescriptorInput {
        guard isatty(STDIN_FILENO) != 0 else { return .currentStandardInput }
        return .fileDescriptor(
            try FileDescriptor.open("/dev/null", .readOnly), closeAfterSpawningProcess: true)
    }

    /// Each kind of signal once: a Ctrl-C that comes again at once is the same. One that comes again
    /// later means that nobody wants to wait.
    private func forward(_ signals: UnixSignalsSequence, to group: ProcessGroup) async {
        await withTaskGroup(of: Void.self) { tasks in
            var forwarded: [UnixSignal: ContinuousClock.Instant] = [:]
            for await signal in signals {
                if Self.passedOn.contains(signal) {
                    group.send(signal.rawValue)
                    continue
                }
                guard let before = forwarded[signal] else {
                    forwarded[signal] = .now
                    group.send(signal.rawValue)
                    tasks.addTask {
                        guard (try? await Task.sleep(for: Self.grace)) != nil else { return }
                        group.send(SIGKILL)
                    }
                    continue
                }
                if before.duration(to: .now) > .seconds(1) { group.send(SIGKILL) }
            }
            tasks.cancelAll()
        }
    }
}
