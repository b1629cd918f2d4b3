package import CloudMessaging
import Journal
import MessageStore
import NetworkRuntime
import Nodes

/// The apps on devices that the relay knows.
extension RelayControl {
    /// Whose token it is; nil: nobody's, or that of a group.
    package func registration(of token: RegistrationToken) async throws -> Registration? {
        let record = try await runtime.withStore { store in
            var batch = StoreBatch()
            batch.tokenLoads = [token]
            return store.execute(batch).tokens.first ?? nil
        }
        guard case .registration(let registration) = record else { return nil }
        return registration
    }

    /// Active registrations with higher numbers, by number, at most so many.
    package nonisolated func registrations(
        after number: Int64, limit: Int
    ) async throws -> [Registration] {
        let limit = max(1, min(limit, Self.pageLimit))
        return try await runtime.withStore { try $0.registrations(after: number, limit: limit) }
    }

    /// Which of these devices are online, in their order.
    package nonisolated func areOnline(_ devices: [DeviceID]) async throws -> [Bool] {
        try await runtime.withNode { $0.areOnline(devices) }
    }

    /// What lies in the mailbox of a registration, oldest first, at most a page.
    package func mailbox(of registration: Int64) async throws -> [MessageRecord] {
        try await readJournal()
        let start = KeptPage.Place.downstream(
            after: MailboxKey(registration: registration, sequence: 0))
        let page = try await keptPage(from: start, limit: Self.pageLimit)
        let kept = page.messages.filter { message in
            guard case .downstream(let message) = message else { return false }
            return message.key.registration == registration
        }
        let unknown = try await records(of: kept)
        let records = kept.compactMap { message in
            book[message.number] ?? unknown.first { $0.number == message.number }
        }
        // The store learns of an end a moment later.
        return records.filter { !$0.hasEnded }
    }

    /// The relay's number of the latest message that a device sent under an ID; nil: the journal
    /// does not remember it.
    package func number(of id: MessageID, from token: RegistrationToken) async throws -> Int64? {
        try await rememberedMessages().last {
            $0.direction == .upstream && $0.messageID == id && $0.from == token
        }?.number
    }
}
