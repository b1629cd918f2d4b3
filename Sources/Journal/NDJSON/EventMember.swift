/// The members of an event's line, in the order in which they stand (docs/journal.md).
enum EventMember: String, CaseIterable {
    case number = "n"
    case instant = "ts"
    case actor
    case event
    case state
    case connection
    case attempt
    case cause
    case message
    case upload
    case messageID = "message_id"
    case from
    case senderID = "sender_id"
    case category
    case direction
    case error
    case deed
    case reason
    case delay
    case count
    case fault
    case data
}
