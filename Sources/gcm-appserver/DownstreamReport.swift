import CloudMessaging
import Command
import GCMAppServer

/// What became of a downstream message.
typealias DownstreamResult = Result<GCMAppServer.Acceptance, GCMAppServer.SendError>

extension GCMAppServer {
    /// Sends a message; the answer as a value.
    func answer(to message: DownstreamMessage) async -> DownstreamResult {
        do {
            return .success(try await send(message))
        } catch {
            return .failure(error)
        }
    }
}

/// How people and scripts are told what became of a downstream message.
struct DownstreamReport {
    private let result: DownstreamResult

    init(_ result: DownstreamResult) {
        self.result = result
    }

    /// Prints the relay's answer; what is none goes to standard error.
    func print(on output: EventOutput) {
        switch result {
        case .success(let acceptance):
            output.print([EventLine(acceptance, at: .now)])
        case .failure(let error):
            if let nack = error.nack {
                output.print([EventLine(nack, to: error.messageID, at: .now)])
            } else if error.code != .stopped {
                Talk.say("gcm-appserver: message \(error.messageID): \(error.description)")
            }
        }
    }

    /// What `send` ends with.
    var status: ExitStatus {
        switch result {
        case .success: .done
        case .failure(let error):
            switch error.code {
            case .refused: .failed
            case .invalidMessage: .usage
            case .loginRefused, .stopped: .unavailable
            default: .timeout
            }
        }
    }
}
