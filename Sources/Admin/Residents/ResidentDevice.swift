import CloudMessaging
import DeviceMachine
import GCMDevice
import Synchronization

/// A device with one app that lives in the relay's process, and speaks to it over TLS like any
/// other.
final class ResidentDevice: Sendable {
    let app: Category
    let sender: SenderID
    private let device: GCMDevice
    private let log: ResidentLog

    /// So long a request waits for what the relay itself is to do.
    private static let patience = Duration.seconds(10)

    /// Opens a device without a file, offline.
    init(
        app: Category, sender: SenderID, configuration: GCMDeviceConfiguration
    ) async throws(GCMDeviceError) {
        (self.app, self.sender) = (app, sender)
        log = ResidentLog()
        device = try await GCMDevice.open(configuration)
        device.attach(app) { [log] event in log.note(event) }
    }

    var token: RegistrationToken? { log.standing.token }
    /// What the app handed over and has no outcome, oldest first.
    var pending: [ResidentLog.Message] { log.standing.pending }
    /// Why there is no connection, or no token; nil: nothing is known.
    var trouble: String? { log.standing.trouble }

    /// Connects and asks for a token; nil: something is in the way, or the time that a request waits
    /// is over.
    func register() async throws -> RegistrationToken? {
        device.connect()
        _ = device.register(app, senders: [sender]) { [log] in log.noteTrouble($0) }
        _ = try await waits { $0.token != nil || $0.trouble != nil }
        return token
    }

    /// Connects or disconnects; false: that did not come about within the time that a request waits.
    func setOnline(_ isWanted: Bool) async throws -> Bool {
        if isWanted { device.connect() } else { device.disconnect() }
        return try await waits { $0.isOnline == isWanted }
    }

    /// What became of a message within the time that a request waits.
    enum Outcome {
        case sent
        /// It stays on the device for the time being.
        case pending
        /// The name of the error that an Android app gets.
        case failed(String)
    }

    func send(_ message: ResidentLog.Message) async throws -> Outcome {
        let request = SendRequest(
            category: app, to: "\(message.sender.text)@gcm.googleapis.com", id: message.id.text,
            data: message.data, timeToLive: message.timeToLive)
        log.begin(message)
        let refusal: String? = await withCheckedContinuation { continuation in
            let isOpen = device.send(request) { continuation.resume(returning: $0?.androidName) }
            if !isOpen { continuation.resume(returning: "the device is closed") }
        }
        if let refusal {
            log.end(message.id)
            return .failed(refusal)
        }
        _ = try await waits { !$0.isOnline || !$0.isPending(message.id) }
        let standing = log.standing
        if standing.isPending(message.id) { return .pending }
        return standing.failure(of: message.id).map(Outcome.failed) ?? .sent
    }

    /// Ends the app's registration, if the relay can be asked, and the device.
    func remove() async throws {
        if try await setOnline(true) {
            await withCheckedContinuation { continuation in
                let isOpen = device.request(.unregister, of: app) { _ in continuation.resume() }
                if !isOpen { continuation.resume() }
            }
        }
        await close()
    }

    func close() async { await device.close() }

    /// Looks again and again, as nobody here is in a hurry; false: the time is over.
    private func waits(until isSo: (ResidentLog.Standing) -> Bool) async throws -> Bool {
        let end = ContinuousClock.now + Self.patience
        while !isSo(log.standing) {
            guard ContinuousClock.now < end else { return false }
            try await Task.sleep(for: .milliseconds(10))
        }
        return true
    }
}
