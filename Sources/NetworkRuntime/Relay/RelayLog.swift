import CloudMessaging
import Faults
import Journal
import Logging
import Nodes
import RelayMachine
import XMPP
import XMPPSessions

/// What the relay says to whoever reads its log: one sentence each, and the same facts as fields.
///
/// Words of peers go into both, so nothing leaves here with a character that could begin a line of
/// its own or steer a terminal.
final class RelayLog: RelayObserver {
    private let logger: Logger

    init(logger: Logger) {
        self.logger = logger
    }

    // MARK: Connections

    func bound(_ id: ConnectionID, _ sender: SenderID, _ jid: String) {
        say(
            .info,
            "app server \(jid) connected",
            metadata: fields(event: "connection.bound", connection: id, sender: sender))
    }

    func checkedIn(_ device: DeviceID, _ id: DeviceStreamID) {
        say(.info, "device \(device) checked in", metadata: ["event": "device.checked-in"])
    }

    func disconnected(_ id: ConnectionID, _ sender: SenderID?, reason: TransportClosing) {
        say(
            reason.isFault ? .warning : .info,
            "\(reason)",
            metadata: fields(event: "connection.closed", connection: id, sender: sender))
    }

    func disconnected(_ id: DeviceStreamID, reason: TransportClosing) {
        say(
            reason.isFault ? .warning : .info, "\(id): \(reason)",
            metadata: ["event": "device.disconnected"])
    }

    /// An app server broke a rule.
    func refused(_ id: ConnectionID, _ sender: SenderID?, _ diagnosis: Diagnosis) {
        say(
            .warning,
            "\(diagnosis)",
            metadata: fields(event: diagnosis.event, connection: id, sender: sender))
    }

    /// A device broke a rule.
    func refused(_ id: DeviceStreamID, _ diagnosis: Diagnosis) {
        say(.warning, "\(id): \(diagnosis)", metadata: ["event": "\(diagnosis.event)"])
    }

    /// An app server is sent away because it said nothing.
    func idle(_ id: ConnectionID, _ sender: SenderID?) {
        say(
            .info, "closed: it sent nothing, not even a blank, for --quirk idle-timeout",
            metadata: fields(event: "connection.idle", connection: id, sender: sender))
    }

    // MARK: Faults

    func bitten(_ step: JournalEvent, by bites: [FaultBite]) -> UInt64? {
        for bite in bites {
            let id = step.messageID.map { " \($0)" } ?? ""
            say(
                .info, "fault \(bite.fault): \(bite.deed.name.rawValue) \(step.kind.rawValue)\(id)",
                metadata: fields(
                    event: "fault", connection: ConnectionID(step.connection ?? 0),
                    sender: step.sender, message: step.messageID))
        }
        return nil
    }

    // MARK: Messages

    func transmitted(
        _ message: UpstreamMessage, to id: ConnectionID, attempt: Int, timeout: Duration?
    ) {
        // Later attempts have their reason: they come as notes.
        guard attempt == 1 else { return }
        say(
            .debug,
            "attempt \(attempt)",
            metadata: fields(
                event: "upstream.attempt", connection: id, message: message.id, attempt: attempt))
    }

