import Faults

extension FaultCase {
    /// How long what is late is late.
    package static let delay = Duration.milliseconds(200)

    /// Two stanzas are written, and the first is bitten.
    private static func writing(_ point: FaultPoint, _ a: String, _ b: String) -> [FaultCase] {
        let sent = [a, b]
        return [
            FaultCase(point, .drop, sees: [b], believes: sent),
            FaultCase(point, .delay(delay), sees: [b, a], believes: sent),
            FaultCase(point, .duplicate, sees: [a, a, b], believes: sent),
            FaultCase(point, .reorder, sees: [b, a], believes: sent),
            FaultCase(point, .corrupt, sees: [], believes: sent, .oneBitElse),
            FaultCase(point, .reset, sees: [], .reset, believes: sent, .halfOfTheStanza),
            FaultCase(point, .fin, sees: ["end"], .fin, believes: sent),
            FaultCase(point, .silent, sees: [], believes: sent),
            FaultCase(point, .drain, sees: ["draining", a, b], believes: sent),
        ]
    }

    /// Two ACKs come, and the first is bitten.
    private static let acknowledgements = [
        FaultCase(.upstreamAck, .drop, sees: [], believes: ["m-2"]),
        FaultCase(.upstreamAck, .delay(delay), sees: [], believes: ["m-2", "m-1"]),
        FaultCase(.upstreamAck, .duplicate, sees: ["406"], believes: ["m-1", "m-2"]),
        FaultCase(.upstreamAck, .reorder, sees: [], believes: ["m-2", "m-1"]),
        FaultCase(.upstreamAck, .corrupt, sees: ["406"], believes: ["m-2"]),
        FaultCase(
            .upstreamAck, .nack(code: "ODD"), sees: ["nack m-1 ODD"], believes: ["m-2"]),
        FaultCase(.upstreamAck, .reset, sees: [], .reset),
        FaultCase(.upstreamAck, .fin, sees: ["end"], .fin),
        FaultCase(.upstreamAck, .silent, sees: []),
        FaultCase(
            .upstreamAck, .drain, sees: ["draining", "end"], .fin, believes: ["m-1", "m-2"]),
    ]

    /// Two requests come, and the first is bitten.
    private static let requests = [
        FaultCase(.downstreamStanza, .drop, sees: ["ack d-2"], believes: ["d-2"]),
        FaultCase(
            .downstreamStanza, .delay(delay), sees: ["ack d-2", "ack d-1"],
            believes: ["d-2", "d-1"]),
        FaultCase(
            .downstreamStanza, .duplicate, sees: ["ack d-1", "ack d-1", "ack d-2"],
            believes: ["d-1", "d-2"]),
        FaultCase(
            .downstreamStanza, .reorder, sees: ["ack d-2", "ack d-1"], believes: ["d-2", "d-1"]),
        FaultCase(
            .downstreamStanza, .corrupt, sees: ["ack ?", "ack d-2"], believes: ["?", "d-2"]),
        FaultCase(
            .downstreamStanza, .nack(code: "ODD"), sees: ["nack d-1 ODD", "ack d-2"],
            believes: ["d-2"]),
        FaultCase(.downstreamStanza, .reset, sees: [], .reset),
        FaultCase(.downstreamStanza, .fin, sees: ["end"], .fin),
        FaultCase(.downstreamStanza, .silent, sees: []),
        FaultCase(
            .downstreamStanza, .drain,
            sees: ["draining", "nack d-2 CONNECTION_DRAINING", "ack d-1", "end"], .fin,
            believes: ["d-1"]),
    ]

    /// Two answers are written, and the first is bitten.
    private static let answers: [FaultCase] = {
        let taken = ["d-1", "d-2"]
        return [
            FaultCase(.downstreamAnswer, .drop, sees: ["ack d-2"], believes: taken),
            FaultCase(
                .downstreamAnswer, .delay(delay), sees: ["ack d-2", "ack d-1"],
                believes: taken),
            FaultCase(
                .downstreamAnswer, .duplicate, sees: ["ack d-1", "ack d-1", "ack d-2"],
                believes: taken),
            FaultCase(
                .downstreamAnswer, .reorder, sees: ["ack d-2", "ack d-1"], believes: taken),
            FaultCase(.downstreamAnswer, .corrupt, sees: [], believes: taken, .oneBitElse),
            FaultCase(
                .downstreamAnswer, .nack(code: "ODD"), sees: ["nack d-1 ODD", "ack d-2"],
                believes: taken),
            FaultCase(
                .downstreamAnswer, .reset, sees: [], .reset, believes: taken, .halfOfTheStanza),
            FaultCase(.downstreamAnswer, .fin, sees: ["end"], .fin, believes: taken),
            FaultCase(.downstreamAnswer, .silent, sees: [], believes: taken),
            FaultCase(
                .downstreamAnswer, .drain, sees: ["draining", "ack d-1", "ack d-2", "end"], .fin,
                believes: taken),
        ]
    }()

    /// A connection is bound while a message waits for one.
    private static let bindings = [
        FaultCase(.connection, .delay(delay), sees: ["m-1"], believes: ["bound"]),
        FaultCase(.connection, .reset, sees: [], .reset),
        FaultCase(.connection, .fin, sees: ["end"], .fin),
        FaultCase(.connection, .silent, sees: [], believes: ["bound"]),
        FaultCase(.connection, .drain, sees: ["draining", "end"], .fin, believes: ["bound"]),
        FaultCase(.connection, .refuse, sees: ["policy-violation", "end"], .fin),
    ]

    /// An app server logs in while a message waits for it.
    private static let logins = [
        FaultCase(.login, .drop, sees: []),
        FaultCase(.login, .delay(delay), sees: ["m-1"], believes: ["bound"]),
        FaultCase(.login, .reset, sees: [], .reset),
        FaultCase(.login, .fin, sees: ["end"], .fin),
        FaultCase(.login, .silent, sees: []),
        FaultCase(.login, .refuse, sees: ["not-authorized", "end"], .fin),
    ]

    /// Every pair that makes sense, once.
    package static let all =
        writing(.upstreamStanza, "m-1", "m-2") + acknowledgements + requests + answers
        + writing(.receipt, "dr2:d-1", "dr2:d-2") + bindings + logins
}
