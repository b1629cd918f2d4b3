import Histogram
import NIOCore

/// How long `/readyz` takes while the relay has its hands full: what an orchestrator waits for
/// before it takes a relay for dead.
struct ReadinessFigures: Sendable {
    let requests: Int
    /// Milliseconds.
    let p50: Double
    let p99: Double
}

/// Asks a relay again and again, each time on a new connection.
enum ReadinessProbe {
    private static let pause = Duration.milliseconds(5)

    /// Asks until `work` is done.
    static func measure(
        _ relay: RelayUnderLoad, while work: () async throws -> Void
    ) async throws -> ReadinessFigures {
        let probing = Task { try await probe(relay) }
        do {
            try await work()
        } catch {
            probing.cancel()
            throw error
        }
        probing.cancel()
        let histogram = try await probing.value
        return ReadinessFigures(
            requests: Int(histogram.totalCount),
            p50: Double(histogram.valueAtPercentile(50)) / 1_000,
            p99: Double(histogram.valueAtPercentile(99)) / 1_000)
    }

    /// Microseconds from the connecting to the end of the answer.
    private static func probe(_ relay: RelayUnderLoad) async throws -> Histogram<UInt32> {
        var histogram = Histogram<UInt32>(numberOfSignificantValueDigits: .three)
        while !Task.isCancelled {
            let start = NIODeadline.now()
            // One that is under way at the end is not broken off.
            let answer = try await Task { try await relay.get("/readyz") }.value
            histogram.record(UInt64((NIODeadline.now() - start).nanoseconds / 1_000))
            guard answer.hasPrefix("HTTP/1.1 200") else {
                throw BenchmarkError("the relay under load is not ready: \(answer)")
            }
            try? await Task.sleep(for: pause)
        }
        return histogram
    }
}
