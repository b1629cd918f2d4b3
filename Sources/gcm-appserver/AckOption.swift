import ArgumentParser
import CloudMessaging
import Command
import GCMAppServer

/// `--ack always|never|skip:N|after:DURATION`
struct AckOption: ExpressibleByArgument {
    let acknowledgement: GCMAppServer.Acknowledgement

    static let always = AckOption(acknowledgement: .always)

    init(acknowledgement: GCMAppServer.Acknowledgement) {
        self.acknowledgement = acknowledgement
    }

    init?(argument: String) {
        let parts = argument.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        let value = parts.count == 2 ? String(parts[1]) : nil
        switch (parts[0], value) {
        case ("always", nil):
            acknowledgement = .always
        case ("never", nil):
            acknowledgement = .never
        case ("skip", let text?):
            guard let count = Int(text), count >= 0 else { return nil }
            acknowledgement = .skip(count)
        case ("after", let text?):
            guard let delay = DurationText.parse(text) else { return nil }
            acknowledgement = .after(delay)
        default:
            return nil
        }
    }

    var defaultValueDescription: String { "always" }
}
