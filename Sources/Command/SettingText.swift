/// Where the value of a setting came from.
package enum SettingOrigin: Sendable, Hashable, CustomStringConvertible {
    case flag
    case variable(String)
    /// `FILE:LINE:COLUMN`
    case file(String)
    /// A set of quirks that `--profile` names.
    case profile(String)
    case builtIn

    package var description: String {
        switch self {
        case .flag: "flag"
        case .variable(let name): "variable \(name)"
        case .file(let place): place
        case .profile(let name): "profile \(name)"
        case .builtIn: "built-in"
        }
    }
}

/// A value of a setting as somebody wrote it.
package struct SettingText: Sendable, Hashable {
    package let text: String
    package let origin: SettingOrigin

    package init(_ text: String, _ origin: SettingOrigin) {
        self.text = text
        self.origin = origin
    }

    /// Says what is wrong with the value, and where it stands.
    ///
    /// - Parameter setting: the setting's name, without dashes.
    package func failure(
        of setting: String, _ problem: String, remedy: String? = nil
    ) -> CommandFailure {
        switch origin {
        case .file(let place):
            CommandFailure(
                .badData, "\(place): \(problem)", remedy: remedy ?? "it sets --\(setting)")
        case .variable(let name):
            CommandFailure(
                .usage, "the variable \(name): \(problem)",
                remedy: remedy ?? "it sets --\(setting)")
        case .flag, .profile, .builtIn:
            CommandFailure(.usage, "--\(setting): \(problem)", remedy: remedy)
        }
    }
}
