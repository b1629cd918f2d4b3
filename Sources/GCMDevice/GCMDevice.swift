package import CloudMessaging
package import DeviceMachine
internal import DeviceOutbox
internal import MessageStore
internal import NetworkRuntime
internal import Synchronization
internal import TLSEngine

/// A simulated phone: its connection to the relay, its identity, and the messages that its apps
/// have pending.
///
/// Apps speak to it through the face that their developers know: ``GoogleCloudMessaging`` on
/// Android, ``GCMService`` on iOS. Several apps, told apart by their package names or bundle IDs,
/// may share a device.
///
/// Callbacks are made on the device's own thread, one after the other, and must not block. The
/// device forgets an outcome only after its callback returned; so with a state file none is lost
/// when the process dies: what was not told is told in the next life, when the app is created and
/// the device is used for the first time. Create every app before that: what happens to the
/// messages of an app that is not there is kept for it in memory only.
public final class GCMDevice: Sendable {
    let runtime: DeviceRuntime
    private let outbox: DeviceOutbox?
    let apps: AppDirectory
    private let unfinished: [Category]
    let quirks: DeviceQuirks
    private let state = Mutex(State())

    private struct State {
        var isClosed = false
        var wantsConnection = false
    }

    /// Opens a device, offline.
    ///
    /// - Parameter onStatus: called on the device's own thread; must not block.
    public static func open(
        _ configuration: GCMDeviceConfiguration,
        onStatus: @escaping @Sendable (GCMDeviceStatus) -> Void = { _ in }
    ) async throws(GCMDeviceError) -> GCMDevice {
        guard (1...65_535).contains(configuration.relayPort), !configuration.relayHost.isEmpty
        else {
            throw GCMDeviceError(
                .configuration,
                """
                \(configuration.relayHost):\(configuration.relayPort) is no address of a relay: \
                name a host and a port of 1…65535
                """)
        }
        let tls = try trust(configuration.trustedCAFile)
        let outbox = try configuration.stateFile.map { path throws(GCMDeviceError) in
            try openOutbox(path)
        }
        return try await GCMDevice(configuration, tls: tls, outbox: outbox, onStatus: onStatus)
    }

    private init(
        _ configuration: GCMDeviceConfiguration, tls: TLSContext, outbox: DeviceOutbox?,
        onStatus: @escaping @Sendable (GCMDeviceStatus) -> Void
    ) async throws(GCMDeviceError) {
        let store: any OutboxStore = outbox ?? InMemoryOutbox()
        let apps = AppDirectory()
        quirks = configuration.quirks
        do {
            let snapshot = try store.open()
            unfinished = snapshot.messages.map(\.category)
            runtime = try await DeviceRuntime(
                settings: configuration.machineSettings,
                relay: RelayAddress(
                    host: configuration.relayHost, port: configuration.relayPort),
                tls: tls, outbox: store, snapshot: snapshot, seed: configuration.seed,
                observe: { event in
                    apps.tell(event)
                    if let status = GCMDeviceStatus(event) { onStatus(status) }
                })
        } catch let failure as StoreFailure {
            outbox?.close()
            throw GCMDeviceError(.stateFileNotWritable, failure.description)
        } catch {
            outbox?.close()
            throw GCMDeviceError(.configuration, "the device cannot be started: \(error)")
        }
        self.apps = apps
        self.outbox = outbox
    }

    private static func trust(_ file: String) throws(GCMDeviceError) -> TLSContext {
        do throws(TrustError) {
            return try TLSContext(clientTrusting: file)
        } catch {
            throw GCMDeviceError(error)
        }
    }

    private static func openOutbox(_ path: String) throws(GCMDeviceError) -> DeviceOutbox {
        do throws(StoreOpenError) {
            return try DeviceOutbox(path: path)
        } catch {
            throw GCMDeviceError(error)
        }
    }

    // MARK: Connection

    /// Connects to the relay, and again whenever the connection is lost.
    public func connect() {
        setOnline(true)
    }

    /// Disconnects; what is pending stays pending.
    public func disconnect() {
        setOnline(false)
    }

    private func setOnline(_ isWanted: Bool) {
        state.withLock { state in
            guard !state.isClosed else { return }
            state.wantsConnection = isWanted
            runtime.order { machine, now in
                if isWanted { machine.goOnline(now: now) } else { machine.goOffline(now: now) }
            }
            guard !isWanted else { return }
            runtime.execute { [apps] in apps.tellAll(.offline(reason: "the device disconnected")) }
        }
    }

