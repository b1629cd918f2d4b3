import CloudMessaging
import MessageStore
import Testing

@Suite("Stores agree")
struct StoreAgreementTests {
    @Test(
        "Memory and file answer alike, whatever is asked", arguments: 1...8 as ClosedRange<UInt64>)
    func randomBatches(seed: UInt64) throws {
        var source = try RandomBatches(seed: seed)
        let lives = [StoreLives(.memory), StoreLives(.sqlite)]
        var stores = try lives.map { try $0.next().store }
        _ = execute(source.beginning, on: stores)
        for step in 1...60 {
            let batch = try source.next()
            let results = execute(batch, on: stores)
            try #require(results.0 == results.1, "seed \(seed), step \(step)")
            let state = execute(source.questions, on: stores)
            try #require(state.0 == state.1, "seed \(seed), after step \(step)")
            source.learn(from: stores[0].execute(source.questions))
            if source.pick(3) == 0 {
                // As after an unknown outcome.
                let again = execute(batch, on: stores)
                try #require(again.0 == again.1, "seed \(seed), repeated step \(step)")
                let unchanged = execute(source.questions, on: stores)
                try #require(unchanged.0 == state.0, "seed \(seed), after repeated step \(step)")
                try #require(unchanged.1 == state.1, "seed \(seed), after repeated step \(step)")
            }
            if source.pick(20) == 0 {
                let next = try lives.map { try $0.next() }
                stores = next.map(\.store)
                let (memory, file) = (next[0].snapshot, next[1].snapshot)
                try #require(memory.nextExpiry == file.nextExpiry, "seed \(seed), step \(step)")
                #expect(memory.firstSequence == file.firstSequence)
                #expect(memory.firstRegistration == file.firstRegistration)
            }
        }
        #expect(source.sawOverflow, "seed \(seed) fills no mailbox: the walk tests too little")
    }

    private func execute(
        _ batch: StoreBatch, on stores: [any MessageStore]
    ) -> (String, String) {
        (stores[0].mustDo(batch).account, stores[1].mustDo(batch).account)
    }
}

/// Batches of every kind, as the seed has it.
private struct RandomBatches {
    private static let apps: Int64 = 4
    private static let collapseKeys = ["a", "b", "e\u{301}", "\u{E9}", "", "f", "g"]
    private static let topics = ["t", "u", "v"]

    private var entropy: Entropy
    private var sequence: Int64 = 0
    private var now: Int64 = 0
    private var tokens: [String] = (1...apps).map { "token-\($0)" }
    private var keys = ["nobody's"]
    private var notices: [DeletionNotice] = []
    private(set) var sawOverflow = false
    let beginning: StoreBatch

    init(seed: UInt64) throws {
        entropy = Entropy(seed: seed)
        beginning = try .registered(Self.apps)
    }

    mutating func pick(_ count: Int) -> Int { Int(entropy.next() % UInt64(count)) }

    private mutating func pick<Element>(from elements: [Element]) -> Element {
        elements[pick(elements.count)]
    }

    private mutating func anyApp() -> Int64 { Int64(1 + pick(Int(Self.apps))) }

    /// All there is to know of a store.
    var questions: StoreBatch {
        var batch = StoreBatch.reading()
        batch.deviceLoads = [DeviceID(1)]
        batch.tokenLoads = (tokens + keys).map(RegistrationToken.init)
        batch.mailboxReads = (1...Self.apps).map {
            MailboxRead(registration: $0, after: 0, limit: 10_000)
        }
        return batch
    }

    mutating func learn(from results: StoreResults) {
        notices = results.mailboxes.compactMap(\.deletion) + notices.prefix(3)
        sawOverflow = sawOverflow || !notices.isEmpty
    }

    mutating func next() throws -> StoreBatch {
        now += 10
        let before = sequence
        var batch = StoreBatch()
        batch.mailboxReads = [
            MailboxRead(
                registration: anyApp(), after: Int64(pick(Int(before) + 1)), limit: pick(9))
        ]
        for app in 1...Self.apps where pick(2) == 0 {
            batch.downstream.onWire[app] = max(0, before - Int64(pick(100)))
        }
        for _ in 0..<pick(50) {
            sequence += 1
            switch pick(12) {
            case 0:
                batch.downstream.topicDeposits.append(
                    TopicDeposit(audience(), sequence: sequence, template: try template()))
            case 1:
                batch.messages.append(
                    try Sample.message(
                        sequence, origin: Sample.registration(anyApp()), expiry: expiry()))
            default:
                batch.downstream.deposits.append(try deposit())
            }
        }
        for _ in 0..<pick(4) {
            // Often of this very batch: its repetition puts them in again.
            let age = Int64(pick(pick(2) == 0 ? 30 : Int(sequence) + 1))
            batch.downstream.removals.append(
                MailboxKey(registration: anyApp(), sequence: sequence - age))
        }
        if pick(3) == 0 { batch.downstream.deletionsTold = Array(notices.prefix(pick(3))) }
        if pick(3) == 0 { batch.expireBefore = Instant(nanoseconds: now) }
        for _ in 0..<pick(4) {
            batch.downstream.subscriptions.append(
                TopicSubscription(
                    topic: pick(from: Self.topics), registration: anyApp(),
                    isSubscribed: pick(3) > 0))
        }
        for _ in 0..<pick(3) { batch.downstream.groupChanges.append(try groupChange()) }
        if pick(6) == 0 { try changeRegistration(in: &batch) }
        return batch
    }

