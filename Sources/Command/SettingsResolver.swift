import CloudMessaging
import Foundation

/// Finds the value of each setting of a command: flag, then environment, then file, then what is
/// built in (contract: "Programs").
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

    /// One value; `parse` gives nil for a text that is none, `form` says what was expected.
    package func value<Value>(
        _ name: String, flag: Value?, default builtIn: Value, form: String,
        parse: (String) -> Value?
    ) throws(CommandFailure) -> Value {
        if let flag { return flag }
        guard let (texts, place, status) = found(name) else { return builtIn }
        guard texts.count == 1, let value = parse(texts[0]) else {
            throw CommandFailure(
                status, "\(place): \"\(texts.joined(separator: ", "))\" is not \(form)",
                remedy: "it sets --\(name)")
        }
        return value
    }

    /// A value that may be absent.
    package func optional<Value>(
        _ name: String, flag: Value?, form: String, parse: (String) -> Value?
    ) throws(CommandFailure) -> Value? {
        try value(name, flag: flag.map(Optional.some), default: nil, form: form) {
            parse($0).map(Optional.some)
        }
    }

    /// A list; in the environment its members are separated by commas.
    package func list<Value>(
        _ name: String, flags: [Value], form: String, parse: (String) -> Value?
    ) throws(CommandFailure) -> [Value] {
        guard flags.isEmpty, let (texts, place, status) = found(name) else { return flags }
        var values: [Value] = []
        for text in texts {
            guard let value = parse(text) else {
                throw CommandFailure(
                    status, "\(place): \"\(text)\" is not \(form)", remedy: "it sets --\(name)")
            }
            values.append(value)
        }
        return values
    }

    private func found(_ name: String) -> (texts: [String], place: String, ExitStatus)? {
        let variable = prefix + Self.variableName(name)
        if let text = environment[variable] {
            let texts = text.split(separator: ",").map(String.init)
            return (texts.isEmpty ? [""] : texts, "the variable \(variable)", .usage)
        }
        guard let (values, place) = file?.values(name) else { return nil }
        return (values, place, .badData)
    }

    /// `gcm-relay serve` → `GCM_RELAY_SERVE`
    private static func variableName(_ text: String) -> String {
        String(text.uppercased().map { $0.isLetter || $0.isNumber ? $0 : "_" })
    }
}
