import CloudMessaging
package import Foundation
import Journal
import NIOCore
import NIOPosix
import NetworkRuntime
import Nodes
package import Scenario
import Stagecraft

/// Plays a scenario file on real sockets: TLS on free ports, the relay's store in a file.
package struct LivePlay: Sendable {
    /// How many times as fast as real time the play runs.
    private let timeScale: Int
    private let trust: LiveTrust
    /// In which every play makes a folder for its files.
    private let scratch: URL
    /// Told where the relay listens, if an app server under test is to come.
    private let invite: @Sendable (Invitation) -> Void
    /// Told, as a sentence, who comes and is not the app server under test that is waited for.
    private let strangerCame: @Sendable (String) -> Void

    package init(
        timeScale: Int = 1, trust: LiveTrust,
        scratch: URL = FileManager.default.temporaryDirectory,
        invite: @escaping @Sendable (Invitation) -> Void = { _ in },
        strangerCame: @escaping @Sendable (String) -> Void = { _ in }
    ) {
        self.timeScale = timeScale
        self.trust = trust
        self.scratch = scratch
        self.invite = invite
        self.strangerCame = strangerCame
    }

    /// Plays until the end that the file names and judges its expectations; nothing is left
    /// running, and no file. A task that is cancelled breaks the play off.
    ///
    /// - Parameter seed: rules all randomness of the cast; nil: the file's own.
    package func run(
        _ file: ScenarioFile, path: String, seed: UInt64? = nil
    ) async throws(LivePlayError) -> ScenarioRun {
        let began = ContinuousClock.now
        let seed = seed ?? file.seed
        do {
            let result = try await play(file, seed: seed)
            let page = result.journal.events()
            return ScenarioRun(
                file, path: path, driver: .live, timeScale: timeScale, seed: seed,
                evidence: Evidence(
                    page.events.map { $0.noEarlier(than: result.began) }, start: result.began,
                    hasGap: page.hasGap),
                failure: result.problem?.failure(at: path), took: ContinuousClock.now - began)
        } catch {
            throw LivePlayError(description: "the play cannot be given live: \(error)")
        }
    }

    private func play(_ file: ScenarioFile, seed: UInt64) async throws -> LiveResult {
        let folder = scratch.appending(path: "gcm-play-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let storeThread = NIOThreadPool(numberOfThreads: 1)
        storeThread.start()
        let eventLoop = group.any()
        let outcome: Result<LiveResult, any Error>
        do {
            let storeFile = folder.appending(path: "relay.sqlite").path
            let result = eventLoop.makePromise(of: LiveResult.self)
            let evening = try await eventLoop.submit { [self] in
                let evening = LiveEvening(
                    file, seed: seed, timeScale: timeScale, trust: trust, storeFile: storeFile,
                    storeThread: storeThread, eventLoop: eventLoop, invite: invite,
                    strangerCame: strangerCame, result: result)
                evening.begin()
                return NIOLoopBound(evening, eventLoop: eventLoop)
            }.get()
            outcome = .success(
                try await withTaskCancellationHandler {
                    try await result.futureResult.get()
                } onCancel: {
                    eventLoop.execute { evening.value.breakOff() }
                })
        } catch {
            outcome = .failure(error)
        }
        // The store is closed on its thread, and one that was just opened after the loop heard of it:
        // waited for by futures, as a cancelled task waits for nothing else.
        for _ in 0..<2 {
            try? await storeThread.runIfActive(eventLoop: eventLoop) {}.get()
            try? await eventLoop.submit {}.get()
        }
        try? await storeThread.shutdownGracefully()
        try? await group.shutdownGracefully()
        try? FileManager.default.removeItem(at: folder)
        return try outcome.get()
    }
}

extension JournalEvent {
    /// The play begins when the relay accepts connections: what it did until then was before all time.
    fileprivate func noEarlier(than start: Instant) -> JournalEvent {
        guard instant < start else { return self }
        return JournalEvent(
            kind, at: start, by: actor, about: subject, sender: sender, connection: connection,
            attempt: attempt, state: state, cause: cause, delay: delay, detail: detail
        ).numbered(number)
    }
}

/// Why a live play could not even begin.
package struct LivePlayError: Error, CustomStringConvertible {
    package let description: String
}

/// What a live play left behind.
struct LiveResult: Sendable {
    let journal: Journal
    let began: Instant
    let problem: PlayProblem?
}
