import ArgumentParser
import CloudMessaging

/// Values of flags that several commands have.
package enum FlagValue {
    /// A pair of a message's data; what follows the first `=` is the value.
    package static func pair(_ text: String) throws -> (String, String) {
        guard let sign = text.firstIndex(of: "=") else {
            throw ValidationError("\"\(text)\" is not KEY=VALUE")
        }
        return (String(text[..<sign]), String(text[text.index(after: sign)...]))
    }

    /// - Parameter flag: with its dashes, for the message.
    package static func duration(
        _ text: String, of flag: String
    ) throws(CommandFailure) -> Duration {
        guard let duration = DurationText.parse(text) else {
            throw CommandFailure(.usage, "\(flag) \"\(text)\" is not \(DurationText.form)")
        }
        return duration
    }
}
