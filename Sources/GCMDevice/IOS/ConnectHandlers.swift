internal import Synchronization

/// Who waits for a connection of an iOS app.
final class ConnectHandlers: Sendable {
    typealias Handler = @Sendable (GCMServiceError?) -> Void

    private struct State {
        var isConnected = false
        var waiting: [Handler] = []
    }

    private let state = Mutex(State())

    /// False, and the handler called, when the device is connected already.
    func add(_ handler: @escaping Handler) -> Bool {
        let isConnected = state.withLock { state in
            if !state.isConnected { state.waiting.append(handler) }
            return state.isConnected
        }
        if isConnected { handler(GCMServiceError(.alreadyConnected)) }
        return !isConnected
    }

    func connected() {
        settle(isConnected: true, nil)
    }

    func failed(_ reason: String) {
        settle(isConnected: false, GCMServiceError(.network, reason: reason))
    }

    private func settle(isConnected: Bool, _ error: GCMServiceError?) {
        let handlers = state.withLock { state in
            defer { state.waiting = [] }
            state.isConnected = isConnected
            return state.waiting
        }
        for handler in handlers { handler(error) }
    }
}
