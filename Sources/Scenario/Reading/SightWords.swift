/// What may be expected, by who is seen doing it.
enum SightWords {
    // MARK: How often and when

    static let modifiers = FieldGroup(
        title: "an expectation",
        fields: [
            Field("times", "N or {at-least, at-most}", "how often; at least once"),
            Field("within", "DURATION", "no later than so long after `after`, or the beginning"),
            Field("after", "a sighting", "only what comes after its first time"),
            Field("before", "a sighting", "only what comes before its first time"),
        ])

    static let times = FieldGroup(
        title: "times",
        fields: [
            Field("at-least", "N", "so often or more often"),
            Field("at-most", "N", "so often or less often"),
        ])

    /// Keys of an expectation beside those of the cast.
    static let subjects = FieldGroup(
        title: "an expectation",
        fields: [
            Field("relay", "mapping", "what the relay is seen doing, or a message came to"),
            Field("match", "MATCH", "an event that matches, see [journal.md](journal.md#asking)"),
            Field("never", "a sighting", "zero times"),
            Field("order", "list of sightings", "the first of each comes in this order"),
        ])

    // MARK: What is seen

    private static let id = Field("id", "TEXT", "the message's ID")
    private static let data = Field("data", "mapping", "values of the payload; others may be there")
    private static let connection = Field(
        "on", "N", "its connection, as they were bound, from 1")
    private static let up = [
        id, Field("from", "a device of the cast", "who sent it"),
        Field("category", "TEXT", "which app sent it"), data,
    ]
    private static let down = [
        id, Field("to", "a device of the cast", "whom it is for"),
        Field("category", "TEXT", "which app it is for"), data,
    ]
    private static let attempt = Field("attempt", "N", "which attempt of the relay")

    static let device = [
        Verb("receives", "its app got a message of an app server", short: "ID", [id, data]),
        Verb("sends", "it wrote a message to the relay", short: "ID", [id, data]),
        Verb("told", "what its app was told", deviceTold.flatMap(toldField)),
        Verb("connects", "it opened a connection"),
        Verb("disconnects", "its connection ended"),
    ]

    static let deviceTold = [
        Verb("sent", "the relay has its message", short: "ID", [id]),
        Verb(
            "error", "its message will not travel", short: "ID",
            [id, Field("code", "TEXT", "the error, such as TooManyMessages; any")]),
        Verb("deleted", "messages for it were dropped", short: "N or any", []),
    ]

    static let appServer = [
        Verb(
            "receives", "a message, or the receipt `dr2:ID`, reached it", short: "ID",
            up + [connection]),
        Verb("sends", "it sent a message to a device", short: "ID", down + [connection]),
        Verb(
            "acks", "its ACK reached the relay", short: "ID",
            [id, Field("from", "a device of the cast", "whose message"), connection]),
        Verb("told", "what the relay answered", appServerTold.flatMap(toldField)),
        Verb("connects", "a connection of it was bound"),
        Verb("disconnects", "a connection of it ended"),
        Verb("refused", "a login of it was refused"),
    ]

    static let appServerTold = [
        Verb("ack", "its message was taken", short: "ID", [id, connection]),
        Verb(
            "nack", "its message was not taken", short: "ID",
            [id, Field("code", "TEXT", "the error, such as BAD_REGISTRATION; any"), connection]),
        Verb(
            "rejected", "its ACK settled nothing: stanza error 406", short: "ID",
            [id, connection]),
        Verb("draining", "a connection of it will end", short: "any", []),
        Verb(
            "error", "what it wrote broke a rule", short: "CODE or any",
            [Field("code", "TEXT", "the error, such as invalid-xml; any")]),
    ]

    static let relay = [
        Verb("sends", "it wrote a message to an app server", short: "ID", up + [attempt]),
        Verb("settles", "an ACK settled a message", short: "ID", up),
        Verb("queues", "a message waits", short: "ID", up),
        Verb("holds", "a message waits for an earlier one of the same ID", short: "ID", up),
        Verb("expires", "a message's time to live ended", short: "ID", up),
        Verb("discards", "a message was given up", short: "ID", up),
        Verb(
            "refuses", "a message of a device was refused", short: "ID",
            [id, Field("code", "TEXT", "the error, such as MessageTooBig; any")]),
        Verb("delivers", "it wrote a message to a device", short: "ID", down),
    ]

    /// `relay: {message: m-1, state: settled, attempts: 3}`
    static let outcome = FieldGroup(
        title: "message",
        fields: [
            Field("message", "ID", "what it came to when the play was over"),
            Field("from", "a device of the cast", "who sent it"),
            Field("to", "a device of the cast", "whom it is for"),
            Field(
                "state", "queued, held, in-flight, settled, expired, discarded", "its last state"),
            Field("attempts", "N or {at-least, at-most}", "how often it was written"),
        ])

    private static func toldField(_ verb: Verb) -> [Field] {
        [Field(verb.name, verb.short ?? "", verb.meaning)]
    }
}
