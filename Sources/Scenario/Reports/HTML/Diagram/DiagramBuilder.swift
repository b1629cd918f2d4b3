import CloudMessaging
import Journal

/// Makes the diagram of a play from its journal.
struct DiagramBuilder {
    let evidence: Evidence
    var cast: DiagramCast
    var diagram = SequenceDiagram()
    private var flights = Flights()
    /// The sentences of the steps that are to come, the next one last.
    private var sentences: [String]
    /// Those who keep a journal of what they get.
    private let witnesses: [Participant]
    /// Spans that have not ended, by what they are about.
    private var openSpans: [SpanKey: Int] = [:]
    /// Running timers by the relay's numbers of their messages.
    private var openTimers: [Int64: Int] = [:]
    /// Who is away, and how its connection ended for the relay.
    var linkStates: [Participant: LinkState] = [:]
    var died: [Participant] = []
    /// Lines of connections, as each side counts them.
    private var boundLines: [ConnectionLedger.Entry: LineID] = [:]
    /// Where a message came last.
    private var arrivalLines: [Flights.Key: LineID] = [:]

    enum LinkState { case open, closed }

    enum SpanKey: Hashable {
        case connection(Int), draining(Int), down(LineID), fault(String), link(LineID), store
    }

    /// What comes so soon after it was written is drawn beside its departure.
    private static let soon = Duration.milliseconds(250)
    /// What was written so shortly before the end may still be on its way.
    private static let margin = Duration.milliseconds(500)

    init(_ file: ScenarioFile, _ evidence: Evidence) {
        self.evidence = evidence
        cast = DiagramCast(file.cast)
        sentences = file.steps.compactMap(\.deed).map(StepPhrases.deed).reversed()
        witnesses = file.cast.filter { $0.role.kind != .external }.map(\.name)
    }

    static func diagram(_ file: ScenarioFile, _ evidence: Evidence) -> SequenceDiagram {
        var builder = DiagramBuilder(file, evidence)
        for (index, event) in evidence.events.enumerated() { builder.see(event, at: index) }
        builder.finish()
        return builder.diagram
    }

    private mutating func finish() {
        let end = evidence.events.last?.instant ?? evidence.start
        for index in diagram.rows.indices {
            guard case .arrow(var arrow) = diagram.rows[index].content, arrow.fate == .lost,
                diagram.rows[index].instant.duration(to: end) < Self.margin
            else { continue }
            arrow.fate = .unknown
            diagram.rows[index].content = .arrow(arrow)
        }
        diagram.lines = cast.all
        diagram.drawnEvents = diagram.rows.reduce(0) { $0 + $1.events.count }
    }

    // MARK: Rows

    @discardableResult
    mutating func add(_ content: SequenceDiagram.Content, _ event: JournalEvent) -> Int {
        diagram.rows.append(
            SequenceDiagram.Row(
                instant: event.instant, events: [event.number], content: content,
                line: EventPhrase.line(event, since: evidence.start)))
        return diagram.rows.count - 1
    }

    /// The row of what happened last.
    var lastRow: Int { max(0, diagram.rows.count - 1) }

    mutating func step(_ event: JournalEvent) {
        let deed = event.detail?.deed ?? ""
        let name = event.detail?.reason ?? ""
        let row = add(.step(sentences.popLast() ?? "\(name) \(deed)"), event)
        let line = cast.line(of: Participant(name))
        switch deed {
        case "fault": beginSpan(.fault(name), .fault, on: .relay, "fault: \(name)", row)
        case "mend": endSpan(.fault(name), row)
        case "fails": beginSpan(.store, .fault, on: .relay, "the store takes nothing", row)
        case "recovers": endSpan(.store, row)
        case "partition", "hold":
            guard let line else { return }
            beginSpan(
                .link(line), .fault, on: line, deed == "hold" ? "held" : "cut off", row)
        case "repair", "release": if let line { endSpan(.link(line), row) }
        default: break
        }
    }

    /// Events of one kind that follow each other at once share a mark.
    mutating func mark(
        _ event: JournalEvent, on line: LineID?, _ verb: String, _ subject: String? = nil,
        _ tone: SequenceDiagram.Tone = .quiet, _ symbol: SequenceDiagram.Symbol = .dot
    ) {
        guard let line else { return }
        if let subject, let last = diagram.rows.indices.last,
            case .mark(var mark) = diagram.rows[last].content, mark.line == line,
            mark.verb == verb, diagram.rows[last].instant == event.instant
        {
            mark.subjects.append(subject)
            diagram.rows[last].content = .mark(mark)
            diagram.rows[last].events.append(event.number)
            return
        }
        add(
            .mark(
                SequenceDiagram.Mark(
                    line: line, verb: verb, subjects: subject.map { [$0] } ?? [], tone: tone,
                    symbol: symbol)), event)
    }

    // MARK: Arrows

