import CloudMessaging
import DeviceMachine
package import Journal

/// Writes what the apps of a device do and are told into a journal (docs/journal.md).
///
/// What the device and its relay say to each other is written by the relay's recorder.
package final class DeviceRecorder {
    /// A message that its app is not told the outcome of.
    private struct Message {
        let names: JournalEvent.Names
        var willSend: UInt64?
    }

    /// Messages that are remembered; of older ones only their reference is known.
    private static let limit = 1_024

    private let name: Participant
    private let journal: any EventRecorder
    private let scheduler: any Scheduler
    private var messages = RecentValues<Int64, Message>(limit: limit)
    private var isOnline = false

    /// - Parameters:
    ///   - name: of the device in the cast.
    ///   - scheduler: gives the instants of the events.
    package init(
        _ name: Participant, journal: any EventRecorder, scheduler: any Scheduler
    ) {
        self.name = name
        self.journal = journal
        self.scheduler = scheduler
    }

    // MARK: What an app does

    func sent(_ request: SendRequest, _ outcome: SendOutcome) {
        let names = JournalEvent.Names(
            messageID: MessageID(request.id), category: request.category, data: request.data)
        switch outcome {
        case .taken(let number): messages.append(Message(names: names), for: number)
        case .refused(let error): refused(names, error)
        }
    }

    /// The library took the message and gave it up before it was durable.
    func refused(_ reference: MessageReference, _ error: UpstreamError) {
        let names = messages.remove(reference.number)?.names ?? reference.names
        refused(names, error)
    }

    private func refused(_ names: JournalEvent.Names, _ error: UpstreamError) {
        record(
            .appError, .named(names),
            detail: JournalEvent.Detail(error: error.androidName, deed: "refused"))
    }

    // MARK: What it is told

    func told(_ event: DeviceEvent) {
        switch event {
        case .accepted(let reference): accepted(reference)
        case .sent(let references):
            for reference in references { ended(reference, .appSent, nil) }
        case .sendError(let reference, let error): ended(reference, .appError, error)
        case .received(let message): received(message)
        case .messagesDeleted(let category, let total):
            record(
                .appDeleted, .named(JournalEvent.Names(category: category)),
                detail: JournalEvent.Detail(count: total))
        case .deliveryDropped(let reason):
            record(.stanzaRefused, detail: JournalEvent.Detail(reason: reason))
        case .storeFailed(let failure):
            record(.storeFailed, detail: JournalEvent.Detail(reason: failure.description))
        case .online: online()
        case .offline: if isOnline { offline(nil) }
        case .linkLost(let reason), .identityRefused(let reason): offline(reason)
        case .registered, .registrationRefused, .tokenRefreshed, .joinedGroup: break
        }
    }

    private func accepted(_ reference: MessageReference) {
        var message = messages.remove(reference.number) ?? Message(names: reference.names)
        message.willSend = record(.appWillSend, .named(message.names))
        messages.append(message, for: reference.number)
    }

    private func ended(
        _ reference: MessageReference, _ kind: JournalEvent.Kind, _ error: UpstreamError?
    ) {
        let message = messages.remove(reference.number)
        record(kind, .named(reference.names), cause: message?.willSend, error: error)
    }

    private func received(_ message: DeliveredMessage) {
        let names = JournalEvent.Names(
            messageID: message.id, category: message.category, data: message.data)
        record(.appReceived, .named(names), sender: SenderID(message.from))
    }

    private func online() {
        isOnline = true
        record(.deviceOnline)
    }

    private func offline(_ reason: String?) {
        isOnline = false
        record(.deviceOffline, detail: reason.map { JournalEvent.Detail(reason: $0) })
    }

    // MARK: The process

    func started() { record(.processStarted) }

    func stopped() { record(.processStopped) }

    /// The process ended without a word; only its driver knows.
    package func crashed() { record(.processCrashed) }

    // MARK: Events

    @discardableResult
    private func record(
        _ kind: JournalEvent.Kind, _ subject: JournalEvent.Subject = .nothing,
        sender: SenderID? = nil, cause: UInt64? = nil, detail: JournalEvent.Detail? = nil
    ) -> UInt64 {
        journal.record(
            JournalEvent(
                kind, at: scheduler.now, by: name, about: subject, sender: sender, cause: cause,
                detail: detail))
    }

    private func record(
        _ kind: JournalEvent.Kind, _ subject: JournalEvent.Subject, cause: UInt64? = nil,
        error: UpstreamError?
    ) {
        record(
            kind, subject, cause: cause,
            detail: error.map { JournalEvent.Detail(error: $0.androidName) })
    }
}

extension MessageReference {
    fileprivate var names: JournalEvent.Names {
        JournalEvent.Names(messageID: id, category: category)
    }
}
