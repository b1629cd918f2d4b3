import NetworkRuntime
import RelayMachine

/// The relay's counters in the text form of Prometheus (exposition format 0.0.4).
enum Metrics {
    static func text(_ status: RelayStatus) -> String {
        let counters = status.counters
        return [
            counter("accepted", "Uploads that became messages", counters.accepted),
            counter("duplicates", "Uploads that were known already", counters.duplicates),
            counter("refused", "Uploads that got an error", counters.refused),
            counter("attempts", "Transmissions to app servers", counters.attempts),
            counter("redeliveries", "Transmissions beyond the first", counters.redeliveries),
            counter("settled", "Messages that an app server ACKed", counters.settled),
            counter("expired", "Messages whose time to live ended", counters.expired),
            counter(
                "discarded", "Messages given up without an ACK (--redelivery never)",
                counters.discarded),
            counter(
                "rejected_acks", "ACKs on a connection that did not carry the message",
                counters.rejectedAcknowledgements),
            counter("bad_acks", "ACKs that named nothing", status.badAcknowledgements),
            counter("commits", "Transactions with messages", counters.commits),
            counter(
                "committed_messages", "Messages in those transactions",
                counters.committedMessages),
            counter("requests", "Downstream requests", counters.requests),
            counter("requests_accepted", "Requests answered by ACK", counters.acceptedRequests),
            counter("nacks", "Requests answered by NACK", counters.nacks),
            counter("deliveries", "Transmissions to devices", counters.deliveries),
            counter("delivered", "Messages that a device acknowledged", counters.delivered),
            counter(
                "deliveries_expired", "Messages to devices whose time to live ended",
                counters.deliveriesExpired),
            counter(
                "deliveries_dropped", "Messages to devices dropped from a full mailbox",
                counters.deliveriesDropped),
            counter("receipts", "Delivery receipts for app servers", counters.receipts),
            gauge("queued", "Messages that wait", counters.queued),
            gauge("in_flight", "Messages on the wire without an ACK", counters.inFlight),
            gauge("connections", "App-server connections that are bound", status.connections),
            gauge("devices", "Devices that are online", status.devices),
        ].joined()
    }

    private static func counter(_ name: String, _ help: String, _ value: Int) -> String {
        sample("gcm_relay_\(name)_total", "counter", help, value)
    }

    private static func gauge(_ name: String, _ help: String, _ value: Int) -> String {
        sample("gcm_relay_\(name)", "gauge", help, value)
    }

    private static func sample(
        _ name: String, _ type: String, _ help: String, _ value: Int
    ) -> String {
        "# HELP \(name) \(help)\n# TYPE \(name) \(type)\n\(name) \(value)\n"
    }
}
