package import CloudMessaging
import Journal
import Nodes
import Scenario

/// Gives the steps of a play their moments, one after the other.
package final class Prompter {
    private let stage: Stage
    private let troupe: Troupe
    private var next = 0
    /// Waits for an event that matches.
    private var awaited: Awaited?
    private var timeout: (any ScheduledWork)?
    /// When something happened last that the journal has.
    private var lastEvent: Instant
    /// Told who came while an app server under test is waited for, and is not it.
    package var strangerCame: (String) -> Void = { _ in }
    /// Told once when nothing more is done, whatever may still happen.
    package var finished: () -> Void = {}

    package init(_ stage: Stage) {
        self.stage = stage
        troupe = Troupe(stage)
        lastEvent = stage.clock.now
        stage.failed = { [weak self] in self?.finished() }
        stage.journal.audience = { [weak self] event in self?.hear(event) }
    }

    /// Whether every step is done, or one could not be done.
    package var isDone: Bool {
        stage.problem != nil || (next >= stage.file.steps.count && awaited == nil)
    }

    package func begin() {
        prompt()
    }

    /// When the play ends if nothing more is written.
    package var end: Instant {
        let end = stage.instant(at: stage.file.ending.after)
        guard isDone, let quiet = stage.file.ending.quiet else { return end }
        return min(end, lastEvent + quiet)
    }

    private func hear(_ event: JournalEvent) {
        lastEvent = stage.clock.now
        if let stranger = awaited?.stranger(event) { strangerCame(stranger) }
        guard let awaited, awaited.isMet(by: event) else { return }
        self.awaited = nil
        timeout?.cancel()
        // After whatever this event is a part of.
        switch awaited {
        case .event: schedule(at: stage.clock.now)
        case .guest: stage.clock.afterReady { [self] in prompt() }
        }
    }

    private func prompt() {
        guard !isDone else {
            // Of a problem the stage has told.
            if stage.problem == nil { finished() }
            return
        }
        let step = stage.file.steps[next]
        switch step.moment {
        case .next: schedule(at: stage.clock.now)
        case .at(let time): schedule(at: stage.instant(at: time))
        case .wait(let time): schedule(at: stage.clock.now + time)
        case .until(let match, let time):
            awaited = .event(match)
            guard let time else { return }
            timeout = stage.clock.schedule(after: time) { [weak self] in
                self?.awaited = nil
                self?.stage.fail(
                    "nothing matched \(match) within \(DurationText.text(of: time))",
                    at: step.place, kind: .timeout)
            }
        }
    }

    private func schedule(at instant: Instant) {
        _ = stage.clock.schedule(at: instant) { [self] in carryOut() }
    }

    private func carryOut() {
        let step = stage.file.steps[next]
        next += 1
        if let deed = step.deed {
            stage.journal.record(
                JournalEvent(
                    .scenarioStep, at: stage.clock.now, by: .scenario,
                    detail: JournalEvent.Detail(deed: deed.verb, reason: deed.subject)))
            troupe.carryOut(deed, at: step.place)
            if case .appServer(let name, .connects) = deed, let guest = stage.missing(name) {
                awaited = .guest(guest)
                return
            }
        }
        prompt()
    }

    /// The play has ended; a step that still waits is said to.
    package func close() {
        switch awaited {
        case .event(let match):
            stage.fail(
                "nothing matched \(match) before the play ended",
                at: stage.file.steps[next].place, kind: .timeout)
        case .guest(let guest):
            stage.fail(
                guest.absence(at: stage.driver.entrance, now: stage.clock.now),
                at: stage.file.steps[next - 1].place, kind: .absence)
        case nil: break
        }
    }

    /// The play has ended before the time that its file names; what it has not come to is said, too.
    package func breakOff() {
        close()
        guard !isDone else { return }
        stage.fail(
            "the play was over before this step's time", at: stage.file.steps[next].place,
            kind: .timeout)
    }
}

/// What a play waits for.
private enum Awaited {
    case event(Match)
    case guest(AwaitedGuest)

    func isMet(by event: JournalEvent) -> Bool {
        switch self {
        case .event(let match): match.accepts(event)
        case .guest(let guest): guest.hasCome(event)
        }
    }

    /// Who came and is not the one; nil: nobody did.
    mutating func stranger(_ event: JournalEvent) -> String? {
        guard case .guest(var guest) = self else { return nil }
        defer { self = .guest(guest) }
        return guest.stranger(event)
    }
}
