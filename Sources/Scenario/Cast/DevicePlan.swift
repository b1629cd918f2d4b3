package import CloudMessaging

/// A device with one app on it.
package struct DevicePlan: Hashable, Sendable {
    package var app: Category
    /// App servers that the app writes to; the first is the one that it means if it names none.
    package var senders: [SenderID]
    package var client = DeviceClient.android
    package var pendingLimit = PendingLimit.ofClient
    package var whenFull = WhenFull.fail
    package var quirks: [QuirkChoice] = []

    package init(app: Category, senders: [SenderID]) {
        self.app = app
        self.senders = senders
    }
}

/// Which client library the app is written against.
package enum DeviceClient: String, Sendable, CaseIterable {
    case android, ios
}

/// How many messages an app may have pending.
package enum PendingLimit: Hashable, Sendable {
    /// Android 20, iOS without a limit.
    case ofClient
    case none
    case count(Int)
}

/// What happens to a message beyond the limit.
package enum WhenFull: String, Sendable, CaseIterable {
    /// The library refuses it: `TooManyMessages`.
    case fail
    /// The app keeps it until there is room.
    case wait
}
