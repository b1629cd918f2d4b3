package import CloudMessaging

/// Why an app server may not log in.
package enum LoginRefusal: Sendable, Hashable {
    case unknownSender
    /// The key is the sender ID of a project, and the other way round.
    case exchanged
    case wrongKey
    /// The right key, with blanks around it.
    case keyWithBlanks
    /// The key belongs to another project.
    case keyOf(SenderID)
}
