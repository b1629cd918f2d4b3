package import CloudMessaging
package import Journal

/// Watches a run: every event of its journal, and what the stores hold when somebody dies.
///
/// A ledger of its own, made from what was seen from outside; it believes no counter of a machine.
package struct Invariants {
    private var upstream: UpstreamLedger
    private var downstream: DownstreamLedger
    /// By the device's name.
    private var devices: [Participant: DeviceLedger] = [:]
    /// The first invariant that did not hold.
    package private(set) var violation: Violation?

    /// - Parameters:
    ///   - ordersFirstWrites: whether the relay's settings promise an order at all.
    ///   - isLive: a relay's own journal, which may go on for days and knows of no app: little
    ///     is remembered of what is over.
    package init(
        maxUnacked: Int = Limits.unackedPerConnection, ordersFirstWrites: Bool = true,
        isLive: Bool = false
    ) {
        upstream = UpstreamLedger(
            maxUnacked: maxUnacked, ordersFirstWrites: ordersFirstWrites, keepsNames: !isLive)
        downstream = DownstreamLedger(keepsNames: !isLive)
    }

    package mutating func observe(_ event: JournalEvent) {
        check { (self: inout Invariants) throws(Violation) in
            switch event.kind {
            case .appWillSend, .appSent, .appError:
                let upstream = self.upstream
                try self.devices[event.actor, default: DeviceLedger()].observe(event) { id, app in
                    upstream.hasTaken(id, of: app)
                }
            default:
                try self.upstream.observe(event)
                try self.downstream.observe(event)
            }
        }
    }

    /// The relay's process or machine is gone.
    ///
    /// - Parameters:
    ///   - now: by the relay's clock.
    ///   - store: what the next life will find.
    package mutating func relayDied(now: Instant, store: StoreContents) {
        check { (self: inout Invariants) throws(Violation) in
            try self.upstream.relayDied(now: now, isStored: store.isStored)
            try self.downstream.relayDied(now: now, standing: store.standing)
        }
    }

    /// A device's process or machine is gone.
    ///
    /// - Parameter isGone: whether a message was never durable (time to live 0).
    package mutating func deviceDied(_ name: Participant, isGone: (MessageID) -> Bool) {
        devices[name]?.died(isGone: isGone)
    }

    /// An app has so many messages pending.
    package mutating func checkPending(_ count: Int, limit: Int?, of name: Participant) {
        guard let limit, count > limit else { return }
        note(
            Violation(
                invariant: .pendingLimit,
                finding: "\(name) has \(count) messages pending of \(limit)", event: 0))
    }

    /// The relay keeps too much of something in memory.
    ///
    /// - Parameter excess: what, how many of them, and how many there may be.
    package mutating func noteMemory(_ excess: String) {
        note(Violation(invariant: .memoryBounded, finding: "the relay keeps \(excess)", event: 0))
    }

    /// Nothing is under way: what is not over must be in the store.
    package mutating func checkStored(now: Instant, store: StoreContents) {
        check { (self: inout Invariants) throws(Violation) in
            try self.upstream.checkStored(now: now, store.isStored)
            try self.downstream.checkStored(now: now, store.standing)
        }
    }

    /// Everything worked for a long time, and every app server ACKs: nothing may be left.
    ///
    /// - Parameter devices: in an order of the caller's.
    package mutating func checkEverythingArrived(
        now: Instant, store: StoreContents, devices names: [Participant]
    ) {
        check { (self: inout Invariants) throws(Violation) in
            try self.upstream.checkSettledAreGone(store.isStored)
        }
        if let message = downstream.unfinished(now: now).first {
            note(
                Violation(
                    invariant: .everythingArrives,
                    finding: "message \(message.key.sequence) (\(message.id)) to a device is still "
                        + "not over", event: 0))
        }
        if let receipt = downstream.awaitedReceipts.first(where: { !upstream.hasReceipt($0) }) {
            note(
                Violation(
                    invariant: .everyReceipt, finding: "there never was a receipt \(receipt)",
                    event: 0))
        }
        if let message = upstream.unfinished.first {
            note(
                Violation(
                    invariant: .everythingArrives,
                    finding: "message \(message.key.sequence) (\(message.id)) is still not over",
                    event: 0))
        }
        for name in names {
            guard let id = devices[name]?.withoutOutcome.first else { continue }
            note(
                Violation(
                    invariant: .oneOutcome,
                    finding: "\(name) was never told what became of \(id)", event: 0))
        }
    }

    private mutating func check(_ look: (inout Invariants) throws(Violation) -> Void) {
        do { try look(&self) } catch { note(error) }
    }

    private mutating func note(_ violation: Violation) {
        if self.violation == nil { self.violation = violation }
    }
}
