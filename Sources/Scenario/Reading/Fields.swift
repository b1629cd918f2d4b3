/// The mappings of the language outside steps and expectations.
enum Fields {
    static let file = FieldGroup(
        title: "the scenario",
        fields: [
            Field("scenario", "TEXT", "the name of the play"),
            Field("about", "TEXT", "what it shows, as a sentence"),
            Field("reported-in", "TEXT or list", "where the behaviour was reported"),
            Field("seed", "N", "rules all randomness, unless a run names another; 1"),
            Field("any-seed", "true, false", "the expectations hold for every seed; false"),
            Field(
                "by-chance", "true, false",
                "a sweep made it: what cannot be done is left out, and at the end everything must "
                    + "have arrived; false"),
            Field("driver", "mapping", "what keeps the play from one of the drivers"),
            Field("ends", "mapping", "when the play is over; after 5m"),
            Field("relay", "mapping", "settings of the relay"),
            Field("cast", "mapping", "who plays"),
            Field("steps", "list", "what is done, in order"),
            Field("expect", "list", "what must come of it"),
        ])

    static let driver = FieldGroup(
        title: "driver",
        fields: [
            Field("virtual-only", "TEXT", "why the play makes no sense on real sockets")
        ])

    static let ending = FieldGroup(
        title: "ends",
        fields: [
            Field("after", "DURATION", "at the latest so long after the beginning; 5m"),
            Field(
                "quiet", "DURATION",
                "earlier, once no step is left and the journal was silent for so long"),
        ])

    static let relay = FieldGroup(
        title: "relay",
        fields: [
            Field("retry", "mapping", "delays before a message without an ACK is sent again"),
            Field("redelivery", "both, timer, on-reconnect, never", "`--redelivery`"),
            Field("reconnect-holdback", "DURATION", "`--reconnect-holdback`"),
            Field("max-unacked", "N", "`--max-unacked`"),
            Field("max-connections", "N", "`--max-connections`"),
            Field("ttl-cap", "DURATION", "`--ttl-cap`"),
            Field("keepalive", "DURATION", "`--keepalive`"),
            Field("drain-grace", "DURATION", "`--drain-grace`"),
            Field("profile", "observed, docs", "`--profile`"),
            Field("projects", "mapping", "sender IDs that may log in, each with its API key"),
            Field("quirks", "mapping", "`--quirk`, names with values"),
        ])

    static let retry = FieldGroup(
        title: "retry",
        fields: [
            Field("first", "DURATION", "the first delay; 10s"),
            Field("factor", "NUMBER", "what the delay grows by; 2"),
            Field("longest", "DURATION", "no delay is longer; 180s"),
            Field("jitter", "NUMBER", "share by which a delay varies; 0.2"),
        ])

    static let network = FieldGroup(
        title: "network",
        fields: [
            Field("latency", "DURATION", "time that bytes take on their way"),
            Field("jitter", "DURATION", "what chance adds to it, at most"),
            Field("fragment", "N", "one read hands over so many bytes, at most"),
            Field(
                "coalesce", "true, false", "what is on its way together comes in one read; false"),
        ])

    static let device = FieldGroup(
        title: "a device",
        fields: [
            Field("role", "device", "a device with one app"),
            Field("app", "TEXT", "the app's package; com.example.demo"),
            Field(
                "sender-id", "TEXT or list",
                "app servers that the app knows, the first is the one it writes to; "
                    + "those of the cast"),
            Field("client", "android, ios", "the client library; android"),
            Field("pending-limit", "N, none", "messages that may be pending; android 20, ios none"),
            Field(
                "when-full", "fail, wait",
                "beyond the limit the library refuses a message, or the app keeps it; fail"),
            Field("quirks", "mapping", "`gcm-device --quirk`, names with values"),
            Field("network", "mapping", "the way to the relay"),
        ])

    static let appServer = FieldGroup(
        title: "an app server",
        fields: [
            Field("role", "app-server", "an app server that the driver plays"),
            Field("sender-id", "TEXT", "555000111222"),
            Field("api-key", "TEXT", "demo-key"),
            Field(
                "ack", "at-once, never, {skip: N, then: at-once}, {after: DURATION}",
                "what it ACKs by itself; at-once"),
            Field("connections", "N", "that it holds at the same time; 1"),
            Field(
                "reconnect", "never, {after: DURATION}",
                "what it does about a lost connection; as gcm-appserver"),
            Field("echo", "true, false", "it sends back what it got; false"),
            Field("network", "mapping", "the way to the relay"),
        ])

    static let external = FieldGroup(
        title: "an external app server",
        fields: [
            Field("role", "external", "the app server under test; it connects by itself"),
            Field("sender-id", "TEXT", "555000111222"),
            Field("api-key", "TEXT", "demo-key"),
        ])

    static let all = [
        file, driver, ending, relay, retry, device, appServer, external, network,
    ]
}
