internal import CloudMessaging
public import GCMDevice
internal import Synchronization

/// A phone with one app that sends to a ``TestRelay``, and hears what app servers send to it.
public final class TestPhone: Sendable {
    /// The app's registration token: where app servers send to.
    public let token: String
    /// The app's package name.
    public let app: String
    /// What app servers send to the app, in the order of its arrival; for one reader.
    public let received: AsyncStream<GCMBundle>

    private let device: GCMDevice
    private let library: GoogleCloudMessaging
    private let ear: Ear
    private let address: String

    @concurrent
    init(_ app: String, at relay: TestRelay) async throws {
        var configuration = relay.deviceConfiguration
        // Each message is told of at once.
        configuration.sentBatch = 1
        configuration.firstReconnectDelay = .milliseconds(50)
        let (received, receiving) = AsyncStream.makeStream(of: GCMBundle.self)
        ear = Ear(receiving)
        self.received = received
        self.app = app
        address = "\(relay.senderID)@gcm.googleapis.com"
        device = try await GCMDevice.open(configuration)
        do {
            library = try GoogleCloudMessaging(device: device, packageName: app, listener: ear)
            device.connect()
            token = try await library.register(relay.senderID)
        } catch {
            await device.close()
            throw error
        }
    }

    /// Sends a message and returns when the relay has taken it, which does not mean that an app
    /// server has it. Offline it waits for a connection.
    ///
    /// - Parameters:
    ///   - data: sent in the order of their names' bytes.
    ///   - id: nil: the next automatic one.
    ///   - timeToLive: seconds; nil: the longest.
    /// - Returns: the message's ID.
    /// - Throws: ``Refused``, when the library or the relay does not take it.
    @discardableResult
    public func send(
        _ data: [String: String], id: String? = nil, timeToLive: Int? = nil
    ) async throws -> String {
        var bundle = GCMBundle()
        let pairs = data.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
        for (name, value) in pairs { bundle.putString(name, value) }
        return try await send(bundle, id: id, timeToLive: timeToLive)
    }

    /// The same, in an order of its own, and with names that differ in their bytes alone: Swift's
    /// dictionaries take an "é" composed and one decomposed for the same.
    @discardableResult
    public func send(
        _ data: GCMBundle, id: String? = nil, timeToLive: Int? = nil
    ) async throws -> String {
        try await handOver(data, id: id, timeToLive: timeToLive ?? -1)
    }

    /// The library is not to be called on the main thread.
    @concurrent
    private func handOver(
        _ data: GCMBundle, id: String?, timeToLive: Int
    ) async throws -> String {
        let id =
            if let id { id } else { try await library.nextMessageID() }
        let outcome = ear.outcome(of: id)
        do {
            try await library.send(
                to: address, messageID: id, timeToLive: timeToLive, data: data)
        } catch {
            ear.forget(id)
            throw error
        }
        for await error in outcome {
            if let error { throw Refused(messageID: id, error: error) }
            return id
        }
        throw CancellationError()
    }

    /// Connects, and again whenever the connection is lost; it begins so.
    public func goOnline() { device.connect() }

    /// Disconnects; what app servers send waits at the relay.
    public func goOffline() { device.disconnect() }

    func close() async {
        await device.close()
        ear.close()
    }

    /// A message that will not be sent.
    public struct Refused: Error, Sendable, CustomStringConvertible {
        /// As it was given, or counted.
        public let messageID: String
        /// As Android names it: `TooManyMessages`, `SERVICE_NOT_AVAILABLE`, `MessageTooBig`.
        public let error: String

        /// For the test's report.
        public var description: String { "message \(messageID) was refused: \(error)" }
    }
}

/// What the app is told, for whoever waits for it.
private final class Ear: GCMListener {
    private struct Waiting {
        let id: String
        let outcome: AsyncStream<String?>.Continuation
    }

    private let waiting = Mutex<[Waiting]>([])
    private let receiving: AsyncStream<GCMBundle>.Continuation

    init(_ receiving: AsyncStream<GCMBundle>.Continuation) {
        self.receiving = receiving
    }

    /// One element: nil when the message was sent, else the error.
    func outcome(of id: String) -> AsyncStream<String?> {
        let (stream, outcome) = AsyncStream.makeStream(of: String?.self)
        waiting.withLock { $0.append(Waiting(id: id, outcome: outcome)) }
        return stream
    }

    func forget(_ id: String) { tell(id, nil) }

    func close() {
        receiving.finish()
        let left = waiting.withLock { waiting in
            defer { waiting = [] }
            return waiting
        }
        for one in left { one.outcome.finish() }
    }

    func onMessageSent(_ messageID: String) { tell(messageID, nil) }

    func onSendError(_ messageID: String, _ error: String) { tell(messageID, error) }

    func onMessageReceived(from: String, data: GCMBundle) { receiving.yield(data) }

    /// Tells the first who waits for that ID.
    private func tell(_ id: String, _ error: String?) {
        let told = waiting.withLock { waiting in
            let index = waiting.firstIndex { $0.id.hasSameBytes(as: id) }
            return index.map { waiting.remove(at: $0) }
        }
        told?.outcome.yield(error)
        told?.outcome.finish()
    }
}
