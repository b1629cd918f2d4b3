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
        await first(within: limit) {
            for await progress in log.outcomes where progress.isComplete { return progress }
            return nil
        }
    }

    /// Waits until the device can send, or time runs out.
    static func untilReady(_ log: DeviceLog, within limit: Duration) async {
        _ = await first(within: limit) { () -> Bool? in
            for await _ in log.ready {}
            return true
        }
    }

    private static func first<Value: Sendable>(
        within limit: Duration?, _ awaited: @escaping @Sendable () async -> Value?
    ) async -> Value? {
        await withTaskGroup(of: Value?.self) { tasks in
            tasks.addTask { await awaited() }
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
