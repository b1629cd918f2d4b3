/// The form of stanzas on the app-server port; the meaning is the same in both (contract, "Wire").
package enum Profile: String, Sendable, CaseIterable {
    /// As captured from the real service: what every real app server tried accepts.
    case observed
    /// As drawn in the public documentation: `<message id="">`.
    case docs
}