    private mutating func audience() -> Audience {
        switch pick(3) {
        case 0:
            .group(
                RegistrationToken(pick(from: keys)), except: pick(2) == 0 ? anyApp() : nil,
                throttled: sequence % 3 == 0 ? [1 + sequence % Self.apps] : [])
        default: .subscribers(condition(depth: 2))
        }
    }

    private mutating func groupChange() throws -> GroupChange {
        let kind: GroupChange.Kind
        if pick(5) > 1 {
            let key = "key-\(keys.count)"
            keys.append(key)
            kind = .join(newKey: RegistrationToken(key))
        } else {
            kind = .leave
        }
        return GroupChange(
            sender: SenderNumber(rawValue: Int32(pick(2))),
            name: try #require(GroupName(pick(from: ["e\u{301}", "\u{E9}"]))),
            registration: Int64(1 + pick(Int(Self.apps) + 1)), kind)
    }

    private mutating func deposit() throws -> DownstreamMessage {
        // Most go to one app, so that its mailbox overflows.
        let app = pick(3) == 0 ? anyApp() : 1
        return DownstreamMessage(
            sequence: sequence, registration: try Sample.registration(app),
            template: try template())
    }

    private mutating func template() throws -> DownstreamTemplate {
        try Sample.template(
            id: "d-\(sequence)", topic: sequence % 4 == 0 ? Self.topics[Int(sequence) % 3] : nil,
            collapseKey: pick(3) == 0 ? pick(from: Self.collapseKeys) : nil, sender: Int32(pick(3)),
            expiry: expiry())
    }

    private mutating func expiry() -> Int64 { now + Int64(pick(20) == 0 ? pick(30) : pick(900)) }

    private mutating func condition(depth: Int) -> TopicCondition {
        switch depth == 0 ? 0 : pick(4) {
        case 1: .and(condition(depth: depth - 1), condition(depth: depth - 1))
        case 2: .or(condition(depth: depth - 1), condition(depth: depth - 1))
        case 3: .not(condition(depth: depth - 1))
        default: .topic(pick(from: Self.topics))
        }
    }

    private mutating func changeRegistration(in batch: inout StoreBatch) throws {
        let app = anyApp()
        let token = "token-\(tokens.count + 1)"
        tokens.append(token)
        batch.registrations = [
            try Sample.registration(
                app, token: token, senders: pick(from: [[0], [0, 1], [1]]), isActive: pick(4) > 0)
        ]
        if pick(2) == 0 {
            batch.supersededTokens = [
                SupersededToken(
                    token: RegistrationToken(pick(from: tokens)), registration: anyApp())
            ]
        }
    }
}

extension StoreResults {
    /// All of it in words, to be compared.
    fileprivate var account: String {
        var lines = lanes.joined().map { "\($0.key.rawValue) \($0.id) \($0.pair.token)" }
        lines += devices.flatMap { $0?.registrations.map(\.account) ?? ["unknown"] }
        lines += tokens.map { record in
            switch record {
            case .registration(let found)?: found.account
            case .group(let group)?: "group \(group.sender.rawValue) \(group.members)"
            case nil: "unknown"
            }
        }
        for content in mailboxes {
            lines.append("\(content.deletion as Any)")
            lines += content.messages.map { message in
                let token = message.registration.token
                return "\(message.key.registration) \(message.key.sequence) \(message.id) \(token) "
                    + "\(message.collapseKey ?? "-") \(message.topic?.text ?? "-") "
                    + "\(message.expiry.nanoseconds)"
            }
        }
        lines += deposits.map { "\($0)" } + topicDeposits.map { "\($0)" }
        lines += groupChanges.map { "\($0)" }
        lines += expired.map { "\($0)" } + expiredDeposits.map { "\($0)" }
        lines.append("\(nextExpiry as Any)")
        return lines.joined(separator: "\n")
    }
}

extension Registration {
    fileprivate var account: String {
        "\(number) \(token) \(senders.map(\.text)) \(isActive)"
    }
}
