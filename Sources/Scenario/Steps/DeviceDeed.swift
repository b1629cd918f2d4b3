package import CloudMessaging

/// What a device does, or what befalls it.
package enum DeviceDeed: Equatable, Sendable {
    case goesOnline
    case goesOffline
    case sends(UpstreamPlan)
    /// The app asks for a token; going online does so too if it has none.
    case registers
    case asks(AppRequest)
    /// The app is gone, with what it had pending; the relay learns of it when it delivers.
    case uninstalls
    /// The process is gone at once; what its outbox had committed stays.
    case crashes
    /// The process starts again, and goes online if it was.
    case restarts
    /// As a crash, and what was not committed is lost.
    case losesPower
}

/// Messages that an app hands to its library.
package struct UpstreamPlan: Equatable, Sendable {
    /// One message for each, in this order. An ID that no message may have is handed over, too.
    package var ids: [String]
    /// Between two of them; the step is done with the first, the others follow by themselves.
    package var every: Duration?
    /// Whom it is for; nil: no address at all.
    package var to: SenderAddress?
    /// In the order of the file.
    package var data: [DataPair]
    /// Nil: as long as the service allows.
    package var timeToLive: Duration?

    package init(
        ids: [String], to: SenderAddress?, data: [DataPair] = [], timeToLive: Duration? = nil,
        every: Duration? = nil
    ) {
        self.ids = ids
        self.to = to
        self.data = data
        self.timeToLive = timeToLive
        self.every = every
    }

    /// The payload as JSON, with values of every type.
    package var payload: DataPayload { DataPayload(pairs: data) }
}

/// The `to` of an upstream message.
package enum SenderAddress: Equatable, Sendable {
    case sender(SenderID)
    /// As it is, good or bad.
    case text(String)

    /// What the app writes.
    package var text: String {
        switch self {
        case .sender(let sender): "\(sender)@gcm.googleapis.com"
        case .text(let text): text
        }
    }
}

/// A key of a payload with its value.
package struct DataPair: Equatable, Sendable {
    package let key: String
    package let value: DataValue

    package init(key: String, value: DataValue) {
        self.key = key
        self.value = value
    }
}

/// A value of a payload; what is no text only an app on iOS can hand over.
package enum DataValue: Equatable, Sendable {
    case text(String)
    /// As JSON writes it: `17`, `true`, `null`.
    case literal(String)
}

extension DataPayload {
    init(pairs: [DataPair]) {
        var object = JSONObjectWriter()
        for pair in pairs {
            switch pair.value {
            case .text(let text): object.add(pair.key, text)
            case .literal(let literal): object.add(pair.key, json: Array(literal.utf8))
            }
        }
        object.end()
        self.init(json: object.bytes)
    }
}
