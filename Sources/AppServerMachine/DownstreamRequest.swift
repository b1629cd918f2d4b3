package import CloudMessaging

/// The name of a request between the driver, which counts them up, and the machine.
package struct DownstreamRequestID: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let rawValue: Int

    package init(_ rawValue: Int) {
        self.rawValue = rawValue
    }

    package static func < (left: DownstreamRequestID, right: DownstreamRequestID) -> Bool {
        left.rawValue < right.rawValue
    }

    package var description: String { "request \(rawValue)" }
}

/// A downstream request that is to have one answer.
package struct DownstreamRequest: Hashable, Sendable {
    package var id: DownstreamRequestID
    package let messageID: MessageID
    /// What the answer's `from` repeats.
    package let target: String
    /// The JSON to write, the same at every try.
    package let json: [UInt8]

    package init(id: DownstreamRequestID, messageID: MessageID, target: String, json: [UInt8]) {
        self.id = id
        self.messageID = messageID
        self.target = target
        self.json = json
    }

    package init(id: DownstreamRequestID, _ message: OutgoingMessage) {
        let target =
            switch message.target {
            case .to(let text), .condition(let text): text
            }
        self.init(id: id, messageID: message.id, target: target, json: message.json)
    }

    package static func == (left: DownstreamRequest, right: DownstreamRequest) -> Bool {
        left.id == right.id && left.json == right.json
    }

    /// The ID names it.
    package func hash(into hasher: inout Hasher) {
        hasher.combine(id)
    }
}
