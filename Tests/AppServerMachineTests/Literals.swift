import AppServerMachine
import CloudMessaging

// What makes the conversations short: 1 is connection #1, 0.5 is half a second after the epoch,
// "phone/m-1" is message m-1 of the phone, both as a pair and as a message that carries `{}`.

extension AppServerConnectionID: ExpressibleByIntegerLiteral {
    package init(integerLiteral number: Int) { self.init(number) }
}

extension Instant: ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral {
    package init(floatLiteral seconds: Double) {
        self.init(nanoseconds: Int64(seconds * 1e9))
    }

    package init(integerLiteral seconds: Int64) {
        self.init(nanoseconds: seconds * 1_000_000_000)
    }
}

extension MessagePair: ExpressibleByStringLiteral {
    package init(stringLiteral text: String) {
        let parts = text.split(separator: "/")
        guard parts.count == 2, let id = MessageID(String(parts[1]))
        else { preconditionFailure("a pair is written token/id") }
        self.init(token: RegistrationToken(String(parts[0])), id: id)
    }
}

extension ReceivedMessage: ExpressibleByStringLiteral {
    package init(stringLiteral text: String) { self.init(text) }

    init(_ pair: MessagePair, _ data: [(key: String, value: String)] = []) {
        self.init(
            pair, category: "com.example.pigeon", data: DataPayload(data), timeToLive: 60)
    }

    private init(_ text: String) { self.init(MessagePair(stringLiteral: text)) }
}

extension DownstreamRequestID: ExpressibleByIntegerLiteral {
    package init(integerLiteral number: Int) { self.init(number) }
}

/// 7 is request 7 for message d-7 to the phone.
extension DownstreamRequest: ExpressibleByIntegerLiteral {
    package init(integerLiteral number: Int) { self.init(number) }

    init(_ number: Int, to target: String = "phone", messageID: String? = nil) {
        guard let messageID = MessageID(messageID ?? "d-\(number)")
        else { preconditionFailure("no message ID") }
        self.init(
            id: DownstreamRequestID(number), OutgoingMessage(to: .to(target), id: messageID))
    }
}

extension DownstreamAnswer {
    static func ack(_ id: String, from: String? = "phone") -> DownstreamAnswer {
        DownstreamAnswer(messageID: id, from: from, .accepted(.init()))
    }

    static func nack(_ id: String, _ error: String, from: String? = "phone") -> DownstreamAnswer {
        DownstreamAnswer(messageID: id, from: from, .refused(.nack(error)))
    }
}

extension DownstreamRefusal {
    static func nack(_ error: String) -> DownstreamRefusal {
        DownstreamRefusal(DownstreamError(nack: error), "why")
    }
}

extension DownstreamOutcome {
    static let ack = DownstreamOutcome.accepted(DownstreamAcceptance())
}

extension [AppServerAction] {
    /// What of it goes to the relay.
    var toRelay: [AppServerAction] {
        filter {
            switch $0 {
            case .connect, .acknowledge, .acknowledgeReceipt, .request, .close: true
            default: false
            }
        }
    }
}
