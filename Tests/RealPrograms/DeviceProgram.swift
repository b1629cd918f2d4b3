/// `gcm-device` as a process of its own.
package final class DeviceProgram: EventProgram {
    package let program: RealProgram

    /// Starts a subcommand with nothing but these arguments.
    package init(_ arguments: [String], environment: [String: String] = [:]) throws {
        program = try RealProgram("gcm-device", arguments, environment: environment)
    }

    /// `gcm-device run`, its messages from `send(line:)`.
    package convenience init(
        relay: RelayProgram.Endpoints, app: String, state: String, _ arguments: [String] = []
    ) throws {
        try self.init(
            [
                "run", "--relay", "\(relay.host):\(relay.device)", "--ca", relay.ca,
                "--app", app, "--state", state, "--input", "-",
            ] + arguments)
    }

    /// Gives it one message as a line of JSON.
    package func send(line: String) {
        program.write(line + "\n")
    }

    /// There is nothing more to send.
    package func endInput() {
        program.closeInput()
    }
}
