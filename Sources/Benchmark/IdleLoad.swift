import CloudMessaging
import NIOCore
import NIOPosix

/// Devices that are logged in and silent.
enum IdleLoad {
    /// Resident bytes of the relay for each of them, once it has swept idle connections.
    static func measure(relay: RelayUnderLoad, devices count: Int) async throws -> Int {
        let load = try await RelayLoad(
            relay: relay, workload: Workload(devices: 10, inFlight: 1), connections: 0)
        let before = relay.meter.residentBytes()
        let many = try await RelayLoad(
            relay: relay, workload: Workload(devices: count, inFlight: 1), connections: 0)
        // The relay frees what an idle stream does not need when it sends its sign of life.
        try await Task.sleep(for: .seconds(9))
        let after = relay.meter.residentBytes()
        try await many.stop()
        try await load.stop()
        return (after - before) / count
    }
}
