package import CloudMessaging

/// Takes over quirks as they are written: `NAME=VALUE`.
package struct QuirkReader<Settings: Sendable>: Sendable {
    private let quirks: [Quirk<Settings>]

    package init(_ quirks: [Quirk<Settings>]) {
        self.quirks = quirks
    }

    /// - Returns: the quirk's name.
    package func apply(
        _ setting: SettingText, to settings: inout Settings
    ) throws(CommandFailure) -> String {
        let parts = setting.text.split(
            separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2 else {
            throw setting.failure(
                of: "quirk", "\"\(setting.text)\" is not NAME=VALUE",
                remedy: quirks.first.map { "such as \($0.name)=\($0.values.last ?? "")" })
        }
        let (name, value) = (String(parts[0]), String(parts[1]))
        guard let quirk = quirks.first(where: { $0.name == name }) else {
            throw setting.failure(
                of: "quirk", "unknown quirk \"\(name)\"",
                remedy: Suggestion.sentence(for: name, among: quirks.map(\.name)))
        }
        guard quirk.apply(value, to: &settings) else {
            let nearest = Suggestion.nearest(to: value, among: quirk.values)
            throw setting.failure(
                of: "quirk",
                "\"\(value)\" is no value of \(name); it has \(quirk.values.joined(separator: ", "))",
                remedy: nearest.map { "did you mean \"\(name)=\($0)\"?" })
        }
        return name
    }
}
