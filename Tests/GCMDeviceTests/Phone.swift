import CloudMessaging

@testable import GCMDevice

/// A device with one Android app on it.
struct Phone {
    let device: GCMDevice
    let gcm: GoogleCloudMessaging
    let app: AndroidApp
    let statuses: Diary<GCMDeviceStatus>

    init(_ configuration: GCMDeviceConfiguration, packageName: String = "com.example.pigeon")
        async throws
    {
        let statuses = Diary<GCMDeviceStatus>()
        device = try await GCMDevice.open(configuration) { statuses.write($0) }
        app = AndroidApp()
        gcm = try GoogleCloudMessaging(device: device, packageName: packageName, listener: app)
        self.statuses = statuses
    }

    func send(_ ids: some Sequence<String>, timeToLive: Int = -1) async throws {
        for id in ids {
            try await gcm.send(
                to: TestRelay.address, messageID: id, timeToLive: timeToLive, data: ["id": id])
        }
    }

    var category: Category { Category("com.example.pigeon")! }

    /// All IDs told sent so far.
    var sent: [String] {
        app.told.entries.compactMap { if case .sent(let id) = $0 { id } else { nil } }
    }
}

/// m-1, m-2, …
func messageIDs(_ range: ClosedRange<Int>) -> [String] {
    range.map { "m-\($0)" }
}

extension GCMDeviceConfiguration {
    /// A device that finds nobody.
    static func unconnected(
        _ trust: TestTrust, platform: Platform = .android, stateFile: String? = nil
    ) -> GCMDeviceConfiguration {
        var configuration = GCMDeviceConfiguration(
            platform: platform, relayHost: "127.0.0.1", relayPort: 1,
            trustedCAFile: trust.caFile, stateFile: stateFile)
        configuration.firstReconnectDelay = .milliseconds(20)
        return configuration
    }
}
