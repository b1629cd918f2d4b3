import CloudMessaging

/// How many devices send, and how many messages each has uploaded and not yet been told sent.
struct Workload {
    let devices: Int
    let inFlight: Int
    /// As `serve` does unless told otherwise.
    var keepsJournal = true

    var name: String {
        "\(devices) devices x \(inFlight) in flight" + (keepsJournal ? "" : ", no journal")
    }

    /// What a relay is told for it.
    var relayArguments: [String] { keepsJournal ? [] : ["--journal-limit", "0"] }

    /// Connections of the app server.
    static let connections = 4

    /// What a message carries: seven pairs, 330 bytes of JSON.
    static let data = DataPayload([
        ("event", "parcel-delivered"), ("parcel", "JD0146-0000-3317-2259"),
        ("route", "north-7"), ("latitude", "52.520008"), ("longitude", "13.404954"),
        ("signed_by", "M. Lindqvist, ground floor, door on the left"),
        ("note", "left with the neighbour; the bell does not ring, please knock and wait a while"),
    ])
}

/// What one run of a workload gave.
struct HopFigures {
    let messages: Int
    let seconds: Double
    /// CPU of the relay for each settled message.
    let relayMicroseconds: Double
    let p50: Double
    let p99: Double
    let rowsPerCommit: Double
    /// Messages that were not settled at the end.
    let leftOver: Int
}

/// A workload's figures and what they are compared with.
struct WorkloadResult {
    let workload: Workload
    let hop: HopFigures
    let echoMicroseconds: Double
    let idleConnectionBytes: Int?

    var ratio: Double { hop.relayMicroseconds / echoMicroseconds }
    var messagesPerSecond: Double { Double(hop.messages) / hop.seconds }
}

/// The cost of a message with a backlog for somebody else, and without.
struct BacklogResult {
    let queued: Int
    let pairs: ComparedPairs

    var growth: Double { pairs.growth }
}

/// The relay's CPU for a message without and with something, in µs, measured in turns.
struct ComparedPairs {
    struct Pair {
        let without: Double
        let with: Double
        var growth: Double { with / without - 1 }
    }

    let pairs: [Pair]

    /// The median of the pairs.
    var growth: Double {
        pairs.map(\.growth).sorted()[pairs.count / 2]
    }
}
