import Command
import GCMAppServer

extension CommandFailure {
    /// What ends a command when the app server cannot run.
    init(_ error: GCMAppServerError) {
        switch error.code {
        case .missingTrust:
            self.init(
                .unavailable, error.description,
                remedy: "start gcm-relay serve first, or name the file of another relay with --ca")
        case .unusableTrust:
            self.init(.badData, error.description)
        case .loginRefused:
            self.init(.unavailable, error.description)
        case .invalidConfiguration:
            self.init(.usage, error.description)
        default:
            self.init(.software, error.description)
        }
    }
}
