extension SequenceDiagram {
    /// Events that are drawn at most; a page with more is hardly opened, and never read.
    static let mostEvents = 10_000
    /// Lifelines that are drawn at most.
    static let mostLines = 40
    /// Rows after the one that a page must not do without.
    private static let rowsAfter = 20

    /// Marks the row of an event, or the one before it if it is not drawn.
    mutating func flag(_ event: UInt64, expectation number: Int) {
        guard let row = row(of: event) else { return }
        rows[row].decides.append(number)
    }

    private func row(of event: UInt64) -> Int? {
        var (low, high) = (0, rows.count)
        while low < high {
            let middle = (low + high) / 2
            if (rows[middle].events.first ?? 0) <= event { low = middle + 1 } else { high = middle }
        }
        return low == 0 ? nil : low - 1
    }

    /// Leaves out what is too much: the end, unless an expectation was decided against there.
    mutating func limit(events most: Int = mostEvents, lines mostLines: Int = mostLines) {
        limitLines(mostLines)
        guard drawnEvents > most, !rows.isEmpty else { return }
        var first = 0
        var end = count(of: rows, upTo: most)
        if let decisive = rows.lastIndex(where: { !$0.decides.isEmpty }), decisive >= end {
            end = min(rows.count, decisive + Self.rowsAfter)
            first = end - count(of: rows[..<end].reversed(), upTo: most)
        }
        keep(first..<max(first + 1, end))
    }

    /// How many rows show no more than so many events.
    private func count(of rows: some Sequence<Row>, upTo most: Int) -> Int {
        var (count, events) = (0, 0)
        for row in rows {
            events += row.events.count
            if events > most { break }
            count += 1
        }
        return count
    }

    private mutating func keep(_ kept: Range<Int>) {
        omittedBefore = kept.lowerBound
        omittedAfter = rows.count - kept.upperBound
        rows = Array(rows[kept])
        drawnEvents = rows.reduce(0) { $0 + $1.events.count }
        for index in rows.indices {
            guard case .arrow(var arrow) = rows[index].content, case .late(let row) = arrow.fate
            else { continue }
            arrow.fate = kept.contains(row) ? .late(row - kept.lowerBound) : .unknown
            rows[index].content = .arrow(arrow)
        }
        spans = spans.compactMap { span in
            guard let (from, to) = kept.clamp(span.from, span.to) else { return nil }
            return Span(kind: span.kind, line: span.line, text: span.text, from: from, to: to)
        }
        timers = timers.compactMap { timer in
            guard let (from, to) = kept.clamp(timer.from, timer.to) else { return nil }
            return TimerBracket(text: timer.text, from: from, to: to, hasFired: timer.hasFired)
        }
    }

    /// The first lines with the relay's; what happened at the others goes with them.
    private mutating func limitLines(_ most: Int) {
        guard lines.count > most else { return }
        let devices = lines.filter { $0.id.group == .device }
        let appServers = lines.filter { $0.id.group == .appServer }
        let few = min(appServers.count, max(most / 2, most - 1 - devices.count))
        let shown =
            devices.prefix(most - 1 - few).map(\.id) + [.relay]
            + appServers.prefix(few).map(\.id)
        let ids = Set(shown)
        omittedLines = lines.count - ids.count
        lines.removeAll { !ids.contains($0.id) }
        spans.removeAll { !ids.contains($0.line) }
        for index in rows.indices where !rows[index].content.lines.allSatisfy(ids.contains) {
            // The row stays, as others count on its number.
            rows[index].content = .arrival
        }
    }
}

extension Range<Int> {
    /// From where to where something reaches in it; nil: it does not.
    fileprivate func clamp(_ from: Int, _ to: Int?) -> (Int, Int?)? {
        guard from < upperBound, (to ?? .max) >= lowerBound else { return nil }
        let end = to.flatMap { $0 < upperBound ? $0 - lowerBound : nil }
        return (Swift.max(from, lowerBound) - lowerBound, end)
    }
}

extension SequenceDiagram.Content {
    fileprivate var lines: [LineID] {
        switch self {
        case .step, .arrival: []
        case .mark(let mark): [mark.line]
        case .arrow(let arrow): [arrow.from, arrow.to]
        }
    }
}
