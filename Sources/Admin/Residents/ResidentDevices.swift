import CloudMessaging
import GCMDevice
import RelayService

/// The devices that live in the relay's process, made and ended over HTTP.
package actor ResidentDevices {
    /// Each has two threads.
    static let limit = 100

    /// In the order in which they were made.
    private var devices: [ResidentDevice] = []
    /// Those that have no token yet.
    private var unborn = 0
    private var isClosed = false

    /// Makes a device and waits until it has its token.
    func add(
        app: Category, sender: SenderID, platform: GCMDeviceConfiguration.Platform,
        at relay: RelayService
    ) async throws -> ResidentDevice {
        guard devices.count + unborn < Self.limit else {
            throw AdminError.conflict(
                "\(Self.limit) devices live in the relay already", hint: "delete one of them")
        }
        unborn += 1
        defer { unborn -= 1 }
        let device = try await ResidentDevice(
            app: app, sender: sender, configuration: Self.configuration(platform, at: relay))
        do {
            guard try await device.register() != nil else {
                throw AdminError.conflict(
                    "the device gets no token: \(device.trouble ?? "the relay does not answer")",
                    hint: "the relay's log says why")
            }
            guard !isClosed else { throw AdminError.ended }
        } catch {
            await device.close()
            throw error
        }
        devices.append(device)
        return device
    }

    private static func configuration(
        _ platform: GCMDeviceConfiguration.Platform, at relay: RelayService
    ) -> GCMDeviceConfiguration {
        var configuration = GCMDeviceConfiguration(
            platform: platform, relayHost: relay.ports.host, relayPort: relay.ports.device,
            trustedCAFile: relay.authorityFile)
        // Who asked waits for the outcome.
        configuration.sentBatch = 1
        return configuration
    }

    func device(of token: RegistrationToken) -> ResidentDevice? {
        devices.first { $0.token == token }
    }

    /// The first that sends to this sender, or to any.
    func device(sendingTo sender: SenderID?) -> ResidentDevice? {
        devices.first { sender == nil || $0.sender == sender }
    }

    /// Ends a device and its app's registration.
    func remove(_ device: ResidentDevice) async throws {
        devices.removeAll { $0 === device }
        try await device.remove()
    }

    /// Ends all of them; their registrations stay.
    func close() async {
        isClosed = true
        let ending = devices
        devices = []
        for device in ending { await device.close() }
    }
}
