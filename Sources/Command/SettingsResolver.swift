import Foundation

/// Finds what somebody wrote for each setting of a command: flag, then environment, then file
/// (contract: "Programs").
package struct SettingsResolver: Sendable {
    private let prefix: String
    private let environment: [String: String]
    private let file: SettingsFile?

    /// - Parameter command: as it is typed: `gcm-relay serve`.
    package init(
        command: String, file: SettingsFile?,
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) {
        prefix = Self.variableName(command) + "_"
        self.file = file
        self.environment = environment
    }

    /// The values of the first of the three that has any; none: what is built in holds.
    ///
    /// - Parameter isList: in a variable the members of a list are separated by commas.
    package func texts(_ name: String, flags: [String], isList: Bool) -> [SettingText] {
        layers(name, flags: flags, isList: isList).last { !$0.isEmpty } ?? []
    }

    /// The values of file, environment and flags: what comes later wins.
    package func layers(_ name: String, flags: [String], isList: Bool) -> [[SettingText]] {
        let variable = prefix + Self.variableName(name)
        let set = environment[variable].map { text in
            isList ? text.split(separator: ",").map(String.init) : [text]
        }
        return [
            file?.values(name) ?? [],
            (set ?? []).map { SettingText($0, .variable(variable)) },
            flags.map { SettingText($0, .flag) },
        ]
    }

    /// `gcm-relay serve` → `GCM_RELAY_SERVE`
    private static func variableName(_ text: String) -> String {
        String(text.uppercased().map { $0.isLetter || $0.isNumber ? $0 : "_" })
    }
}
