import Foundation

/// What the kernel knows of a process (Linux: /proc).
struct ProcessMeter {
    let pid: Int32

    /// CPU time of all threads that live, in nanoseconds: finer than the ticks of `stat`.
    func cpuNanoseconds() -> Int {
        let tasks = "/proc/\(pid)/task"
        let threads = (try? FileManager.default.contentsOfDirectory(atPath: tasks)) ?? []
        return threads.reduce(0) { sum, thread in
            let text = try? String(contentsOfFile: "\(tasks)/\(thread)/schedstat", encoding: .utf8)
            return sum + (text?.split(separator: " ").first.flatMap { Int($0) } ?? 0)
        }
    }

    /// Resident memory in bytes.
    func residentBytes() -> Int {
        let text = try? String(contentsOfFile: "/proc/\(pid)/statm", encoding: .utf8)
        let pages = text?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        return pages * Int(sysconf(Int32(_SC_PAGESIZE)))
    }
}
