import CloudMessaging
import Faults
import RelayMachine

/// Carries out what faults do on one connection (docs/faults.md), one deed after the other; what is
/// left of the step then has its way.
final class LinkFaults {
    private struct Overtaken {
        let point: FaultPoint
        let step: BittenStep
        /// The faults that come after the one that keeps it.
        let bites: ArraySlice<FaultBite>
        let patience: any ScheduledWork
    }

    private unowned let link: AppServerLink
    private let node: RelayNode
    /// Stanzas that wait for the next one of their point.
    private var overtaken: [Overtaken] = [] {
        didSet { link.stunned.keepsStanzas = !overtaken.isEmpty }
    }

    init(_ link: AppServerLink, _ node: RelayNode) {
        self.link = link
        self.node = node
    }

    /// Asks the faults of a step, and does what is left of it.
    func meet(_ step: FaultedStep) {
        let view = link.view(of: step)
        let bites = node.faults.box.bites(at: step.point, on: view)
        guard !bites.isEmpty else {
            link.carryOut(step)
            return letGo(at: step.point)
        }
        link.tellArrival(of: step)
        let event = node.observer.bitten(view, by: bites)
        if case .binding = step { link.keepBindingAnswer() }
        go(on: BittenStep(step: step, event: event), bites[...])
    }

    private func go(on bitten: BittenStep, _ bites: ArraySlice<FaultBite>) {
        guard link.isUsable else { return }
        guard let bite = bites.first else {
            link.carryOut(bitten)
            return letGo(at: bitten.step.point)
        }
        let rest = bites.dropFirst()
        switch bite.deed {
        case .drop: break
        case .delay(let delay): later(bitten, rest, after: delay)
        case .duplicate:
            go(on: bitten, rest)
            go(on: bitten, rest)
        case .reorder: keep(bitten, rest)
        case .corrupt: go(on: bitten.corrupted(by: bite.draw), rest)
        case .nack(let code): link.refuse(bitten, code: code)
        case .reset: link.reset(instead: bitten)
        case .fin: link.finish()
        case .silent:
            // A connection that falls silent at its binding is bound first.
            if case .binding = bitten.step { link.carryOut(bitten) }
            link.fallSilent()
        case .drain: drain(bitten, rest)
        case .refuse: link.refuseEntry(bitten)
        }
    }

    private func drain(_ bitten: BittenStep, _ bites: ArraySlice<FaultBite>) {
        if case .binding = bitten.step {} else { link.announceDraining() }
        go(on: bitten, bites)
        // Only now: a connection that is drained takes no requests.
        node.machine.drain(link.id, now: node.now)
        node.scheduleRound()
    }

    // MARK: Time

    private func later(
        _ bitten: BittenStep, _ bites: ArraySlice<FaultBite>, after delay: Duration
    ) {
        _ = node.scheduler.schedule(at: node.now + delay) { [weak self] in
            self?.go(on: bitten, bites)
            self?.link.catchUp()
        }
    }

    /// Keeps a stanza until the next one of its point; that is this one, if one is kept already.
    private func keep(_ bitten: BittenStep, _ bites: ArraySlice<FaultBite>) {
        let point = bitten.step.point
        guard !overtaken.contains(where: { $0.point == point }) else {
            return go(on: bitten, bites)
        }
        let end = node.now + FaultDeed.reorderPatience
        let patience = node.scheduler.schedule(at: end) { [weak self] in
            self?.letGo(at: point)
            self?.link.catchUp()
        }
        overtaken.append(
            Overtaken(point: point, step: bitten, bites: bites, patience: patience))
    }

    /// A stanza has passed, or none came.
    private func letGo(at point: FaultPoint) {
        guard let index = overtaken.firstIndex(where: { $0.point == point }) else { return }
        let kept = overtaken.remove(at: index)
        kept.patience.cancel()
        go(on: kept.step, kept.bites)
    }
}
