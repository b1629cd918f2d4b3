package import Logging
package import ServiceLifecycle
import UnixSignals

/// Runs services until a signal ends them (contract: "Ready line").
package enum SignalledServices {
    /// Runs the services; SIGTERM or SIGINT ends them in reverse order, and gives 143 or 130. A
    /// second signal, later than a second after the first, does not wait for them any longer.
    package static func run(
        _ services: [any Service], logger: Logger
    ) async throws -> ExitStatus {
        let group = group(services, logger: logger)
        return try await withThrowingTaskGroup(of: ExitStatus?.self) { tasks in
            tasks.addTask {
                try await group.run()
                return nil
            }
            tasks.addTask { await endOnSignal(group) }
            defer { tasks.cancelAll() }
            var status = ExitStatus.done
            while let ended = try await tasks.next() {
                // The group has ended: by itself, or by the signal that was seen before.
                guard let signal = ended else { return status }
                status = signal
            }
            return status
        }
    }

    /// Services of which the first that ends, ends all; no signal does.
    package static func group(_ services: [any Service], logger: Logger) -> ServiceGroup {
        var quiet = logger
        quiet.logLevel = .error
        return ServiceGroup(
            configuration: .init(
                services: services.map {
                    .init(
                        service: $0, successTerminationBehavior: .gracefullyShutdownGroup,
                        failureTerminationBehavior: .cancelGroup)
                },
                gracefulShutdownSignals: [], logger: quiet))
    }

    /// Waits for the first signal and begins the end.
    private static func endOnSignal(_ group: ServiceGroup) async -> ExitStatus? {
        for await signal in await UnixSignalsSequence(trapping: .sigterm, .sigint) {
            await group.triggerGracefulShutdown()
            SecondSignal.endsAtOnce()
            return ExitStatus(endedBy: signal)
        }
        return nil
    }
}
