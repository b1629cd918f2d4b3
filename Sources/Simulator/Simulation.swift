package import AppServerMachine
package import CloudMessaging
package import DeviceMachine
package import Nodes

/// A whole road on virtual time: devices, a relay and app servers, with their disks and the network
/// between them.
///
/// The nodes are those of the real programs. No wall clock, no thread, no file: the same seed and
/// the same orders give the same run.
package final class Simulation {
    package let world: World
    package let network: Network
    package let relay: SimulatedRelay
    private let journal: any EventRecorder
    /// In the order in which they came on.
    package private(set) var devices: [SimulatedDevice] = []
    package private(set) var appServers: [SimulatedAppServer] = []

    /// The relay is started by `relay.start()`.
    ///
    /// - Parameter journal: gets every event of all processes.
    package init(
        seed: UInt64, relay settings: (inout RelayNodeSettings) -> Void = { _ in },
        disk: DiskSettings = DiskSettings(), journal: any EventRecorder
    ) {
        world = World(seed: seed)
        self.journal = journal
        network = Network(in: world)
        var relaySettings = RelayNodeSettings(seed: seed)
        settings(&relaySettings)
        relay = SimulatedRelay(
            in: world, network: network, settings: relaySettings, disk: disk, journal: journal)
    }

    /// Brings on a device; `start()` starts it.
    package func device(
        _ name: String, settings: DeviceSettings = DeviceSettings(),
        disk: DiskSettings = DiskSettings(), network link: NetworkSettings = NetworkSettings()
    ) -> SimulatedDevice {
        let host = Host(name)
        network.set(link, for: host)
        let device = SimulatedDevice(
            host, in: world, network: network, settings: settings, disk: disk, journal: journal)
        devices.append(device)
        return device
    }

    /// Brings on an app server; `start()` starts it.
    package func appServer(
        _ name: String, sender: SenderID, key: String = "key",
        settings: AppServerSettings = AppServerSettings(),
        network link: NetworkSettings = NetworkSettings()
    ) -> SimulatedAppServer {
        let host = Host(name)
        network.set(link, for: host)
        let appServer = SimulatedAppServer(
            host, in: world, network: network, settings: settings, sender: sender, key: key,
            journal: journal)
        appServers.append(appServer)
        return appServer
    }
}
