package import ArgumentParser

/// Where a device or an app server finds its relay, and which sender ID it works for.
package struct RelayOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Where the relay is: its port for this program. (default: the relay that was ready "
                + "last)", valueName: "host:port"),
        transform: { text in
            guard let address = HostPort(text) else {
                throw ValidationError("\"\(text)\" is not \(HostPort.form)")
            }
            return address
        })
    package var relay: HostPort?

    @Option(
        help: ArgumentHelp(
            "The CA that signed the relay's certificate. (default: that of the relay that was "
                + "ready last)", valueName: "file"))
    package var ca: String?

    @Option(
        help: ArgumentHelp(
            "The project number that devices send to. (default: \(Defaults.senderID))",
            valueName: "id"))
    package var senderID: String?

    package init() {}
}
