import CloudMessaging
import Journal
import RelayMachine

/// Writes what happens on a relay into a journal (docs/journal.md), with what led to what.
///
/// Of each connection and message it remembers only the events that may be a cause of others; all
/// of that is bounded. Nothing that a peer logs in with gets further than here. What every stanza
/// touches is not checked for overlapping accesses: no observer is called back.
package final class RelayRecorder: RelayObserver {
    package var hearer: (any RelayObserver)? { self }

    private let journal: any EventRecorder
    private let scheduler: any Scheduler
    let crossings: Crossings?
    @exclusivity(unchecked) var trail = MessageTrail()
    @exclusivity(unchecked) var appServers = Peers<ConnectionID, AppServerPeer>()
    @exclusivity(unchecked) var devices = Peers<DeviceStreamID, DevicePeer>()
    /// The ends of the connections that closed last, by their numbers.
    var closings = RecentValues<Int, UInt64>(limit: 64)
    /// Why the message is sent again that is transmitted next.
    @exclusivity(unchecked) var retryCause: RetryCause?
    /// The ACK that came last, if it met faults that are told of next.
    var unheardAcknowledgement: UInt64?
    /// Whether the ACK that is told of next was answered by an error.
    var isRejectionWritten = false

    /// - Parameter scheduler: gives the instants of the events.
    package init(journal: any EventRecorder, scheduler: any Scheduler) {
        self.journal = journal
        self.scheduler = scheduler
        crossings = journal.crossings
    }

    @discardableResult
    func record(
        _ kind: JournalEvent.Kind, by actor: Participant = .relay,
        about subject: JournalEvent.Subject = .nothing, sender: SenderID? = nil,
        connection: Int? = nil, attempt: Int? = nil, state: MessageState? = nil,
        cause: UInt64? = nil, delay: Duration? = nil, detail: JournalEvent.Detail? = nil
    ) -> UInt64 {
        journal.record(
            JournalEvent(
                kind, at: scheduler.now, by: actor, about: subject, sender: sender,
                connection: connection, attempt: attempt, state: state, cause: cause,
                delay: delay, detail: detail))
    }

    // MARK: The process

    package func started() {
        crossings?.clear()
        record(.processStarted)
    }

    package func stopped() { record(.processStopped) }

    /// The process ended without a word; only its driver knows.
    package func crashed() { record(.processCrashed) }

    // MARK: The store

    package func committed(messages: Int) {
        record(
            .storeCommitted, by: .store,
            detail: messages == 0 ? nil : JournalEvent.Detail(count: messages))
    }

    func storeFailed(_ failure: StoreFailure) {
        record(
            .storeFailed, by: .store, detail: JournalEvent.Detail(reason: failure.description))
    }

    func storeDamaged(_ row: DamagedRow) {
        record(.storeDamaged, by: .store, detail: JournalEvent.Detail(reason: row.description))
    }

    func storeRecovered() { record(.storeRecovered, by: .store) }

    /// The power of the store failed; only its driver knows.
    package func powerCut() { record(.storePowerCut, by: .store) }
}
