import CloudMessaging
import GCMDevice
import Synchronization

/// What the app of a resident device was told: written by the device's thread, read by requests.
final class ResidentLog: Sendable {
    /// What the app handed over.
    struct Message: Sendable {
        let id: MessageID
        let sender: SenderID
        let data: DataPayload
        /// Seconds; nil: the longest.
        let timeToLive: Int?
    }

    struct Standing: Sendable {
        fileprivate(set) var token: RegistrationToken?
        fileprivate(set) var isOnline = false
        fileprivate(set) var trouble: String?
        /// Without an outcome, oldest first.
        fileprivate(set) var pending: [Message] = []
        /// The last ones.
        fileprivate var failures: [(id: MessageID, name: String)] = []

        func isPending(_ id: MessageID) -> Bool { pending.contains { $0.id == id } }

        /// The error that a message ended with.
        func failure(of id: MessageID) -> String? { failures.last { $0.id == id }?.name }

        fileprivate mutating func end(_ id: MessageID) {
            guard let index = pending.firstIndex(where: { $0.id == id }) else { return }
            pending.remove(at: index)
        }
    }

    private static let failuresKept = 20
    private let state = Mutex(Standing())

    var standing: Standing { state.withLock { $0 } }

    /// A message is handed over.
    func begin(_ message: Message) {
        state.withLock { state in
            state.failures.removeAll { $0.id == message.id }
            state.pending.append(message)
        }
    }

    /// It was not taken.
    func end(_ id: MessageID) { state.withLock { $0.end(id) } }

    func noteTrouble(_ reason: String) { state.withLock { $0.trouble = reason } }

    func note(_ event: AppEvent) {
        state.withLock { state in
            switch event {
            case .registered(let token, _): state.token = RegistrationToken(token)
            case .registrationRefused(let refusal): state.trouble = refusal.description
            case .online: (state.isOnline, state.trouble) = (true, nil)
            case .offline(let reason): (state.isOnline, state.trouble) = (false, reason)
            case .sent(let ids): ids.compactMap { MessageID($0) }.forEach { state.end($0) }
            case .failed(let text, let failure):
                guard let id = MessageID(text) else { return }
                state.end(id)
                state.failures.append((id, failure.androidName))
                state.failures = state.failures.suffix(Self.failuresKept)
            case .accepted, .tokenRefreshed, .joinedGroup, .received, .messagesDeleted: break
            }
        }
    }
}
