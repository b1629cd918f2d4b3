package import CloudMessaging
package import RelayMachine
package import XMPP

/// Why a login was refused. Keys and security tokens are never in it.
package enum LoginFault: Sendable, Equatable {
    /// The user is no sender ID.
    case noSenderID(String)
    /// The user is no device ID.
    case noDeviceID(String)
    /// Somebody wants to act for somebody else.
    case authorizationID(String)
    case mechanism(String)
    /// The PLAIN message cannot be read.
    case unreadable(SASLPlainError)
    /// The sender may not log in with this key.
    case refused(SenderID, LoginRefusal)
    /// The sender was to be refused, whatever its key.
    case onPurpose(SenderID)
    /// The device is unknown, or its security token is another.
    case unknownDevice
}
