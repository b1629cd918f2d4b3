import CloudMessaging
import Journal
import Scenario

/// Gives the steps of a play their moments, one after the other.
final class Prompter {
    private let stage: Stage
    private let troupe: Troupe
    private var next = 0
    /// Waits for an event that matches.
    private var awaited: Match?
    private var timeout: VirtualWork?
    /// When something happened last that the journal has.
    private(set) var lastEvent: Instant

    init(_ stage: Stage) {
        self.stage = stage
        troupe = Troupe(stage)
        lastEvent = stage.world.now
        stage.journal.audience = { [weak self] event in self?.hear(event) }
    }

    /// Whether every step is done, or one could not be done.
    var isDone: Bool { stage.problem != nil || next >= stage.file.steps.count }

    func begin() {
        prompt()
    }

    private func hear(_ event: JournalEvent) {
        lastEvent = stage.world.now
        guard let awaited, awaited.accepts(event) else { return }
        self.awaited = nil
        timeout?.cancel()
        // After whatever this event is a part of.
        stage.world.schedule(at: stage.world.now) { [self] in carryOut() }
    }

    private func prompt() {
        guard !isDone else { return }
        let step = stage.file.steps[next]
        switch step.moment {
        case .next: schedule(at: stage.world.now)
        case .at(let time): schedule(at: stage.instant(at: time))
        case .wait(let time): schedule(at: stage.world.now + time)
        case .until(let match, let time):
            awaited = match
            guard let time else { return }
            timeout = stage.world.schedule(after: time) { [weak self] in
                self?.awaited = nil
                self?.stage.fail(
                    "nothing matched \(match) within \(DurationText.text(of: time))",
                    at: step.place, isTimeout: true)
            }
        }
    }

    private func schedule(at instant: Instant) {
        stage.world.schedule(at: instant) { [self] in carryOut() }
    }

    private func carryOut() {
        let step = stage.file.steps[next]
        next += 1
        if let deed = step.deed {
            stage.journal.record(
                JournalEvent(
                    .scenarioStep, at: stage.world.now, by: .scenario,
                    detail: JournalEvent.Detail(deed: deed.verb, reason: deed.subject)))
            troupe.carryOut(deed, at: step.place)
        }
        prompt()
    }

    /// The play has ended; a step that still waits is said to.
    func end() {
        guard let awaited, !isDone else { return }
        stage.fail(
            "nothing matched \(awaited) before the play ended",
            at: stage.file.steps[next].place, isTimeout: true)
    }
}