    /// Ends the device: outcomes that are known are told, and the state file is closed. What is
    /// pending stays there for the next life. Everything that is called later fails.
    public func close() async {
        let wasClosed = state.withLock { state in
            defer { state.isClosed = true }
            return state.isClosed
        }
        guard !wasClosed else { return }
        runtime.execute { [apps] in apps.tellAll(.offline(reason: "the device was closed")) }
        try? await runtime.shutDown()
        outbox?.close()
    }

    /// The next automatic message ID: "1", "2", …, counted on over the device's lives.
    public func nextMessageID() async throws(GCMDeviceError) -> String {
        try await ask { runtime, answer in
            runtime.order { machine, now in
                machine.nextMessageID(now: now).text
            } answer: {
                answer($0)
            }
        }
    }

    /// Removes an app from the device, as a user would: its tokens and its pending messages are
    /// gone, and the relay is not told. It learns of it when it delivers something to the app.
    ///
    /// - Parameter app: package name or bundle ID; one that is not there is no error.
    public func uninstall(_ app: String) async throws(GCMDeviceError) {
        guard let category = Category(app) else { return }
        try await ask { runtime, answer in
            runtime.order { machine, now in
                machine.uninstall(category, now: now)
            } answer: {
                answer(())
            }
        }
    }

    // MARK: What the faces stand on

    /// Lets an app be told what happens; the last observer counts.
    package func attach(_ app: Category, _ observer: @escaping @Sendable (AppEvent) -> Void) {
        whenOpen { runtime in
            runtime.execute { [apps] in apps.attach(app, observer) }
        }
    }

    /// Hands a message over, in the order of the calls.
    ///
    /// - Parameter answer: called on the device's own thread, with nil when the message is
    ///   durable, else with the reason why the library does not take it.
    /// - Returns: whether the device is open; otherwise there will be no answer.
    package func send(
        _ request: SendRequest, answer: @escaping @Sendable (SendFailure?) -> Void
    ) -> Bool {
        let timeToLive = request.timeToLive
        return whenOpen { runtime in
            runtime.send(request) { error in
                answer(error.map { SendFailure(refused: $0, timeToLive: timeToLive) })
            }
        }
    }

    /// Asks for a token; an `AppEvent` answers, when there is a connection.
    ///
    /// - Parameter refused: called on the device's own thread when none will.
    package func register(
        _ app: Category, senders: [SenderID], refused: @escaping @Sendable (String) -> Void
    ) -> Bool {
        let isConnecting = state.withLock(\.wantsConnection)
        return whenOpen { runtime in
            runtime.order { machine, _ in
                machine.register(app, senders: senders)
            } answer: { error in
                if let error { refused(error.androidName) }
            }
            guard !isConnecting else { return }
            runtime.execute { refused("the device is not connected") }
        }
    }

    /// Asks the relay something about an app, which needs a connection and a token.
    ///
    /// - Parameters:
    ///   - token: what the app takes for its token; nil: whichever it is.
    ///   - answer: called on the device's own thread, with nil when the relay did what was asked.
    /// - Returns: whether the device is open; otherwise there will be no answer.
    package func request(
        _ request: AppRequest, of app: Category, token: String? = nil,
        answer: @escaping @Sendable (AppRequest.Refusal?) -> Void
    ) -> Bool {
        whenOpen { runtime in
            runtime.request(
                request, of: app, token: token.map { RegistrationToken($0) }, answer: answer)
        }
    }

    /// Returns when the app may hand over another message.
    package func waitForRoom(for app: Category) async throws(GCMDeviceError) {
        try await ask { runtime, answer in
            runtime.waitForRoom(for: app) { answer(()) }
        }
    }

    /// Begins the device's life, if nothing else did.
    package func begin() {
        whenOpen { $0.order { _, _ in } }
    }

    /// How many messages of the app an earlier life left without an outcome, or untold.
    package func unfinishedAtStart(of app: Category) -> Int {
        unfinished.count { $0 == app }
    }

    // MARK: Helpers

    @discardableResult
    private func whenOpen(_ work: (DeviceRuntime) -> Void) -> Bool {
        state.withLock { state in
            guard !state.isClosed else { return false }
            work(runtime)
            return true
        }
    }

    private func ask<Answer: Sendable>(
        _ question: (DeviceRuntime, @escaping @Sendable (Answer) -> Void) -> Void
    ) async throws(GCMDeviceError) -> Answer {
        let answer: Answer? = await withCheckedContinuation { continuation in
            let isOpen = whenOpen { runtime in
                question(runtime) { continuation.resume(returning: $0) }
            }
            if !isOpen { continuation.resume(returning: nil) }
        }
        guard let answer else { throw .closed }
        return answer
    }
}
