/// What an iOS app tells ``GCMService`` when it starts.
public struct GCMConfig: Sendable {
    /// The device that the app runs on; other apps may run there, too.
    public var device: GCMDevice
    /// The bundle ID; the app server finds it as `category`, 1…255 bytes.
    public var bundleIdentifier: String
    /// Who is told what becomes of the app's messages. Kept as long as the service.
    public var receiverDelegate: (any GCMReceiverDelegate)?

    /// - Parameter bundleIdentifier: 1…255 bytes without characters that XML 1.0 forbids.
    public init(
        device: GCMDevice, bundleIdentifier: String,
        receiverDelegate: (any GCMReceiverDelegate)? = nil
    ) {
        self.device = device
        self.bundleIdentifier = bundleIdentifier
        self.receiverDelegate = receiverDelegate
    }
}