    func note(_ note: RelayNote) {
        switch note {
        case .redelivered(let message, let id, let attempt, let cause):
            say(
                .info,
                "attempt \(attempt) (\(cause))",
                metadata: fields(
                    event: "upstream.attempt", connection: id, message: message.id,
                    attempt: attempt))
        case .discarded(let message, let id):
            say(
                .warning,
                "discarded: the connection was lost without an ACK (--redelivery never)",
                metadata: fields(
                    event: "upstream.discarded", connection: id, message: message.id))
        case .uselessAcknowledgement(let pair, let fault, let id):
            let diagnosis = Diagnosis.acknowledgement(pair, fault)
            say(
                .warning,
                "\(diagnosis)",
                metadata: fields(event: diagnosis.event, connection: id, message: pair.id))
        case .refusedRequest(let message, let addressee, let error, let reason, let id):
            let diagnosis = Diagnosis.request(message, to: addressee, error, reason)
            say(
                error.isOurs ? .info : .warning,
                "\(diagnosis)",
                metadata: fields(event: diagnosis.event, connection: id, message: message))
        case .draining(let id, let cause, let grace):
            say(
                .info,
                """
                draining (\(cause)): it gets nothing new, and is closed when its ACKs are in, \
                after \(grace.inSeconds) at the latest
                """,
                metadata: fields(event: "connection.draining", connection: id))
        case .mailboxesOverflowed(let template, let addressee, let mailboxes, let messages):
            say(
                .warning,
                overflow(of: template, addressee, mailboxes: mailboxes, messages: messages),
                metadata: [
                    "event": "mailbox.overflow", "message_id": "\(template.id.text.printable)",
                ])
        case .refusedUpload(_, _, let refusal, let stream):
            say(
                .warning,
                """
                \(stream): upload \(refusal.id?.text ?? "without ID") refused \
                (\(refusal.error.androidName)): \(refusal.reason)
                """,
                metadata: ["event": "upload.refused"])
        case .storeFailed(let failure):
            say(
                .error,
                "the store takes nothing, devices wait: \(failure.description)",
                metadata: ["event": "store.failed"])
        case .storeUnsteady(let failure):
            say(
                .error,
                """
                the store takes some and refuses some; the next line says when that is over: \
                \(failure.description)
                """,
                metadata: ["event": "store.failed"])
        case .storeRecovered:
            say(.notice, "the store works again", metadata: ["event": "store.recovered"])
        case .rowDamaged(let row):
            say(
                .error,
                "the store is damaged, and goes on without this: \(row)",
                metadata: ["event": "store.damaged"])
        }
    }

    private func overflow(
        of template: DownstreamTemplate, _ addressee: Registration?, mailboxes: Int, messages: Int
    ) -> String {
        let place =
            addressee.map { "the mailbox of \($0.category) on device \($0.device)" }
            ?? "\(mailboxes) of the mailboxes that it is for"
        return "message \(template.id.text.quoted) was too many for \(place): \(messages) messages "
            + "were dropped and each app is told how many; at most \(Limits.messagesPerMailbox) "
            + "without a collapse key wait for a device that is offline or acknowledges too little"
    }

    /// The sentence is made only if somebody reads it.
    private func say(
        _ level: Logger.Level, _ sentence: @autoclosure () -> String,
        metadata: @autoclosure () -> Logger.Metadata
    ) {
        logger.log(level: level, "\(sentence().printable)", metadata: metadata())
    }

    private func fields(
        event: String, connection: ConnectionID, sender: SenderID? = nil,
        message: MessageID? = nil, attempt: Int? = nil
    ) -> Logger.Metadata {
        var fields: Logger.Metadata = ["event": "\(event)", "connection": "\(connection)"]
        if let sender { fields["sender_id"] = "\(sender)" }
        if let message { fields["message_id"] = "\(message.text.printable)" }
        if let attempt { fields["attempt"] = "\(attempt)" }
        return fields
    }
}

extension Diagnosis {
    /// The `event` of its line.
    fileprivate var event: String {
        switch self {
        case .login: "login.refused"
        case .acknowledgement: "ack.rejected"
        case .request: "request.refused"
        case .messageType, .frame, .stream: "stanza.refused"
        }
    }
}

extension RetryCause: CustomStringConvertible {
    package var description: String {
        switch self {
        case .connectionLost: "connection lost"
        case .noAcknowledgement(let delay):
            "no ack for \(delay.inSeconds)"
        }
    }
}

extension DownstreamError {
    /// Whether the app server did nothing wrong.
    fileprivate var isOurs: Bool {
        switch self {
        case .serviceUnavailable, .internalServerError, .connectionDraining: true
        case .invalidJSON, .badRegistration, .deviceUnregistered, .badAcknowledgement,
            .deviceMessageRateExceeded, .topicsMessageRateExceeded, .invalidAPNSCredential:
            false
        }
    }
}

extension DrainCause: CustomStringConvertible {
    package var description: String {
        switch self {
        case .age: "it is as old as --quirk session-max-age allows"
        case .order: "as ordered"
        case .shutdown: "the relay ends"
        }
    }
}

extension Duration {
    /// In seconds, to the millisecond: `10s`, `0.8s`.
    fileprivate var inSeconds: String {
        let milliseconds = Int(self / .milliseconds(1))
        let (seconds, rest) = milliseconds.quotientAndRemainder(dividingBy: 1_000)
        guard rest != 0 else { return "\(seconds)s" }
        var digits = String(String(1_000 + rest).dropFirst())
        while digits.last == "0" { digits.removeLast() }
        return "\(seconds).\(digits)s"
    }
}