    /// Something that only one side knows of.
    mutating func arrow(
        _ event: JournalEvent, from: LineID?, to: LineID?, _ label: String,
        _ tone: SequenceDiagram.Tone, fate: SequenceDiagram.Fate = .arrived
    ) {
        guard let from, let to else { return }
        add(
            .arrow(
                SequenceDiagram.Arrow(
                    from: from, to: to, label: label, tone: tone,
                    attempt: event.actor == .relay || (event.attempt ?? 1) > 1
                        ? event.attempt : nil,
                    fate: fate)), event)
    }

    /// Something was written that is lost unless it is seen again.
    mutating func depart(
        _ road: Flights.Road, _ event: JournalEvent, at index: Int, from: LineID?, to: LineID?,
        _ label: String, _ tone: SequenceDiagram.Tone
    ) {
        guard let from, let to else { return }
        let entry = evidence.connections.entry(at: index)
        let peer = entry?.owner ?? event.actor
        let isWatched = event.actor != .relay || witnesses.contains(peer)
        arrow(event, from: from, to: to, label, tone, fate: isWatched ? .lost : .unknown)
        flights.depart(
            Flights.Flight(row: lastRow, instant: event.instant, ordinal: entry?.ordinal ?? 0),
            key(road, event, peer))
    }

    /// - Returns: whether its departure was seen.
    @discardableResult
    mutating func arrive(_ road: Flights.Road, _ event: JournalEvent, at index: Int) -> Bool {
        let entry = evidence.connections.entry(at: index)
        let peer = event.actor == .relay ? entry?.owner ?? event.actor : event.actor
        guard
            let flight = flights.arrive(key(road, event, peer), ordinal: entry?.ordinal ?? 0),
            case .arrow(var arrow) = diagram.rows[flight.row].content
        else { return false }
        if flight.instant.duration(to: event.instant) <= Self.soon {
            arrow.fate = .arrived
        } else {
            arrow.fate = .late(add(.arrival, event))
        }
        diagram.rows[flight.row].content = .arrow(arrow)
        arrivalLines[key(road, event, peer)] = arrow.to
        return true
    }

    private func key(
        _ road: Flights.Road, _ event: JournalEvent, _ peer: Participant
    ) -> Flights.Key {
        // An app does not see its token, and the ACK of a receipt names the service.
        let isReceipt = event.messageID?.text.hasPrefix("dr2:") == true
        return Flights.Key(
            road: road, peer: peer, id: event.messageID,
            token: road == .delivery || isReceipt ? nil : event.from)
    }

    // MARK: Lines of app servers

    mutating func bind(_ event: JournalEvent, at index: Int) {
        if let entry = evidence.connections.entry(at: index) {
            boundLines[entry] = cast.line(of: event.connection)
        }
    }

    /// Where an app server did something: on the connection that it names, or on the one on which
    /// the message came.
    mutating func ownLine(_ event: JournalEvent, at index: Int) -> LineID? {
        evidence.connections.entry(at: index).flatMap { boundLines[$0] }
            ?? arrivalLines[key(.upstream, event, event.actor)]
            ?? cast.newestLine(of: event.actor)
    }

    // MARK: What lasts

    mutating func beginSpan(
        _ key: SpanKey, _ kind: SequenceDiagram.Span.Kind, on line: LineID, _ text: String,
        _ row: Int
    ) {
        endSpan(key, row)
        openSpans[key] = diagram.spans.count
        diagram.spans.append(
            SequenceDiagram.Span(kind: kind, line: line, text: text, from: row, to: nil))
    }

    mutating func endSpan(_ key: SpanKey, _ row: Int) {
        if let index = openSpans.removeValue(forKey: key) { diagram.spans[index].to = row }
    }

    /// The relay is gone: so are its connections and timers.
    mutating func endRelay(_ row: Int) {
        openSpans = openSpans.filter { key, index in
            guard [.connection, .draining].contains(diagram.spans[index].kind) else { return true }
            diagram.spans[index].to = row
            return false
        }
        for index in diagram.timers.indices where diagram.timers[index].to == nil {
            diagram.timers[index].to = row
        }
        openTimers = [:]
        cast.closeAll()
    }

    // MARK: Timers

    mutating func setTimer(_ event: JournalEvent) {
        guard let message = event.message else { return }
        stopTimer(of: message)
        openTimers[message] = diagram.timers.count
        diagram.timers.append(
            SequenceDiagram.TimerBracket(
                text: EventPhrase.rounded(event.delay ?? .zero), from: lastRow, to: nil))
    }

    /// Whatever comes next is drawn where the timer ran out.
    mutating func fireTimer(_ event: JournalEvent) {
        guard let message = event.message, let index = openTimers.removeValue(forKey: message)
        else { return }
        diagram.timers[index].to = lastRow + 1
        diagram.timers[index].hasFired = true
    }

    mutating func stopTimer(of message: Int64?) {
        guard let message, let index = openTimers.removeValue(forKey: message) else { return }
        diagram.timers[index].to = lastRow
    }
}
