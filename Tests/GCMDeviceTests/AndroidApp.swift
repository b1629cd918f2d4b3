@testable import GCMDevice

/// An Android app that notes what it is told.
final class AndroidApp: GCMListener {
    enum Told: Hashable, Sendable {
        case sent(String)
        case error(String, String)
    }

    let told = Diary<Told>()

    func onMessageSent(_ messageID: String) {
        told.write(.sent(messageID))
    }

    func onSendError(_ messageID: String, _ error: String) {
        told.write(.error(messageID, error))
    }
}
