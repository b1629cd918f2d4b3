import Command
import GCMDevice

/// What both subcommands do with a device.
enum DeviceRun {
    static func open(_ configuration: GCMDeviceConfiguration) async throws(CommandFailure)
        -> GCMDevice
    {
        do {
            return try await GCMDevice.open(configuration) { status in
                if case .stateFileFailed(let reason) = status { Talk.say("gcm-device: \(reason)") }
            }
        } catch {
            throw CommandFailure(error)
        }
    }

    /// Waits until every message has its outcome; nil: time ran out.
    static func firstComplete(
        _ log: DeviceLog, within limit: Duration? = nil
    ) async -> DeviceLog.Progress? {
        await withTaskGroup(of: DeviceLog.Progress?.self) { tasks in
            tasks.addTask {
                for await progress in log.outcomes where progress.isComplete { return progress }
                return nil
            }
            if let limit {
                tasks.addTask {
                    try? await Task.sleep(for: limit)
                    return nil
                }
            }
            defer { tasks.cancelAll() }
            return await tasks.next() ?? nil
        }
    }
}
