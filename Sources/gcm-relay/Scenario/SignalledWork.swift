import Command
import Foundation
import UnixSignals

/// Numbered work on threads of its own, until all of it is done or a signal comes.
///
/// What computes for long must not take the threads that wait for signals.
struct SignalledWork<Result: Sendable> {
    let count: Int
    /// How much is done at once.
    let width: Int
    let work: @Sendable (Int) -> Result

    private enum Occurrence: Sendable {
        case done(Int, Result)
        case signal(UnixSignal)
    }

    /// - Parameter take: told of each result when it is there; false: nothing more is begun.
    /// - Returns: what the program ends with because of a signal; nil: there was none. What was under
    ///   way at a signal is left to the end of the process.
    func run(_ take: (Int, Result) throws -> Bool) async throws -> ExitStatus? {
        let (occurrences, feed) = AsyncStream.makeStream(of: Occurrence.self)
        let signals = await UnixSignalsSequence(trapping: .sigterm, .sigint)
        let watch = Task {
            for await signal in signals { feed.yield(.signal(signal)) }
        }
        defer { watch.cancel() }
        let work = work
        var (next, underWay, goesOn) = (0, 0, true)
        func beginNext() {
            guard goesOn, next < count else { return }
            let index = next
            next += 1
            underWay += 1
            Thread.detachNewThread { feed.yield(.done(index, work(index))) }
        }
        for _ in 0..<width { beginNext() }
        guard underWay > 0 else { return nil }
        for await occurrence in occurrences {
            switch occurrence {
            case .signal(let signal):
                SecondSignal.endsAtOnce()
                return ExitStatus(endedBy: signal)
            case .done(let index, let result):
                underWay -= 1
                if try !take(index, result) { goesOn = false }
                beginNext()
                if underWay == 0 { return nil }
            }
        }
        return nil
    }
}
