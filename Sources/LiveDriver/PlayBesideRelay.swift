import CloudMessaging
import Journal
import NIOCore
package import NetworkRuntime
package import Scenario
import Stagecraft
import Synchronization

/// A scenario file that is played at a relay which serves others, too, as long as they need it: the
/// relay of `gcm-relay exec`, at which the command is or brings the app server under test.
///
/// What the file says of its end counts for nothing: the play lasts until it is ended.
package final class PlayBesideRelay: Sendable {
    private let file: ScenarioFile
    private let path: String
    private let seed: UInt64
    private let trust: LiveTrust
    private let cast = Mutex<(bound: NIOLoopBound<CastBesideRelay>, eventLoop: any EventLoop)?>(nil)
    private let began = ContinuousClock.now

    /// - Parameter path: how reports call the file.
    /// - Throws: when a step of it cannot be done at such a relay.
    package init(
        _ file: ScenarioFile, path: String, seed: UInt64, trust: LiveTrust
    ) throws(LivePlayError) {
        if let step = file.steps.first(where: \.endsRelay) {
            throw LivePlayError(
                description: "\(path):\(step.place): the relay serves the command, too, and is not "
                    + "to end or to change its clock meanwhile")
        }
        if let reason = file.virtualOnly {
            throw LivePlayError(description: "\(path): virtual only: \(reason)")
        }
        self.file = file
        self.path = path
        self.seed = seed
        self.trust = trust
    }

    /// Brings the cast to the relay; for its configuration.
    package var companion: RelayRuntime.CompanionMaker {
        { [self] eventLoop, clock in
            let cast = CastBesideRelay(file, seed: seed, trust: trust, on: eventLoop, clock: clock)
            let bound = NIOLoopBound(cast, eventLoop: eventLoop)
            self.cast.withLock { $0 = (bound, eventLoop) }
            return cast
        }
    }

    /// Begins, at the ports where the relay listens on 127.0.0.1.
    package func begin(appServers: Int, devices: Int) async throws {
        try await withCast { $0.begin(appServers: appServers, devices: devices) }
    }

    /// Ends the play when every step is done and all expectations are met, or when nobody wants to
    /// wait for that any longer; the relay must still run.
    ///
    /// - Parameter command: what to type to see the same again.
    package func end(within patience: Duration, command: String) async throws -> ScenarioRun {
        let deadline = ContinuousClock.now + patience
        while ContinuousClock.now < deadline {
            let state = try await withCast(\.state)
            if state.isDone, state.problem != nil || run(state, command).isGood { break }
            try await Task.sleep(for: Self.pause)
        }
        return run(try await withCast { $0.end() }, command)
    }

    /// Between two looks at the journal.
    private static let pause = Duration.milliseconds(50)

    private func run(_ state: CastBesideRelay.State, _ command: String) -> ScenarioRun {
        let page = state.journal.events()
        return ScenarioRun(
            file, path: path, driver: .live, seed: seed,
            evidence: Evidence(page.events, start: state.began, hasGap: page.hasGap),
            failure: state.problem?.failure(at: path), took: ContinuousClock.now - began,
            command: command)
    }

    private func withCast<Answer: Sendable>(
        _ work: @escaping @Sendable (CastBesideRelay) -> Answer
    ) async throws -> Answer {
        guard let (bound, eventLoop) = cast.withLock({ $0 }) else {
            throw LivePlayError(description: "the relay has not been started")
        }
        return try await eventLoop.submit { work(bound.value) }.get()
    }
}

extension Step {
    /// Whether the relay's process, or its clock, would have to give way to it.
    fileprivate var endsRelay: Bool {
        switch deed {
        case .relay(.crashes), .relay(.restarts), .relay(.losesPower), .relay(.stops): true
        case .clock(of: .relay, by: _): true
        default: false
        }
    }
}
