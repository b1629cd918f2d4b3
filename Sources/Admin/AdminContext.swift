import Hummingbird
package import RelayService

/// What the resources stand on.
package struct AdminContext: Sendable {
    package let relay: RelayService
    package let version: String
    /// What the relay was started with, without secrets.
    package let settings: [Setting]
    /// Has the program end; nil: it does not end on request.
    package let stop: (@Sendable () -> Void)?
    let residents = ResidentDevices()
    let scenarios = ScenarioShelf()

    package struct Setting: Sendable {
        package let name: String
        package let values: [String]
        package let origin: String

        package init(name: String, values: [String], origin: String) {
            self.name = name
            self.values = values
            self.origin = origin
        }
    }

    package init(
        relay: RelayService, version: String, settings: [Setting] = [],
        stop: (@Sendable () -> Void)? = nil
    ) {
        self.relay = relay
        self.version = version
        self.settings = settings
        self.stop = stop
    }

    var control: RelayControl { relay.control }
}
