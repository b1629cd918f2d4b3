/// What a device tells whoever looks after it, apart from its apps.
public enum GCMDeviceStatus: Hashable, Sendable {
    /// The device is connected to its relay.
    case online
    /// The connection is gone.
    case offline
    /// Why a connection ended, or did not come up. The device tries again until it is told to
    /// disconnect, and waits longer each time, 30 s at most.
    case connectionLost(reason: String)
    /// The relay does not know the device. It checks in again, under a new identity and with new
    /// tokens, and keeps its pending messages.
    case identityRefused(reason: String)
    /// The relay gives an app no token; the reason is the error's name and the relay's sentence.
    case registrationRefused(app: String, reason: String)
    /// The relay sent something that no app of the device can get.
    case messageDropped(reason: String)
    /// The state file cannot be written. New messages are refused meanwhile; the rest is repeated.
    case stateFileFailed(reason: String)
}
