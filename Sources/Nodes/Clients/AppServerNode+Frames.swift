package import AppServerMachine
package import CloudMessaging
import XMPPSessions

// What an app server writes past its own machine: the clients that a relay meets have bugs, and a
// play has to show them.

extension AppServerNode {
    /// The connections that are bound, in the order in which they were opened.
    package var openConnections: [AppServerConnectionID] {
        uplinksInOrder.filter(\.isOpenForStanzas).map(\.id)
    }

    /// Writes a stanza with this text in its `<gcm>`, whether or not it is JSON.
    ///
    /// - Parameter messageID: of the stanza; nil: none.
    package func write(json: [UInt8], messageID: MessageID?, on id: AppServerConnectionID) {
        write(to: id) { $0.write(json: json, messageID: messageID) }
        perform { _, _ in }
    }

    /// Writes bytes as they are.
    package func write(bytes: [UInt8], on id: AppServerConnectionID) {
        write(to: id) { $0.output += bytes }
        perform { _, _ in }
    }
}
