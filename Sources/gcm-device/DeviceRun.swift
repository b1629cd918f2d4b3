import Command
import GCMDevice

/// What both subcommands do with a device.
enum DeviceRun {
    static func open(_ configuration: GCMDeviceConfiguration) async throws(CommandFailure)
        -> GCMDevice
    {
        do {
            return try await GCMDevice.open(configuration) { status in
                switch status {
                case .stateFileFailed(let reason): Talk.say("gcm-device: \(reason)")
                case .messageDropped(let reason): Talk.say("gcm-device: dropped: \(reason)")
                case .identityRefused(let reason):
                    Talk.say("gcm-device: the relay refused the login: \(reason)")
                case .online, .offline, .connectionLost, .registrationRefused: break
                }
            }
        } catch {
            throw CommandFailure(error)
        }
    }

    /// Waits until the messages have come so far; nil: time ran out.
    static func first(
        _ log: DeviceLog, within limit: Duration? = nil,
        where isReached: @escaping @Sendable (DeviceLog.Progress) -> Bool
    ) async -> DeviceLog.Progress? {
        await first(within: limit) {
            for await progress in log.outcomes where isReached(progress) { return progress }
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

    /// What is awaited, or nil when time runs out.
    static func first<Value: Sendable>(
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
