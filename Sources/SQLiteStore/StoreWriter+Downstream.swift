internal import CloudMessaging
internal import GRDB
internal import MessageStore
internal import SQLiteSupport

/// The downstream changes of a batch.
extension StoreWriter {
    func change(_ changes: DownstreamChanges, results: inout StoreResults) throws {
        guard !changes.isEmpty else { return }
        try update(changes.subscriptions)
        let groups = GroupWriter(database: database)
        results.groupChanges = try changes.groupChanges.map { try groups.change($0) }
        let mailboxes = try MailboxWriter(database, onWire: changes.onWire)
        try changes.forEachDeposit(
            toOne: {
                results.deposits.append(try mailboxes.deposit($0.template, at: $0.key))
            },
            toTopics: { results.topicDeposits.append(try self.deposit($0, in: mailboxes)) })
        try mailboxes.remove(changes.removals)
        try tell(changes.deletionsTold)
    }

    // MARK: Topics

    private func update(_ subscriptions: [TopicSubscription]) throws {
        guard !subscriptions.isEmpty else { return }
        let insertion = try PreparedStatement(
            """
            INSERT INTO subscription (registration, topic)
            SELECT number, ?2 FROM registration WHERE number = ?1 AND is_active
            ON CONFLICT DO NOTHING
            """, in: database)
        let removal = try PreparedStatement(
            "DELETE FROM subscription WHERE registration = ?1 AND topic = ?2", in: database)
        for subscription in subscriptions {
            let statement = subscription.isSubscribed ? insertion : removal
            try statement.bind(subscription.registration, at: 1)
            try statement.bind(subscription.topic, at: 2)
            try statement.run()
        }
    }

    private func deposit(
        _ deposit: TopicDeposit, in mailboxes: MailboxWriter
    ) throws -> TopicDepositResult {
        var reached: [Int64] = []
        var failed: [RegistrationToken] = []
        switch deposit.audience {
        case .subscribers(let condition):
            reached = try audience(of: condition, sender: deposit.template.sender)
        case .group(let key, let exception, let throttled):
            try StoreReader(database).forEachMember(of: key) { registration, isActive, token in
                guard registration != exception else { return }
                if isActive, !throttled.contains(registration) {
                    reached.append(registration)
                } else {
                    failed.append(token)
                }
            }
        }
        var overflow = MailboxOverflow()
        for registration in reached where !deposit.isDryRun {
            let key = MailboxKey(registration: registration, sequence: deposit.sequence)
            overflow.add(try mailboxes.deposit(deposit.template, at: key))
        }
        return TopicDepositResult(subscribers: reached, failed: failed, overflow: overflow)
    }

    /// Sender IDs have no spaces and are separated by them: a list with one at either end holds an
    /// ID between two.
    private func audience(
        of condition: TopicCondition, sender: SenderNumber
    ) throws -> [Int64] {
        let subscribers = try PreparedStatement(
            """
            SELECT registration.number
            FROM sender CROSS JOIN subscription
            CROSS JOIN registration ON registration.number = subscription.registration
            WHERE sender.number = ?1 AND subscription.topic = ?2 AND registration.is_active
                AND instr(' ' || registration.senders || ' ', ' ' || sender.sender_id || ' ')
            """, in: database)
        try subscribers.bind(Int64(sender.rawValue), at: 1)
        let everyone = try PreparedStatement(
            """
            SELECT registration.number FROM sender CROSS JOIN registration
            WHERE sender.number = ?1 AND registration.is_active
                AND instr(' ' || registration.senders || ' ', ' ' || sender.sender_id || ' ')
            """, in: database)
        try everyone.bind(Int64(sender.rawValue), at: 1)
        return try condition.audience(
            subscribers: { topic in
                try subscribers.bind(topic, at: 2)
                return try Self.numbers(subscribers)
            },
            everyone: { try Self.numbers(everyone) })
    }

    private static func numbers(_ statement: PreparedStatement) throws -> Set<Int64> {
        var numbers: Set<Int64> = []
        try statement.forEachRow { numbers.insert($0.int64(0)) }
        return numbers
    }

    // MARK: Deletions

    private func tell(_ notices: [DeletionNotice]) throws {
        guard !notices.isEmpty else { return }
        let statement = try PreparedStatement(
            "UPDATE deletion SET told = max(told, min(?2, dropped)) WHERE registration = ?1",
            in: database)
        for notice in notices {
            try statement.bind(notice.registration, at: 1)
            try statement.bind(Int64(notice.through), at: 2)
            try statement.run()
        }
    }

    // MARK: Registry

    /// Forgets all that belongs to a registration but itself.
    func empty(_ registration: Int64) throws {
        for table in ["delivery", "deletion", "subscription"] {
            let statement = try PreparedStatement(
                "DELETE FROM \(table) WHERE registration = ?", in: database)
            try statement.bind(registration, at: 1)
            try statement.run()
        }
    }

    func insert(_ tokens: [SupersededToken]) throws {
        guard !tokens.isEmpty else { return }
        let statement = try PreparedStatement(
            "REPLACE INTO superseded_token (token, registration) VALUES (?, ?)", in: database)
        for superseded in tokens {
            try statement.bind(superseded.token.text, at: 1)
            try statement.bind(superseded.registration, at: 2)
            try statement.run()
        }
    }
}
