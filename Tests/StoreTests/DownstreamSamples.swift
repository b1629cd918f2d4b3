import CloudMessaging
import MessageStore
import Testing

extension Sample {
    static func template(
        id: String = "d-1", topic: String? = nil, collapseKey: String? = nil, sender: Int32 = 0,
        content: [UInt8] = Array("{}".utf8), expiry: Int64 = 1_000_000
    ) throws -> DownstreamTemplate {
        DownstreamTemplate(
            sender: SenderNumber(rawValue: sender), id: try #require(MessageID(id)),
            topic: topic.flatMap { TopicName($0) }, collapseKey: collapseKey, content: content,
            timeToLive: 60,
            expiry: Instant(nanoseconds: expiry))
    }

    static func deposit(
        _ sequence: Int64, to registration: Int64 = 1, collapseKey: String? = nil,
        expiry: Int64 = 1_000_000
    ) throws -> DownstreamMessage {
        DownstreamMessage(
            sequence: sequence, registration: try Sample.registration(registration),
            template: try template(
                id: "d-\(sequence)", collapseKey: collapseKey, expiry: expiry))
    }
}

extension StoreBatch {
    /// A device with so many apps, all of them registered with senders 0 and 1.
    static func registered(_ count: Int64 = 1) throws -> StoreBatch {
        var batch = StoreBatch()
        batch.newSenders = try (0..<3).map(Sample.sender)
        batch.newDevices = [Sample.device()]
        batch.registrations = try (1...count).map { try Sample.registration($0) }
        return batch
    }

    /// - Parameter onWire: up to where registration 1 has it on the wire.
    static func depositing(_ deposits: DownstreamMessage..., onWire: Int64 = 0) -> StoreBatch {
        depositing(deposits, onWire: onWire)
    }

    static func depositing(_ deposits: [DownstreamMessage], onWire: Int64 = 0) -> StoreBatch {
        var batch = StoreBatch()
        batch.downstream.deposits = deposits
        if onWire > 0 { batch.downstream.onWire[1] = onWire }
        return batch
    }

    /// Non-collapsible messages to one registration, by their sequences.
    static func depositing(
        _ sequences: ClosedRange<Int64>, to registration: Int64 = 1, onWire: Int64 = 0
    ) throws -> StoreBatch {
        depositing(
            try sequences.map { try Sample.deposit($0, to: registration) }, onWire: onWire)
    }

    static func telling(_ notice: DeletionNotice) -> StoreBatch {
        var batch = StoreBatch()
        batch.downstream.deletionsTold = [notice]
        return batch
    }

    static func readingMailbox(
        _ registration: Int64 = 1, after: Int64 = 0, limit: Int = 1_000
    ) -> StoreBatch {
        var batch = StoreBatch()
        batch.mailboxReads = [MailboxRead(registration: registration, after: after, limit: limit)]
        return batch
    }

    static func asking(_ tokens: String...) -> StoreBatch {
        var batch = StoreBatch()
        batch.tokenLoads = tokens.map(RegistrationToken.init)
        return batch
    }
}

extension MessageStore {
    func mailbox(
        _ registration: Int64 = 1, after: Int64 = 0, limit: Int = 1_000
    ) -> MailboxContent {
        execute(.readingMailbox(registration, after: after, limit: limit)).mailboxes.first
            ?? MailboxContent()
    }

    /// The sequences in a mailbox, in the order in which the store returns them.
    func mailboxSequences(
        _ registration: Int64 = 1, after: Int64 = 0, limit: Int = 1_000
    ) -> [Int64] {
        mailbox(registration, after: after, limit: limit).messages.map(\.key.sequence)
    }

    func registration(of token: String) -> Registration? {
        guard case .registration(let registration) = execute(.asking(token)).tokens.first ?? nil
        else { return nil }
        return registration
    }
}
