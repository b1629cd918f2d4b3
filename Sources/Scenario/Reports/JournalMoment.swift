import CloudMessaging
import Journal

/// An event of a journal that decided something, and those before it.
struct JournalMoment {
    /// Nil: it was decided by the end.
    let event: JournalEvent?
    let before: [JournalEvent]

    /// For people, line by line.
    func lines(since start: Instant) -> [String] {
        var lines: [String] = []
        if !before.isEmpty {
            lines.append("the journal before \(event == nil ? "the end" : "it"):")
            lines += before.map { "  \(EventPhrase.line($0, since: start))" }
        }
        if let event { lines.append("> \(EventPhrase.line(event, since: start))") }
        return lines
    }
}

extension ScenarioRun {
    /// When something was seen that must not be; nil: nothing was.
    var failureMoment: JournalMoment? {
        guard let failure, failure.kind == .invariant else { return nil }
        let event = failure.event.flatMap(evidence.event)
        let before = evidence.events.prefix { $0.number < event?.number ?? .max }
        return JournalMoment(
            event: event, before: Array(before.suffix(ScenarioLimits.eventsBefore)))
    }
}
