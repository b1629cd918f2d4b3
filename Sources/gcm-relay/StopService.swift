import ServiceLifecycle

/// Lasts until somebody asks the relay to stop; its end is that of all services.
struct StopService: Service {
    private let requests: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation

    init() {
        (requests, continuation) = AsyncStream.makeStream()
    }

    func request() { continuation.finish() }

    func run() async throws {
        await cancelWhenGracefulShutdown {
            for await _ in requests {}
        }
    }
}
