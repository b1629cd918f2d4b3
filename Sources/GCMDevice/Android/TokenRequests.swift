internal import Synchronization

/// Who waits for a registration token of an Android app.
final class TokenRequests: Sendable {
    typealias Outcome = Result<String, GoogleCloudMessagingError>

    private struct Request {
        let number: Int
        let senders: [String]
        let continuation: CheckedContinuation<Outcome, Never>
    }

    private struct State {
        var lastNumber = 0
        var requests: [Request] = []
    }

    private let state = Mutex(State())

    /// Notes a request; its number ends it alone.
    func add(
        senders: [String], _ continuation: CheckedContinuation<Outcome, Never>
    ) -> Int {
        state.withLock { state in
            state.lastNumber += 1
            state.requests.append(
                Request(number: state.lastNumber, senders: senders, continuation: continuation))
            return state.lastNumber
        }
    }

    /// The app has a token for these senders.
    func registered(_ token: String, senders: [String]) {
        end(.success(token)) { request in request.senders.allSatisfy(senders.contains) }
    }

    func fail(_ number: Int, _ error: GoogleCloudMessagingError) {
        end(.failure(error)) { $0.number == number }
    }

    func failAll(_ error: GoogleCloudMessagingError) {
        end(.failure(error)) { _ in true }
    }

    private func end(_ outcome: Outcome, where isEnded: (Request) -> Bool) {
        let ended = state.withLock { state in
            let ended = state.requests.filter(isEnded)
            state.requests.removeAll(where: isEnded)
            return ended
        }
        for request in ended { request.continuation.resume(returning: outcome) }
    }
}
