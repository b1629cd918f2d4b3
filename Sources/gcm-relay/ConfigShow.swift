import ArgumentParser
import CloudMessaging
import Command
import NetworkRuntime
import Nodes
import RelayService

/// `gcm-relay config show`
struct ConfigShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Prints every setting and quirk that serve would have with the same flags.",
        discussion: "Quirks are printed as quirk.NAME. API keys are masked.")

    @OptionGroup var options: ServeOptions

    @Flag(help: "Say where each value comes from.")
    var origin = false

    @Flag(help: "One JSON object a line.")
    var json = false

    func run() async throws {
        try await Program.run {
            let resolved = try ResolvedSettings(options)
            var output = StandardOutput()
            for line in ShownSetting.all(of: resolved) {
                output.append(json ? line.json : Array(line.text(withOrigin: origin).utf8))
                output.append([UInt8(ascii: "\n")])
            }
            output.flush()
            try resolved.check()
            return .done
        }
    }
}

/// A setting or quirk as `config show` prints it.
struct ShownSetting {
    let name: String
    /// None: it is not set.
    let values: [String]
    let isList: Bool
    let origin: SettingOrigin

    /// All of them, in the order of the tables.
    static func all(of resolved: ResolvedSettings) -> [ShownSetting] {
        let settings = zip(ServeSetting.all, resolved.origins).map { entry, origin in
            ShownSetting(
                name: entry.setting.name, values: entry.setting.values(in: resolved.settings),
                isList: entry.setting.isList, origin: origin)
        }
        let quirks = zip(RelayNodeSettings.quirks, resolved.quirkOrigins).map { quirk, origin in
            ShownSetting(
                name: "quirk.\(quirk.name)",
                values: [quirk.value(in: resolved.settings.relay.node)], isList: false,
                origin: origin)
        }
        return settings + quirks
    }

    func text(withOrigin: Bool) -> String {
        let value = values.isEmpty ? "-" : values.joined(separator: ", ")
        return "\(name) = \(value)" + (withOrigin ? "  (\(origin))" : "")
    }

    /// `{"name":"port","value":"5235","origin":"built-in"}`; a list has an array, and what is not set
    /// has null.
    var json: [UInt8] {
        var json = Array(#"{"name":"#.utf8)
        JSONStrings.append(name, to: &json)
        json += Array(#","value":"#.utf8)
        if isList {
            json.append(UInt8(ascii: "["))
            for (index, value) in values.enumerated() {
                if index > 0 { json.append(UInt8(ascii: ",")) }
                JSONStrings.append(value, to: &json)
            }
            json.append(UInt8(ascii: "]"))
        } else if let value = values.first {
            JSONStrings.append(value, to: &json)
        } else {
            json += Array("null".utf8)
        }
        json += Array(#","origin":"#.utf8)
        JSONStrings.append(origin.description, to: &json)
        return json + Array("}".utf8)
    }
}
