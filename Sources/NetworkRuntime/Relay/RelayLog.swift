import CloudMessaging
import Logging
import RelayMachine

/// What the relay says to whoever reads its log: one sentence each, and the same facts as fields.
struct RelayLog: Sendable {
    let logger: Logger

    // MARK: Connections

    func bound(_ id: ConnectionID, _ sender: SenderID, _ jid: String) {
        logger.info(
            "app server \(jid) connected",
            metadata: fields(event: "connection.bound", connection: id, sender: sender))
    }

    func loginRefused(_ id: ConnectionID, reason: String) {
        logger.warning(
            "login refused: \(reason)", metadata: fields(event: "login.refused", connection: id))
    }

    func loginRefused(_ id: DeviceStreamID, reason: String) {
        logger.warning(
            "login on \(id) refused: \(reason)", metadata: ["event": "login.refused"])
    }

    func checkedIn(_ device: DeviceID, _ id: DeviceStreamID) {
        logger.info("device \(device) checked in", metadata: ["event": "device.checked-in"])
    }

    func disconnected(_ id: ConnectionID, _ sender: SenderID?, reason: TransportClosing) {
        logger.info(
            "\(reason)",
            metadata: fields(event: "connection.closed", connection: id, sender: sender))
    }

    func disconnected(_ id: DeviceStreamID, reason: TransportClosing) {
        logger.info("\(id): \(reason)", metadata: ["event": "device.disconnected"])
    }

    /// A peer broke a rule.
    func complaint(_ id: ConnectionID, _ sender: SenderID?, _ reason: String) {
        logger.warning(
            "\(reason)",
            metadata: fields(event: "stanza.refused", connection: id, sender: sender))
    }

    func complaint(_ id: DeviceStreamID, _ reason: String) {
        logger.warning("\(id): \(reason)", metadata: ["event": "stanza.refused"])
    }

    // MARK: Messages

    func transmitted(_ message: UpstreamMessage, to id: ConnectionID, attempt: Int) {
        // Later attempts have their reason: they come as notes.
        guard attempt == 1 else { return }
        logger.debug(
            "attempt \(attempt)",
            metadata: fields(
                event: "upstream.attempt", connection: id, message: message.id, attempt: attempt))
    }

    func note(_ note: RelayNote) {
        switch note {
        case .redelivered(let message, let id, let attempt, let cause):
            logger.info(
                "attempt \(attempt) (\(cause))",
                metadata: fields(
                    event: "upstream.attempt", connection: id, message: message.id,
                    attempt: attempt))
        case .discarded(let message, let id):
            logger.warning(
                "discarded: the connection was lost without an ACK (--redelivery never)",
                metadata: fields(
                    event: "upstream.discarded", connection: id, message: message.id))
        case .uselessAcknowledgement(let pair, let id):
            logger.warning(
                """
                ACK for a message that this connection did not carry; ACK on the connection that \
                it came on, with "to" and "message_id" as in the message
                """,
                metadata: fields(event: "ack.rejected", connection: id, message: pair.id))
        case .refusedUpload(let upload, let error, let reason, let stream):
            logger.warning(
                """
                \(stream): upload \(upload?.text ?? "without ID") refused \
                (\(error.androidName)): \(reason)
                """,
                metadata: ["event": "upload.refused"])
        case .storeFailed(let failure):
            logger.error(
                "the store takes nothing, devices wait: \(failure.description)",
                metadata: ["event": "store.failed"])
        case .storeRecovered:
            logger.notice("the store works again", metadata: ["event": "store.recovered"])
        }
    }

    private func fields(
        event: String, connection: ConnectionID, sender: SenderID? = nil,
        message: MessageID? = nil, attempt: Int? = nil
    ) -> Logger.Metadata {
        var fields: Logger.Metadata = ["event": "\(event)", "connection": "\(connection)"]
        if let sender { fields["sender_id"] = "\(sender)" }
        if let message { fields["message_id"] = "\(message)" }
        if let attempt { fields["attempt"] = "\(attempt)" }
        return fields
    }
}

extension RetryCause: CustomStringConvertible {
    package var description: String {
        switch self {
        case .connectionLost: "connection lost"
        case .noAcknowledgement(let delay):
            "no ack for \(delay.components.seconds)s"
        }
    }
}
