import CloudMessaging
import Command
import DeviceMachine
import GCMDevice
import Logging
import ServiceLifecycle
import Synchronization

/// One device with one app from its opening to its end.
struct DeviceRun: Sendable {
    let device: GCMDevice
    let app: Category
    let outcomes: Outcomes
    let printer: EventPrinter

    /// Opens the device; `watch` sees the app's events after they were printed.
    init(
        _ options: DeviceOptions, _ configuration: GCMDeviceConfiguration,
        watch: @escaping @Sendable (AppEvent) -> Void = { _ in }
    ) async throws(CommandFailure) {
        let app = try options.category()
        let printer = EventPrinter(client: options.client)
        do throws(GCMDeviceError) {
            device = try await GCMDevice.open(configuration) { printer.print($0) }
        } catch {
            throw CommandFailure(error)
        }
        let outcomes = Outcomes(unfinished: device.unfinishedAtStart(of: app))
        device.attach(app) { event in
            printer.print(event)
            outcomes.note(event)
            watch(event)
        }
        self.app = app
        self.printer = printer
        self.outcomes = outcomes
    }

    /// Hands a message to the library; returns when it is durable, with the reason when it is
    /// refused.
    func send(_ request: SendRequest) async throws(CommandFailure) -> SendFailure? {
        outcomes.handOver()
        let (isOpen, failure) = await withCheckedContinuation { continuation in
            let isOpen = device.send(request) { [printer, outcomes] failure in
                if let failure {
                    printer.print(failure, of: request.id)
                    outcomes.noteRefusal()
                }
                continuation.resume(returning: (true, failure))
            }
            if !isOpen { continuation.resume(returning: (false, nil)) }
        }
        guard isOpen else { throw CommandFailure(.software, "the device was closed") }
        return failure
    }

    /// Does the work until a signal comes or it gives a status, and closes the device.
    func finish(
        _ work: @escaping @Sendable (DeviceRun) async throws -> ExitStatus?
    ) async throws -> ExitStatus {
        let service = WorkService(run: self, work: work)
        let quiet = Logger(label: "gcm-device") { _ in SwiftLogNoOpLogHandler() }
        let ended = try await SignalledServices.run([service], logger: quiet)
        return ended == .done ? try service.result() : ended
    }
}

/// The work of a program, as something that a signal can end.
private final class WorkService: Service {
    private let run: DeviceRun
    private let work: @Sendable (DeviceRun) async throws -> ExitStatus?
    private let outcome = Mutex<Result<ExitStatus, any Error>>(.success(.done))

    init(run: DeviceRun, work: @escaping @Sendable (DeviceRun) async throws -> ExitStatus?) {
        self.run = run
        self.work = work
    }

    func result() throws -> ExitStatus {
        try outcome.withLock(\.self).get()
    }

    /// The work may hang in a read of its input; the end of the process does not wait for it.
    func run() async throws {
        let (ends, end) = AsyncStream.makeStream(of: Void.self)
        Task { [self] in
            let result: Result<ExitStatus, any Error>
            do {
                guard let status = try await work(run) else { return }
                result = .success(status)
            } catch {
                result = .failure(error)
            }
            outcome.withLock { $0 = result }
            end.finish()
        }
        await withGracefulShutdownHandler {
            for await _ in ends {}
        } onGracefulShutdown: {
            end.finish()
        }
        await run.device.close()
    }
}
