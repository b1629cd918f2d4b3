import CloudMessaging
import Command
import Foundation
import GCMDevice
import Synchronization

/// Prints what a device tells as lines of JSON (contract: "Events on stdout"), and counts outcomes.
///
/// Lines are written before the device forgets what it told: a crash may repeat one, never lose one.
final class DeviceLog: Sendable {
    /// How far the messages of this run have come.
    struct Progress: Sendable {
        /// Messages handed over, those of an earlier life included.
        var handedOver = 0
        var sent = 0
        var refused = 0
        /// What became of the message that was handed over last; nil: nothing yet.
        var lastWasSent: Bool?

        var isComplete: Bool { sent + refused >= handedOver }
    }

    private struct State {
        var output = StandardOutput()
        var progress = Progress()
        /// The device is told to end: that it goes offline is no news.
        var isEnding = false
        var isOnline = false
        var isRegistered = false
        var reasonSaid: String?
        /// UTF-8 of the ID that was handed over last.
        var lastID: [UInt8] = []

        mutating func note(_ id: String, isSent: Bool) {
            if isSent { progress.sent += 1 } else { progress.refused += 1 }
            if id.utf8.elementsEqual(lastID) { progress.lastWasSent = isSent }
        }
    }

    private let client: ClientProfile
    private let state: Mutex<State>
    /// Yields once when the device is online and the app has its token.
    let ready: AsyncStream<Void>
    private let readiness: AsyncStream<Void>.Continuation
    /// Yields after every outcome.
    let outcomes: AsyncStream<Progress>
    private let continuation: AsyncStream<Progress>.Continuation

    /// - Parameter unfinished: messages that an earlier life left without an outcome.
    init(client: ClientProfile, unfinished: Int) {
        self.client = client
        var state = State()
        state.progress.handedOver = unfinished
        self.state = Mutex(state)
        (ready, readiness) = AsyncStream.makeStream()
        (outcomes, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// A message is about to be handed over.
    func willHandOver(_ messageID: String) {
        state.withLock { state in
            state.progress.handedOver += 1
            state.progress.lastWasSent = nil
            state.lastID = Array(messageID.utf8)
        }
    }

    /// Prints something that no event of the device told.
    func say(_ event: EventLine) {
        state.withLock { state in
            state.output.append(event.finished())
            state.output.flush()
        }
    }

    /// No further message will be handed over.
    func endOfInput() {
        let progress = state.withLock { $0.progress }
        continuation.yield(progress)
    }

    /// The device is about to be closed.
    func willEnd() {
        state.withLock { $0.isEnding = true }
    }

    /// Handing over gave no message: the library took none.
    func refused(messageID: String, _ failure: SendFailure) {
        tell(.failed(messageID: messageID, failure))
    }

    func tell(_ event: AppEvent) {
        let (progress, isReady, isClosed) = state.withLock { state in
            let now = Instant.now
            for line in lines(of: event, at: now, &state) { state.output.append(line) }
            state.output.flush()
            return (
                state.progress, state.isOnline && state.isRegistered, state.output.isClosed
            )
        }
        if isClosed { endUnheard() }
        if isReady { readiness.finish() }
        switch event {
        case .sent, .failed: continuation.yield(progress)
        default: break
        }
    }

    /// On the spot: what could not be printed must not count as told.
    private func endUnheard() -> Never {
        Talk.say("gcm-device: nobody reads the output; a state file keeps what was not printed")
        exit(ExitStatus.ioError.rawValue)
    }

    private func lines(
        of event: AppEvent, at now: Instant, _ state: inout State
    ) -> [[UInt8]] {
        switch event {
        case .accepted(let messageID):
            return [line("will_send", messageID, at: now)]
        case .sent(let messageIDs):
            for id in messageIDs { state.note(id, isSent: true) }
            return messageIDs.map { line("message_sent", $0, at: now) }
        case .failed(let messageID, let failure):
            state.note(messageID, isSent: false)
            return [errorLine(messageID, failure, at: now)]
        case .registered(let token, _):
            state.isRegistered = true
            var line = EventLine("registered", at: now)
            line.add("token", token)
            return [line.finished()]
        case .registrationRefused(let refusal):
            Talk.say("gcm-device: the relay gives the app no token: \(refusal)")
            return []
        case .tokenRefreshed:
            // `registered` came with the new token.
            return []
        case .joinedGroup(let name, let key):
            var line = EventLine("group_joined", at: now)
            line.add("group", name)
            line.add("notification_key", key)
            return [line.finished()]
        case .received(let message):
            return [EventLine.received(message, at: now)]
        case .messagesDeleted(let total):
            var line = EventLine("messages_deleted", at: now)
            line.add("total_deleted", total)
            return [line.finished()]
        case .online:
            guard !state.isOnline else { return [] }
            state.isOnline = true
            state.reasonSaid = nil
            return [EventLine("online", at: now).finished()]
        case .offline(let reason):
            if state.reasonSaid != reason, !state.isEnding {
                state.reasonSaid = reason
                Talk.say("gcm-device: offline: \(reason)")
            }
            guard state.isOnline else { return [] }
            state.isOnline = false
            return [EventLine("offline", at: now).finished()]
        }
    }

    private func line(_ event: String, _ messageID: String, at now: Instant) -> [UInt8] {
        var line = EventLine(event, at: now)
        line.add("message_id", messageID)
        return line.finished()
    }

    private func errorLine(
        _ messageID: String, _ failure: SendFailure, at now: Instant
    ) -> [UInt8] {
        var line = EventLine("send_error", at: now)
        line.add("message_id", messageID)
        switch client {
        case .android: line.add("error", failure.androidName)
        case .ios: line.add("error", failure.iosCode.rawValue)
        case .fcm:
            let exception = SendException(failure.androidName)
            line.add("error", exception.description)
            line.add("error_code", exception.errorCode)
        }
        return line.finished()
    }
}
