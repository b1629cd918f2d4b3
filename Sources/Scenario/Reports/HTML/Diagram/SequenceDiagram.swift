import CloudMessaging
import Journal

/// What happened in a play as a sequence diagram, before anything has its place on the page: rows
/// in the order of the journal, and what reaches over several of them.
struct SequenceDiagram {
    /// From left to right: devices, the relay, connections of app servers.
    var lines: [Line] = []
    var rows: [Row] = []
    var spans: [Span] = []
    var timers: [TimerBracket] = []
    /// Events of the journal that the rows stand for.
    var drawnEvents = 0
    /// Rows that were left out, as there were too many.
    var omittedBefore = 0
    var omittedAfter = 0
    /// Participants that were left out.
    var omittedLines = 0

    /// A lifeline.
    struct Line {
        let id: LineID
        let name: String
        let part: String
    }

    struct Row {
        let instant: Instant
        /// The numbers of the journal's events that it shows.
        var events: [UInt64]
        var content: Content
        /// The first of them, as reports write it.
        var line: String
        /// Numbers of the expectations that were decided here against.
        var decides: [Int] = []
    }

    enum Content {
        /// What the scenario file does.
        case step(String)
        case mark(Mark)
        case arrow(Arrow)
        /// An arrow ends here that took its time.
        case arrival
    }

    /// Something that happened at one participant.
    struct Mark {
        let line: LineID
        let verb: String
        /// What it was about; several events of one kind share a mark.
        var subjects: [String]
        let tone: Tone
        let symbol: Symbol
    }

    enum Symbol: String {
        case dot, tick, cross, flash, open, close
    }

    /// Something that was written by one and read by another.
    struct Arrow {
        let from: LineID
        let to: LineID
        let label: String
        let tone: Tone
        /// Which attempt of the relay it is.
        let attempt: Int?
        var fate: Fate
    }

    enum Fate: Equatable {
        case arrived
        /// At that row.
        case late(Int)
        /// Written, and never received.
        case lost
        /// It was on its way when the journal ended, or its receiver keeps none.
        case unknown
    }

    /// What an arrow or mark is about, as its colour.
    enum Tone: String {
        case message, retry, ack, downstream, quiet, bad
    }

    /// What lasts at a participant, from one row to another.
    struct Span {
        let kind: Kind
        let line: LineID
        let text: String
        let from: Int
        /// Nil: to the end.
        var to: Int?

        enum Kind: String {
            case connection, down, draining, fault
        }
    }

    /// The time after which the relay sends a message again.
    struct TimerBracket {
        let text: String
        let from: Int
        var to: Int?
        /// Whether it ran out; otherwise an ACK or a loss came first.
        var hasFired = false
    }
}

/// A lifeline of the diagram; in the order of the lines.
struct LineID: Hashable, Comparable {
    let group: Group
    /// Which device or app server.
    let member: Int
    /// Which of the connections that an app server has at the same time.
    let lane: Int

    enum Group: Int, Comparable {
        case device, relay, appServer

        static func < (left: Group, right: Group) -> Bool { left.rawValue < right.rawValue }
    }

    static let relay = LineID(group: .relay, member: 0, lane: 0)

    static func < (left: LineID, right: LineID) -> Bool {
        (left.group, left.member, left.lane) < (right.group, right.member, right.lane)
    }
}
