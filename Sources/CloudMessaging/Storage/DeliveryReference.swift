/// Names a downstream message that an app was told, so that a repeat is recognised.
///
/// Message IDs are unique per sender at best (protocol sheet §3.1): two senders may use the same.
package struct DeliveryReference: Hashable, Sendable {
    package let category: Category
    /// `DeliveredMessage.from`
    package let from: Origin
    package let id: MessageID

    /// Who sent a message, identified by its bytes.
    package struct Origin: ByteIdentified {
        package let text: String

        package init(_ text: String) {
            self.text = text
        }
    }

    package init(category: Category, from: String, id: MessageID) {
        self.category = category
        self.from = Origin(from)
        self.id = id
    }

    package init(_ message: DeliveredMessage) {
        self.init(category: message.category, from: message.from, id: message.id)
    }
}
