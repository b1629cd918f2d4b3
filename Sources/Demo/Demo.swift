import Foundation
import RealPrograms
import UnixSignals

/// The system's main job, with the real programs as separate processes over TLS: ends with
/// `lost 0` and 0 when every message of the day arrived unchanged and was ACKed.
@main
struct Demo {
    private static let timeLimit = Duration.seconds(60)

    static func main() async {
        exit(await outcome())
    }

    /// The exit code (contract: "Exit codes").
    private static func outcome() async -> Int32 {
        // Watched first: a signal that comes now must not leave programs behind.
        let signals = await UnixSignalsSequence(trapping: .sigint, .sigterm)
        return await withTaskGroup(of: Int32?.self) { tasks in
            tasks.addTask { await play() }
            tasks.addTask {
                for await signal in signals { return signal == .sigint ? 130 : 143 }
                return nil
            }
            tasks.addTask {
                guard (try? await Task.sleep(for: timeLimit)) != nil else { return nil }
                say("the demo did not end within \(timeLimit); all programs are ended")
                return 75
            }
            // Whatever ends first ends the others: the programs go with the story.
            let first = await tasks.next() ?? nil
            tasks.cancelAll()
            return first ?? 70
        }
    }

    private static func play() async -> Int32? {
        do {
            return try await Story().play().isGood ? 0 : 1
        } catch is CancellationError {
            return nil
        } catch {
            say("\(error)")
            return 1
        }
    }

    private static func say(_ text: String) {
        FileHandle.standardError.write(Data("demo: \(text)\n".utf8))
    }
}
