import Foundation
import Synchronization

/// A process that we started, from its first line to the moment it is reaped.
final class ChildProcess: Sendable {
    /// Everything that is known of it.
    struct Record: Sendable {
        var output = LineBuffer()
        var talk: [UInt8] = []
        /// Its exit code, or 128 + n when signal n killed it.
        var status: Int32?
    }

    let pid: pid_t
    let record = Watched(Record())
    /// Nil once nothing more will be written.
    private let input: Mutex<OpenFile?>
    /// A pipe may be full: who writes must not wait.
    private let inputQueue = DispatchQueue(label: "input of a child process")

    /// Starts a program, its environment exactly as given.
    init(path: String, arguments: [String], environment: [String: String]) throws {
        // A child that does not read any more is no reason for us to end.
        signal(SIGPIPE, SIG_IGN)
        let process = try SpawnedProcess(
            path: path, arguments: arguments, environment: environment)
        pid = process.pid
        input = Mutex(process.input)
        let (pid, record, output, talk) = (pid, record, process.output, process.talk)
        Thread.detachNewThread { Self.follow(pid, output: output, talk: talk, record) }
    }

    /// Nobody is left behind: killed here, and reaped by the thread that follows it.
    deinit {
        send(SIGKILL)
    }

    /// Does nothing once the process is reaped: its number may be another's by then.
    func send(_ signal: Int32) {
        let pid = pid
        record.change { record in
            if record.status == nil { kill(pid, signal) }
        }
    }

    /// Queues bytes for its standard input; they are dropped when it does not read any more.
    func write(_ bytes: [UInt8]) {
        guard let input = input.withLock({ $0 }) else { return }
        inputQueue.async { input.write(bytes) }
    }

    /// Ends its standard input after what was written.
    func closeInput() {
        input.withLock { $0 = nil }
    }

    // MARK: Following

    /// Reads until both pipes end, then waits for the process itself.
    private static func follow(
        _ pid: pid_t, output: OpenFile, talk: OpenFile, _ record: Watched<Record>
    ) {
        let files = [output, talk]
        var polled = files.map { pollfd(fd: $0.number, events: Int16(POLLIN), revents: 0) }
        while polled.contains(where: { $0.fd >= 0 }) {
            guard poll(&polled, nfds_t(polled.count), -1) > 0 else { continue }
            for (index, file) in files.enumerated() where polled[index].revents != 0 {
                let bytes = file.read()
                // A negative descriptor is passed over by poll.
                if bytes.isEmpty { polled[index].fd = -1 }
                record.change { record in
                    file === output
                        ? record.output.append(bytes) : record.talk.append(contentsOf: bytes)
                }
            }
        }
        reap(pid, record)
    }

    private static func reap(_ pid: pid_t, _ record: Watched<Record>) {
        // Waits without reaping, so that its number cannot become another's while a signal is sent.
        var info = siginfo_t()
        while waitid(P_PID, id_t(pid), &info, WEXITED | WNOWAIT) != 0 && errno == EINTR {}
        record.change { record in
            var status: Int32 = 0
            waitpid(pid, &status, 0)
            let signal = status & 0x7F
            record.status = signal == 0 ? (status >> 8) & 0xFF : 128 + signal
        }
    }
}
