package import CloudMessaging
package import Journal
import MessageStore
import NetworkRuntime
import Nodes
import RelayMachine

/// What people and their tools ask of a running relay, and have it do.
///
/// Nothing here is on the way of a message. The relay's event loop and its store thread are asked
/// for pages; whatever is looked for is looked for here.
package actor RelayControl {
    let runtime: RelayRuntime
    let journalLimit: Int
    private(set) var book: MessageBook

    /// Most that a page may have.
    package static let pageLimit = 1_000
    /// Events that are taken from the journal at a time.
    private static let eventsAtATime = 1_000

    init(runtime: RelayRuntime, journalLimit: Int) {
        self.runtime = runtime
        self.journalLimit = journalLimit
        book = MessageBook(limit: max(journalLimit, 1))
    }

    // MARK: The journal

    /// Events after a number, at most `pageLimit`; empty without a journal.
    package nonisolated func events(
        after number: UInt64, limit: Int = pageLimit
    ) async throws -> Journal.Page {
        let limit = min(limit, Self.pageLimit)
        let page = try await runtime.journal { $0.events(after: number, limit: limit) }
        return page ?? Journal(limit: 0).events()
    }

    /// The number of the newest event; 0: nothing happened, or there is no journal.
    package nonisolated func lastEvent() async throws -> UInt64 {
        try await runtime.journal { $0.lastNumber } ?? 0
    }

    /// Every event that the journal has, and whether it has forgotten any.
    package nonisolated func allEvents() async throws -> (events: [JournalEvent], hasGap: Bool) {
        var events: [JournalEvent] = []
        var hasGap = false
        while true {
            let last = events.last?.number ?? 0
            let page = try await self.events(after: last)
            hasGap = hasGap || page.hasGap
            guard !page.events.isEmpty else { return (events, hasGap) }
            events += page.events
        }
    }

    /// Returns when the journal has more, when the time is over, or when the relay ends.
    package nonisolated func journalGrows(
        after number: UInt64, within time: Duration
    ) async throws {
        try await runtime.journalGrows(after: number, within: time)
    }

    /// Forgets all events.
    package func clearJournal() async throws {
        try await readJournal()
        _ = try await runtime.journal { $0.clear() }
        book = MessageBook(limit: max(journalLimit, 1), readUpTo: book.lastEvent)
    }

    /// Brings the book up to date.
    func readJournal() async throws {
        while true {
            let last = book.lastEvent
            let page = try await events(after: last, limit: Self.eventsAtATime)
            // Somebody else may have read on meanwhile.
            guard book.lastEvent == last else { continue }
            guard !page.events.isEmpty else { return }
            book.read(page)
        }
    }

    // MARK: Messages

    /// A page of messages: those that the journal remembers by number, then those that only the
    /// store has.
    ///
    /// - Parameters:
    ///   - place: where the last page said that the next begins; nil: at the beginning.
    ///   - limit: at most so many; there may be fewer, even none, on a page that is not the last.
    package func messages(
        from place: MessagePlace? = nil, limit: Int,
        where isWanted: @Sendable (MessageRecord) -> Bool = { _ in true }
    ) async throws -> MessagePage {
        let limit = max(1, min(limit, Self.pageLimit))
        try await readJournal()
        var page = MessagePage()
        switch place ?? .remembered(after: 0) {
        case .remembered(let number):
            let found = book.records(after: number, limit: .max)
            for record in found where isWanted(record) {
                guard page.messages.count < limit else {
                    page.next = page.messages.last.map { .remembered(after: $0.number) }
                    return page
                }
                page.messages.append(record)
            }
            return try await fill(page, from: .start, limit: limit, where: isWanted)
        case .stored(let place):
            return try await fill(page, from: place, limit: limit, where: isWanted)
        }
    }

    /// Adds what only the store has; looks at so many rows at most.
    private func fill(
        _ page: MessagePage, from place: KeptPage.Place, limit: Int,
        where isWanted: (MessageRecord) -> Bool
    ) async throws -> MessagePage {
        var page = page
        var place: KeptPage.Place? = place
        for _ in 0..<Self.storePages {
            guard let from = place else { break }
            // No more rows than there is room for: a page ends where one of the store's ends.
            let room = limit - page.messages.count
            guard room > 0 else { break }
            let kept = try await keptPage(from: from, limit: room)
            page.messages += try await records(of: kept.messages).filter(isWanted)
            place = kept.next
        }
        page.next = place.map { .stored($0) }
        return page
    }

    /// How many pages of the store one page of messages may cost.
    private static let storePages = 20

    func keptPage(from place: KeptPage.Place, limit: Int) async throws -> KeptPage {
        try await runtime.withStore { try $0.page(from: place, limit: limit) }
    }

    /// Of messages in the store, those that the journal knows nothing of.
    func records(of messages: [KeptMessage]) async throws -> [MessageRecord] {
        let unknown = messages.filter { book[$0.number] == nil }
        guard !unknown.isEmpty else { return [] }
        return try await runtime.withNode { node in
            zip(unknown, node.standings(of: unknown)).compactMap { message, standing in
                standing.map {
                    MessageRecord(message, sender: node.senderID(message.sender), standing: $0)
                }
            }
        }
    }

    /// The message of a number, or else the latest with that ID; nil: there is none.
    package func message(_ name: String) async throws -> MessageRecord? {
        try await readJournal()
        if let number = Int64(name), number > 0, String(number) == name {
            if let record = book[number] { return record }
            let kept = try await runtime.withStore { try $0.messages(numbered: number) }
            if let record = try await records(of: Array(kept.prefix(1))).first { return record }
        }
        let isNamed = { @Sendable (record: MessageRecord) in
            record.messageID?.text.hasSameBytes(as: name) == true
        }
        if let record = book.all().last(where: isNamed) { return record }
        var place: MessagePlace? = .stored(.start)
        while let from = place {
            let page = try await messages(from: from, limit: Self.pageLimit, where: isNamed)
            if let record = page.messages.last { return record }
            place = page.next
        }
        return nil
    }

    /// Every message that the journal remembers, by number.
    package func rememberedMessages() async throws -> [MessageRecord] {
        try await readJournal()
        return book.all()
    }

    /// Ends all messages, or those of a sender, and forgets what the journal has of them; devices,
    /// registrations and connections stay. Returns how many were ended.
    package func discardMessages(of sender: SenderID? = nil) async throws -> Int {
        var count = 0
        var place: KeptPage.Place? = .start
        while let from = place {
            let page = try await keptPage(from: from, limit: Self.pageLimit)
            count += try await runtime.withNode { node in
                let meant = page.messages.filter { message in
                    sender == nil || node.senderID(message.sender) == sender
                }
                return node.end(meant, as: .discarded)
            }
            place = page.next
        }
        return count
    }

    /// Forgets what the journal has, or what it has of a sender.
    package func forget(_ sender: SenderID?) async throws {
        guard let sender else { return try await clearJournal() }
        try await readJournal()
        _ = try await runtime.journal { journal in
            journal.removeAll { $0.sender == sender }
        }
        book.forget { $0.sender == sender }
    }
}

