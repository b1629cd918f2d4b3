import ArgumentParser
import CloudMessaging
import Command
import GCMDevice

/// `--quirk`, for the subcommands that send.
struct QuirkOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "What the library does where sources disagree; repeatable: "
                + all.map { "\($0.name)=\($0.values.joined(separator: "|"))" }
                .joined(separator: ", "), valueName: "name=value"))
    var quirk: [String] = []

    /// The quirks of a device (docs/configuration.md has their sources).
    private static let all: [Quirk<DeviceQuirks>] = [
        .choice("other-values", \.otherValues), .choice("reserved-keys", \.reservedKeys),
        .choice("batched-callbacks", \.batchedCallbacks),
    ]

    func quirks() throws(CommandFailure) -> DeviceQuirks {
        var quirks = DeviceQuirks()
        let reader = QuirkReader(Self.all)
        for text in quirk { _ = try reader.apply(SettingText(text, .flag), to: &quirks) }
        return quirks
    }
}
