@testable import GCMDevice

/// An Android app that notes what it is told.
final class AndroidApp: GCMListener {
    enum Told: Hashable, Sendable {
        case sent(String)
        case error(String, String)
    }

    enum Received: Sendable {
        case message(from: String, GCMBundle)
        case deleted
    }

    let told = Diary<Told>()
    let received = Diary<Received>()

    func onMessageSent(_ messageID: String) {
        told.write(.sent(messageID))
    }

    func onSendError(_ messageID: String, _ error: String) {
        told.write(.error(messageID, error))
    }

    func onMessageReceived(from: String, data: GCMBundle) {
        received.write(.message(from: from, data))
    }

    func onDeletedMessages() {
        received.write(.deleted)
    }
}
