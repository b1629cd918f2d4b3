import AppServerMachine
import CloudMessaging
import NetworkRuntime
internal import Nodes
public import ServiceLifecycle
import Synchronization
import TLSEngine

/// An app server: receives the upstream messages of one sender ID from a relay, ACKs them, and
/// sends messages downstream.
///
/// ```swift
/// let server = try GCMAppServer(
///     .init(trustedCAFile: "ca.pem", senderID: "555000111222", apiKey: "demo-key"))
/// async let running: Void = server.run()
/// for await message in server.messages {
///     try await save(message)
///     message.ack()
///     let answer = try await server.send(.init(to: .token(message.from), data: ["got": "it"]))
///     print("the relay has taken \(answer.messageID)")
/// }
/// try await running
/// ```
///
/// It keeps its connections up: one that is lost comes again with growing pauses, one that the
/// relay drains is replaced at once. Delivery is *at least once*, so expect to see a message again.
///
/// ``messages``, ``events`` and ``eventBatches`` are three views of one queue: iterate one of them,
/// as what one has taken no other sees. The relay's window (100 un-ACKed messages a connection)
/// keeps the queue short: when the library ACKs, it holds its ACKs back while 1,000 events wait.
/// ``send(_:)`` may therefore be awaited between two messages. Only with a relay that knows no
/// window 10,000 events can wait; then nothing more is read, not even answers.
public final class GCMAppServer: Service {
    private let settings: AppServerSettings
    private let login: AppServerLogin
    private let tls: TLSContext
    private let queue = EventQueue()
    let requests = DownstreamRequests()
    /// Receipts are small and told already; whoever does not take them loses the oldest.
    private let (receiptStream, receiptsIn) = AsyncStream.makeStream(
        of: DeliveryReceipt.self, bufferingPolicy: .bufferingNewest(1_000))
    private let hasRun = Atomic(false)
    private let isStopped = Atomic(false)
    private let refusal = Mutex<String?>(nil)
    /// Finished by whoever wants the app server to end.
    private let (ending, end) = AsyncStream.makeStream(of: Never.self)

    /// Connects to nothing yet; ``run()`` does.
    ///
    /// Reads the file of trusted CAs.
    public init(_ configuration: Configuration) throws(GCMAppServerError) {
        guard let sender = SenderID(configuration.senderID) else {
            throw GCMAppServerError(
                .invalidConfiguration,
                "\"\(configuration.senderID)\" is no sender ID; it is the number of a project")
        }
        guard configuration.connections > 0 else {
            throw GCMAppServerError(
                .invalidConfiguration,
                "\(configuration.connections) connections receive nothing; at least 1 is needed")
        }
        guard configuration.tries > 0 else {
            throw GCMAppServerError(
                .invalidConfiguration,
                "\(configuration.tries) tries send nothing; at least 1 is needed")
        }
        settings = AppServerSettings(configuration)
        login = AppServerLogin(
            relay: RelayAddress(host: configuration.host, port: configuration.port),
            sender: sender, key: configuration.apiKey)
        do {
            tls = try TLSContext(clientTrusting: configuration.trustedCAFile)
        } catch {
            throw GCMAppServerError(error)
        }
    }

    // MARK: What comes

    /// The messages, for whoever wants nothing else.
    public var messages: Messages { Messages(queue: queue) }

    /// The messages and everything else that happens.
    public var events: Events { Events(queue: queue) }

    /// The same, as many at once as there are.
    public var eventBatches: EventBatches { EventBatches(queue: queue) }

    /// The delivery receipts: which messages, sent with
    /// ``DownstreamMessage/isDeliveryReceiptRequested``, have reached their devices.
    ///
    /// They have a queue of their own, beside ``events``, of the newest 1,000 that nobody took.
    /// The library has ACKed them already: there is nothing to take responsibility for. (With
    /// ``Acknowledgement/never`` it does not, and they come again.) A receipt may come twice, and
    /// before the answer to its message.
    public var receipts: Receipts { Receipts(stream: receiptStream) }

    // MARK: Life

    /// Holds the connections until ``stop()`` is called, the task is cancelled, or the service
    /// group that runs it shuts down gracefully. ACKs that were given before are written first;
    /// calls of ``send(_:)`` that have no answer yet fail.
    ///
    /// - Throws: `GCMAppServerError`, when the relay refuses the login, or it is called again: an
    ///   app server has one life.
    public func run() async throws {
        guard !hasRun.exchange(true, ordering: .relaxed) else {
            throw GCMAppServerError(
                .alreadyRun, "this app server has run already; make another one")
        }
        defer {
            queue.finish()
            receiptsIn.finish()
            requests.end()
        }
        // What was stopped before connects to nobody: else what waits to be sent might be sent.
        guard !isStopped.load(ordering: .acquiring) else { return }
        let runtime = try await AppServerRuntime(
            settings: settings, login: login, tls: tls,
            seed: .random(in: .min ... .max)
        ) { [self] events in take(events) }
        queue.attach(runtime)
        requests.attach(runtime)
        await withGracefulShutdownHandler {
            for await _ in ending {}
        } onGracefulShutdown: {
            self.stop()
        }
        try await runtime.stop()
        if let reason = refusal.withLock({ $0 }) {
            throw GCMAppServerError(.loginRefused, reason)
        }
    }

    /// Ends the app server: ``run()`` returns once the connections are closed. Harmless when it has
    /// ended, or never ran; then ``run()`` returns at once.
    public func stop() {
        isStopped.store(true, ordering: .releasing)
        end.finish()
    }

    /// On the app server's own thread.
    private func take(_ events: [AppServerEvent]) {
        queue.append(events)
        for event in events {
            switch event {
            case .receipt(let receipt, let id):
                receiptsIn.yield(DeliveryReceipt(receipt, on: id))
            case .authenticationFailed(_, let reason):
                refusal.withLock { $0 = reason }
                stop()
            default:
                break
            }
        }
    }
}

extension AppServerSettings {
    fileprivate init(_ configuration: GCMAppServer.Configuration) {
        self.init()
        connections = configuration.connections
        acknowledgedBy = Acknowledger(configuration.acknowledgement)
        reconnect.first = configuration.firstReconnectDelay
        reconnect.longest = configuration.longestReconnectDelay
        requestTimeout = configuration.sendTimeout
        requestTries = configuration.tries
        requestRetry.first = configuration.firstRetryDelay
        requestRetry.longest = configuration.longestRetryDelay
    }
}

extension GCMAppServerError {
    fileprivate init(_ error: TrustError) {
        switch error {
        case .missing, .unreadable: self.init(.missingTrust, error.description)
        default: self.init(.unusableTrust, error.description)
        }
    }
}
