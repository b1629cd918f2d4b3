/// `gcm-appserver` as a process of its own.
package final class AppServerProgram: EventProgram {
    package let program: RealProgram

    /// Starts a subcommand with nothing but these arguments.
    package init(_ arguments: [String], environment: [String: String] = [:]) throws {
        program = try RealProgram("gcm-appserver", arguments, environment: environment)
    }

    /// `gcm-appserver run`
    package convenience init(
        relay: RelayProgram.Endpoints, _ arguments: [String] = []
    ) throws {
        try self.init(
            ["run", "--relay", "\(relay.host):\(relay.xmpp)", "--ca", relay.ca] + arguments)
    }
}
