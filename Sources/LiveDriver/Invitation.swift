package import CloudMessaging
package import Journal

/// What an app server under test needs to know to come to a play.
package struct Invitation: Sendable {
    package let name: Participant
    package let host: String
    package let port: Int
    /// The file with the CA that it has to trust.
    package let authorityFile: String
    package let sender: SenderID
    package let apiKey: String
}