/// Messages, and where the next page begins.
package struct MessagePage: Sendable {
    package internal(set) var messages: [MessageRecord] = []
    /// Nil: this page was the last.
    package internal(set) var next: MessagePlace?
}

/// Where a page of messages begins; as text for whoever asks for pages.
package enum MessagePlace: Hashable, Sendable, CustomStringConvertible {
    case remembered(after: Int64)
    case stored(KeptPage.Place)

    package var description: String {
        switch self {
        case .remembered(let number): "journal-\(number)"
        case .stored(.upstream(let number)): "up-\(number)"
        case .stored(.downstream(let key)): "down-\(key.registration)-\(key.sequence)"
        }
    }

    /// Nil: no place is called so.
    package init?(_ text: String) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        let numbers = parts.dropFirst().compactMap { Int64($0) }.filter { $0 >= 0 }
        guard numbers.count == parts.count - 1 else { return nil }
        switch (parts.first, numbers.count) {
        case ("journal", 1): self = .remembered(after: numbers[0])
        case ("up", 1): self = .stored(.upstream(after: numbers[0]))
        case ("down", 2):
            self = .stored(
                .downstream(after: MailboxKey(registration: numbers[0], sequence: numbers[1])))
        default: return nil
        }
        guard description == text else { return nil }
    }
}

extension MessageRecord {
    /// A message that only the store knows.
    init(_ message: KeptMessage, sender: SenderID, standing: MessageStanding) {
        number = message.number
        self.sender = sender
        switch message {
        case .upstream(let message):
            (subject, direction) = (.upstream(message), .upstream)
        case .downstream(let message):
            (subject, direction) = (.downstream(message), .downstream)
        }
        switch standing {
        case .held: state = .held
        case .queued(let attempts):
            state = .queued
            self.attempts = attempts
        case .inFlight(let attempts, let connection):
            state = .inFlight
            self.attempts = attempts
            self.connection = connection.rawValue
        }
    }
}
