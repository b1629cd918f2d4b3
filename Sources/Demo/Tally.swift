import RealPrograms

/// What the programs said so far: what went out, what came in, what was answered.
struct Tally: Sendable {
    /// A message as an app server sees it.
    private struct Arrival: Hashable {
        let token: String
        let content: MessageContent
    }

    private struct Pair: Hashable {
        let token: String
        let messageID: [UInt8]
    }

    private(set) var registered: [String: CourierDay.Sender] = [:]
    private(set) var sent = 0
    private(set) var deliveries = 0
    private(set) var skippedACKs = 0
    /// Why the story cannot go on.
    private(set) var trouble: String?
    private var delivered: Set<Arrival> = []
    private var acknowledged: Set<Arrival> = []
    /// What an ACK is about: the last message with its pair.
    private var latest: [Pair: Arrival] = [:]

    var distinctDelivered: Int { delivered.count }
    var distinctAcknowledged: Int { acknowledged.count }
    var redeliveries: Int { deliveries - delivered.count }

    mutating func fail(_ problem: String) {
        trouble = trouble ?? problem
    }

    // MARK: Events

    mutating func note(_ event: ProgramEvent, of sender: CourierDay.Sender) {
        switch event.event {
        case "registered":
            registered[event.token ?? ""] = sender
        case "message_sent":
            sent += 1
        case "send_error":
            fail("\(sender): \(event.line)")
        default:
            break
        }
    }

    mutating func noteAppServer(_ event: ProgramEvent) {
        let pair = Pair(token: event.from ?? "", messageID: Array((event.messageID ?? "").utf8))
        switch event.event {
        case "upstream":
            guard let content = MessageContent(JSONMembers(Array(event.line.utf8))) else {
                return fail("an app server printed no message: \(event.line)")
            }
            let arrival = Arrival(token: pair.token, content: content)
            deliveries += 1
            delivered.insert(arrival)
            latest[pair] = arrival
        case "ack_sent":
            if let arrival = latest[pair] { acknowledged.insert(arrival) }
        case "ack_skipped":
            skippedACKs += 1
        default:
            break
        }
    }

    // MARK: Verdict

    /// How a day ended.
    struct Verdict: Sendable {
        /// Messages that no app server saw with all their bytes.
        let lost: [CourierDay.Message]
        let unacknowledged: Int
        /// Deliveries of something that nobody sent.
        let foreign: Int

        var isGood: Bool { lost.isEmpty && unacknowledged == 0 && foreign == 0 }
    }

    func verdict(on day: CourierDay) -> Verdict {
        let lost = day.messages.filter { !contains($0, in: delivered) }
        let unacknowledged = day.messages.count { !contains($0, in: acknowledged) }
        return Verdict(
            lost: lost, unacknowledged: unacknowledged,
            foreign: delivered.count - (day.messages.count - lost.count))
    }

    private func contains(_ message: CourierDay.Message, in arrivals: Set<Arrival>) -> Bool {
        registered.contains { token, sender in
            sender == message.sender
                && arrivals.contains(Arrival(token: token, content: message.content))
        }
    }
}
