import Foundation
import Synchronization

/// Starts a process with pipes for its standard input, output and error.
struct SpawnedProcess {
    let pid: pid_t
    let input: OpenFile
    let output: OpenFile
    let talk: OpenFile

    /// Descriptors up to here are closed in a child.
    private static let descriptorsClosed: Int32 = 2_048

    /// One start at a time: a pipe that another child inherited would not end with its own.
    private static let turn = Mutex(())

    init(path: String, arguments: [String], environment: [String: String]) throws {
        (pid, input, output, talk) = try Self.turn.withLock { _ in
            let (input, output, talk) = (try Pipe(), try Pipe(), try Pipe())
            let pid = try Self.spawn(
                path, [path] + arguments, environment.map { "\($0.key)=\($0.value)" },
                descriptors: [input.reading.number, output.writing.number, talk.writing.number])
            return (pid, input.writing, output.reading, talk.reading)
        }
    }

    /// Both ends stay out of children, but for copies that a child is given.
    private struct Pipe {
        let reading: OpenFile
        let writing: OpenFile

        init() throws {
            var ends: [Int32] = [-1, -1]
            guard pipe(&ends) == 0 else {
                throw ProgramFailure("no pipe: \(String(cString: strerror(errno)))")
            }
            for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
            (reading, writing) = (OpenFile(ends[0]), OpenFile(ends[1]))
        }
    }

    private static func spawn(
        _ path: String, _ arguments: [String], _ environment: [String], descriptors: [Int32]
    ) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for (number, descriptor) in descriptors.enumerated() {
            posix_spawn_file_actions_adddup2(&actions, descriptor, Int32(number))
        }
        // Sockets of tests that run beside us are none of the child's: it would keep their ports.
        // (`closefrom` is not in every C library; closing what is not open is no error.)
        for descriptor in 3..<Self.descriptorsClosed {
            posix_spawn_file_actions_addclose(&actions, descriptor)
        }
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        setFreshSignals(&attributes)
        var pid = pid_t()
        let failure = withCStrings(arguments) { arguments in
            withCStrings(environment) { environment in
                posix_spawn(&pid, path, &actions, &attributes, arguments, environment)
            }
        }
        guard failure == 0 else {
            throw ProgramFailure("\(path) cannot be started: \(String(cString: strerror(failure)))")
        }
        return pid
    }

    /// Threads of a pool have signals blocked, and we ignore some: a child begins afresh.
    private static func setFreshSignals(_ attributes: inout posix_spawnattr_t) {
        var (none, all) = (sigset_t(), sigset_t())
        sigemptyset(&none)
        sigfillset(&all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setflags(
            &attributes, Int16(POSIX_SPAWN_SETSIGMASK) | Int16(POSIX_SPAWN_SETSIGDEF))
    }

    private static func withCStrings<Result>(
        _ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
    ) -> Result {
        let copies = strings.map { strdup($0) }
        defer { for copy in copies { free(copy) } }
        return body(copies + [nil])
    }
}
