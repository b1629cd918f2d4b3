/// Every bound of the protocol in one place; a test exceeds each one.
package enum Limits {
    // MARK: Names

    /// Bytes of a sender ID (ours: the real ones were 12 digits).
    package static let senderIDBytes = 1...64
    /// UTF-8 bytes of an app's message ID (contract).
    package static let messageIDBytes = 1...256
    /// UTF-8 bytes of an app's package name or bundle ID (ours).
    package static let categoryBytes = 1...255
    /// Bytes of an upload ID (ours).
    package static let uploadIDBytes = 1...64
    /// Sender IDs that one registration token may be bound to (documentation).
    package static let sendersPerRegistration = 100
    /// Apps that one device may register (ours: bounds a device's row).
    package static let registrationsPerDevice = 100

    /// Bytes of a topic's name (later documentation).
    package static let topicNameBytes = 1...900

    /// UTF-8 bytes of a device group's name (ours).
    package static let groupNameBytes = 1...255
    /// Bytes of a device group's notification key (ours: it travels in an attribute).
    package static let notificationKeyBytes = 1...1_024
    /// Members of a device group (documentation).
    package static let groupMembers = 20

    // MARK: Time

    /// How many times as fast as real time a clock may run (ours: beyond, what a computer takes for
    /// its work is longer than what is waited for).
    package static let timeScale = 1...1_000

    // MARK: Journal and faults

    /// Events that a journal keeps (contract: `--journal-limit`).
    package static let journalEvents = 100_000
    /// UTF-8 bytes of an expression of the match language (ours).
    package static let matchBytes = 4_096
    /// UTF-8 bytes of a regular expression in it (ours: Swift's own reader descends once for each
    /// bracket, and some thousand of them overflow the stack).
    package static let patternBytes = 256
    /// Nesting of parentheses and `not` in it (ours).
    package static let matchDepth = 16
    /// Fault rules at one time (ours: every stanza asks each rule of its place).
    package static let faultRules = 100
    /// Bytes of the code that a fault gives a NACK (ours).
    package static let faultCodeBytes = 1...64

    // MARK: Payload

    /// UTF-8 bytes over the keys and values of `data` (documentation).
    package static let payloadBytes = 4_096
    /// Nesting of a JSON text (ours).
    package static let jsonDepth = 32

    // MARK: Time to live

    /// Longest time to live of an upstream message, in seconds (observed; `--ttl-cap`).
    package static let timeToLiveSeconds = 86_400

    // MARK: Device

    /// Messages that an app may have pending on its device (documentation).
    package static let pendingPerApp = 20
    /// Uploads of a device that may be unanswered on the wire (design decision 8).
    package static let unansweredUploads = 64
    /// Requests of a device, registrations aside, that may be unanswered on the wire (ours).
    package static let openRequests = 64
    /// Upload IDs that the relay remembers for a device (design decision 8).
    package static let rememberedUploads = 64
    /// Accepted messages that are told to an app in one batch (Chromium's ack interval).
    package static let sentCallbackBatch = 10
    /// Stanzas of the relay that a device acknowledges unasked (Chromium's ack interval).
    package static let stanzasPerAcknowledgement: UInt32 = 10
    /// Message IDs whose repeats an app ignores (observed in the client library).
    package static let rememberedDeliveries = 10

    // MARK: Downstream

    /// Seconds that a message to a device may wait; absent: the longest (documentation).
    package static let downstreamTimeToLive = 0...2_419_200
    /// UTF-8 bytes over the keys and values of a message to a topic (documentation).
    package static let topicPayloadBytes = 2_048
    /// UTF-8 bytes of a collapse key (ours: it reaches the device beside the payload).
    package static let collapseKeyBytes = 1_024
    /// Bytes of the JSON that reaches the device (ours): escaped for XML, with its envelope, it
    /// still fits into a stanza.
    package static let contentBytes = 32 * 1_024
    /// Topics in a condition (later documentation).
    package static let conditionTopics = 5
    /// Operators in a condition, where the quirk `condition` bounds those (documentation).
    package static let conditionOperators = 2
    /// Nesting of a condition (ours).
    package static let conditionDepth = 16
    /// Requests of one connection that wait for their answer (documentation).
    package static let unansweredRequests = 100
    /// Deliveries that a device may leave unacknowledged on the wire (ours).
    package static let unacknowledgedDeliveries = 100
    /// Stanzas of the relay that a device may leave unacknowledged, deliveries among them (ours).
    package static let unacknowledgedStanzas = 1_000
    /// Messages of a mailbox that are kept in memory while its device is online (ours).
    package static let residentPerMailbox = 256
    /// Messages that are read from a mailbox at once (ours).
    package static let mailboxReadBatch = 128

    /// Registrations, and topics, whose rate is watched at once (ours).
    package static let ratedAddressees = 65_536

    /// Answered requests of a connection that are remembered, to recognise ACKs of answers (ours).
    package static let rememberedAnswers = 100

    /// Messages that are read ahead from a mailbox whose device has to acknowledge first (ours).
    package static let mailboxReadAhead = 8

    // MARK: Mailbox

    /// Messages without a collapse key in one mailbox (documentation).
    package static let messagesPerMailbox = 100
    /// Different collapse keys in one mailbox (documentation).
    package static let collapseKeysPerMailbox = 4

    // MARK: Relay

    /// Un-ACKed upstream messages on one connection (community list; `--max-unacked`).
    package static let unackedPerConnection = 100
    /// Simultaneous connections of one sender ID (documentation; `--max-connections`).
    package static let connectionsPerSender = 1_000
    /// Lanes that a sender's queue is cut into (design decision 10).
    package static let lanesPerSender = 16
    /// Messages that a lane keeps aside before it reads no further (design decision 8).
    package static let heldPerLane = 64
    /// Fresh messages that a lane keeps in memory while its sender is connected (ours).
    package static let residentPerLane = 1_024
    /// Messages that a lane reads from the store at once (ours).
    package static let laneReadBatch = 256
    /// Stretches of the store from which a lane still has to read (ours).
    package static let placesPerLane = 64
    /// Left-over credits of settled and expired messages on one connection (design decision 7).
    package static let creditsPerConnection = 1_000
    /// Uploads waiting for the store before the relay stops reading from devices (ours).
    package static let uploadsAwaitingStore = 8_192
    /// Expired messages that the store removes at once (ours).
    package static let expiryBatch = 1_000
    /// Registrations that got a message to a topic, up to which the store lists them (ours).
    package static let listedSubscribers = 1_000
    /// Damaged rows that are remembered, so that the log names each once (ours).
    package static let damagedRows = 1_000
    /// Message sequences that the opening of a store sets aside for the new life (ours).
    package static let sequencesReserved: Int64 = 1 << 20
}
