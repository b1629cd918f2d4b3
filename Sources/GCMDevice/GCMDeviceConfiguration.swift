internal import CloudMessaging
internal import DeviceMachine

/// How a device reaches its relay and what it keeps.
public struct GCMDeviceConfiguration: Hashable, Sendable {
    /// Whose client library the device plays.
    public enum Platform: String, Hashable, Sendable, CaseIterable {
        /// At most 20 pending messages for each app, as the guide says.
        case android
        /// No limit: the documentation names none for iOS.
        case ios
    }

    /// Host name or IP address of the relay; its certificate must be valid for it.
    public var relayHost: String
    /// The relay's device port.
    public var relayPort: Int
    /// PEM file with the CA that signed the relay's certificate; no other CA is trusted.
    public var trustedCAFile: String
    /// The file that keeps the device's identity, tokens and pending messages; nil: they are kept
    /// in memory and end with the device.
    public var stateFile: String?
    /// Messages that each app may have pending: taken by the library and not yet answered by the
    /// relay; nil: no limit. Messages with a time to live of 0 do not count.
    public var pendingLimit: Int?
    /// `onMessageSent` and `didSendDataMessage` are called when so many messages of an app were
    /// taken by the relay …
    public var sentBatch: Int
    /// … or when the first of them has waited so long.
    public var sentDelay: Duration
    /// What the library does where the sources of the protocol disagree.
    public var quirks = DeviceQuirks()
    /// Pause after an attempt to connect that failed; it doubles from attempt to attempt, give or
    /// take a fifth, up to 30 s.
    public var firstReconnectDelay: Duration
    /// Rules all randomness of the device: the names of its uploads and the jitter of its
    /// reconnections. Each life of a state file draws anew from it.
    public var seed: UInt64

    /// - Parameters:
    ///   - platform: sets `pendingLimit`: 20 on Android, none on iOS.
    ///   - trustedCAFile: the `ca.pem` that the relay names when it is ready.
    public init(
        platform: Platform = .android, relayHost: String = "localhost", relayPort: Int = 5228,
        trustedCAFile: String, stateFile: String? = nil
    ) {
        self.relayHost = relayHost
        self.relayPort = relayPort
        self.trustedCAFile = trustedCAFile
        self.stateFile = stateFile
        pendingLimit = platform == .android ? Limits.pendingPerApp : nil
        sentBatch = Limits.sentCallbackBatch
        sentDelay = .seconds(1)
        firstReconnectDelay = DeviceSettings().reconnect.first
        seed = .random(in: 0...UInt64.max)
    }

    var machineSettings: DeviceSettings {
        var settings = DeviceSettings(
            pendingLimit: pendingLimit, sentBatch: max(1, sentBatch),
            sentDelay: max(.zero, sentDelay))
        settings.reconnect.first = firstReconnectDelay
        settings.stripsReservedKeys = quirks.reservedKeys == .strip
        settings.batchesErrors = quirks.batchedCallbacks == .sentAndError
        return settings
    }
}
