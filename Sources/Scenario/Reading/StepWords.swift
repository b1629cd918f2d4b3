/// The verbs of the language, with who can do them and what they need to know.
struct Verb: Sendable {
    let name: String
    let meaning: String
    /// Nil: it takes nothing. A verb with a short form takes a single value, too.
    let fields: FieldGroup?
    /// What may stand instead of a mapping.
    let short: String?

    init(_ name: String, _ meaning: String, short: String? = nil, _ fields: [Field]? = nil) {
        self.name = name
        self.meaning = meaning
        self.short = short
        self.fields = fields.map { FieldGroup(title: name, fields: $0) }
    }
}

enum StepWords {
    // MARK: Time

    static let time = FieldGroup(
        title: "a step",
        fields: [
            Field("at", "DURATION", "so long after the play's beginning"),
            Field("wait", "DURATION", "so long after the step before"),
            Field(
                "until", "MATCH or {match, within}",
                "once the journal has a new event that matches"),
        ])

    static let until = FieldGroup(
        title: "until",
        fields: [
            Field("match", "MATCH", "the event that is waited for"),
            Field("within", "DURATION", "the play fails when it does not come in this time"),
        ])

    // MARK: Devices

    private static let data = Field(
        "data", "mapping", "the payload; numbers, true and false without quotes are no texts")
    private static let connection = Field(
        "on", "N, newest, oldest, all", "a connection of the app server, as they were bound, from 1"
    )

    static let device = [
        Verb("goes-online", "connects, checks in, registers its app if it has no token"),
        Verb("goes-offline", "closes its connection and stays away"),
        Verb(
            "sends", "hands a message to its client library",
            [
                Field("id", "TEXT", "the message's ID"),
                Field("ids", "m-1..m-21 or list", "instead: a message for each"),
                Field("every", "DURATION", "between two of them"),
                Field("to", "SENDER_ID, none, or an address", "its app's first sender ID"),
                data,
                Field("ttl", "DURATION", "time to live; as long as the service allows"),
            ]),
        Verb("registers", "asks for a registration token"),
        Verb("refreshes-token", "asks for a new token in place of the one it has"),
        Verb("unregisters", "gives its token back"),
        Verb(
            "subscribes", "subscribes to a topic", short: "TOPIC",
            [Field("topic", "/topics/NAME", "or NAME alone")]),
        Verb(
            "unsubscribes", "ends that", short: "TOPIC",
            [Field("topic", "/topics/NAME", "or NAME alone")]),
        Verb("uninstalls", "its app is gone, with all that it had pending"),
        Verb("crashes", "its process is gone; what was committed stays"),
        Verb("restarts", "its process starts again"),
        Verb("loses-power", "a crash in which all is lost that was not committed"),
    ]

    // MARK: App servers

    static let appServer = [
        Verb("connects", "opens its connections; an external one is waited for"),
        Verb(
            "disconnects", "closes connections and stays away",
            [
                connection,
                Field("how", "fin, reset, silent", "in order, with a reset, or untold; fin"),
            ]),
        Verb(
            "sends", "sends a message to a device",
            [
                Field("id", "TEXT", "the message's ID"),
                Field("ids", "d-1..d-101 or list", "instead: a message for each"),
                Field("every", "DURATION", "between two of them"),
                Field("to", "a device of the cast", "whom it is for"),
                Field("topic", "/topics/NAME", "instead: the subscribers of a topic"),
                Field("condition", "TEXT", "instead: the subscribers that a condition names"),
                Field("token", "TEXT", "instead: a `to` as it is, good or bad"),
                data,
                Field("ttl", "DURATION", "time to live; four weeks"),
                Field("collapse-key", "TEXT", "a newer message replaces one that waits"),
                Field("priority", "normal, high", "how urgent it is; as the service does"),
                Field("receipt", "true, false", "asks for a delivery receipt; false"),
                Field("dry-run", "true, false", "is judged and not delivered; false"),
                Field("on", "N, newest, oldest", "the connection; as it chooses"),
            ]),
        Verb(
            "acks", "sends an ACK besides those that it sends by itself", short: "ID",
            [
                Field("id", "TEXT", "the message's ID"),
                Field("from", "a device of the cast", "whose message, if several have this ID"),
                Field("on", "N, newest, oldest", "the connection; the one that carried it last"),
                Field("type", "TEXT", "the `message_type` that it writes; ack"),
                Field("times", "N", "how often; 1"),
            ]),
        Verb(
            "writes", "writes what a client with a bug writes; `{{phone}}` is phone's token",
            [
                Field("json", "TEXT", "what stands in a `<gcm>` element, good or bad"),
                Field("xml", "TEXT", "instead: characters as they are"),
                Field("on", "N, newest, oldest", "the connection; the newest"),
            ]),
        Verb(
            "changes", "does something else from now on",
            [Field("ack", "as in the cast", "what it ACKs by itself")]),
        Verb("stops-reading", "is stuck: it reads nothing more, its connections stay open"),
        Verb("reads-again", "ends that"),
        Verb("crashes", "its process is gone, with its connections"),
        Verb("restarts", "its process starts again, and connects if it was"),
    ]

    static let external = [appServer[0]]

    // MARK: The relay and its store

    static let relay = [
        Verb("crashes", "its process is gone; what was committed stays"),
        Verb("restarts", "its process starts again; one that runs is stopped in order before"),
        Verb("loses-power", "a crash in which all is lost that was not committed"),
        Verb("stops", "ends in order, as at SIGTERM"),
        Verb(
            "drains", "announces the end of an app server's connections", short: "NAME",
            [Field("of", "an app server of the cast", "whose connections"), connection]),
    ]

    static let store = [
        Verb("fails", "takes nothing more, as a full disk", [Field("reason", "TEXT", "why")]),
        Verb("recovers", "takes changes again"),
    ]

    // MARK: The world

    private static let between = Field("between", "[relay, NAME]", "a member of the cast")

    static let world = [
        Verb(
            "cut", "ends connections",
            [
                between,
                Field("how", "reset, fin, silent", "with a reset, in order, or untold; reset"),
                Field("on", "N, newest, oldest, all", "which of an app server's; all"),
            ]),
        Verb(
            "hold", "what is written waits on its way",
            [Field("from", "relay or NAME", "who writes"), Field("to", "NAME or relay", "to whom")]
        ),
        Verb(
            "release", "what waited comes, and what follows passes",
            [Field("from", "relay or NAME", "who writes"), Field("to", "NAME or relay", "to whom")]
        ),
        Verb("partition", "nothing passes, and nobody is told", [between]),
        Verb("repair", "ends a partition", [between]),
        Verb(
            "fault", "a fault begins to bite, see [faults.md](faults.md)",
            [Field("name", "TEXT", "by which `mend` ends it")] + FaultReader.members),
        Verb("mend", "ends a fault", short: "NAME", [Field("fault", "TEXT", "its name")]),
        Verb(
            "clock", "a process's clock jumps",
            [
                Field("of", "relay or NAME", "whose clock"),
                Field("by", "DURATION", "how far; with a minus sign, back"),
            ]),
    ]

    static let worldNames = world.map(\.name)

    /// No member of a cast may have one of these names.
    static let all =
        time.names + worldNames + (device + appServer + relay + store).map(\.name)
}
