import CloudMessaging
import Journal
import NIOCore
import NIOPosix
import NetworkRuntime
import Nodes
import Scenario
import Stagecraft

/// One evening: raises a cast, gives the play, and ends everybody. Lives on one event loop.
final class LiveEvening {
    private let file: ScenarioFile
    private let journal = StageJournal()
    private let clock: any Scheduler
    private let relay: SocketRelay
    private let driver: SocketDriver
    private let eventLoop: any EventLoop
    private let invite: (Invitation) -> Void
    private let strangerCame: (String) -> Void
    private let result: EventLoopPromise<LiveResult>
    private var stage: Stage?
    private var prompter: Prompter?
    private var curtain: (any ScheduledWork)?
    private var isOver = false

    init(
        _ file: ScenarioFile, seed: UInt64, timeScale: Int, trust: LiveTrust, storeFile: String,
        storeThread: NIOThreadPool, eventLoop: any EventLoop,
        invite: @escaping (Invitation) -> Void, strangerCame: @escaping (String) -> Void,
        result: EventLoopPromise<LiveResult>
    ) {
        self.file = file
        self.eventLoop = eventLoop
        self.invite = invite
        self.strangerCame = strangerCame
        self.result = result
        clock = EventLoopScheduler(eventLoop, timeScale: timeScale)
        let network = SocketNetwork(of: file, on: eventLoop, trust: trust)
        var settings = RelayNodeSettings(seed: seed)
        file.relay.apply(to: &settings)
        relay = SocketRelay(
            settings, network: network, storeFile: storeFile, storeThread: storeThread,
            scheduler: clock, journal: journal)
        driver = SocketDriver(
            relay, seed: seed, network: network, clock: clock, journal: journal)
    }

    /// The play begins when the relay accepts connections.
    func begin() {
        relay.begin { [self] error in
            guard !isOver else { return }
            if let error { return end(with: .failure(error)) }
            raiseCurtain()
        }
    }

    /// Ends the play wherever it is; nobody judges it.
    func breakOff() {
        guard !isOver else { return }
        curtain?.cancel()
        end(with: .failure(CancellationError()))
    }

    private func raiseCurtain() {
        let stage = Stage(file, driver: driver, journal: journal)
        self.stage = stage
        for member in file.cast {
            guard case .external(let plan) = member.role else { continue }
            invite(
                Invitation(
                    name: member.name, host: SocketNetwork.relayHost,
                    port: driver.network.ports[.appServers] ?? 0,
                    authorityFile: driver.network.trust.authorityFile, sender: plan.sender,
                    apiKey: plan.apiKey))
        }
        let prompter = Prompter(stage)
        self.prompter = prompter
        prompter.strangerCame = strangerCame
        // Not from within a step.
        prompter.finished = { [weak self] in
            self?.clock.afterReady { self?.lookAtClock() }
        }
        prompter.begin()
        lookAtClock()
    }

    /// Ends the play if its time is over, and looks again when it will be.
    private func lookAtClock() {
        guard !isOver, let stage, let prompter else { return }
        curtain?.cancel()
        guard stage.problem == nil, clock.now < prompter.end else { return lowerCurtain() }
        // Keeps us until then.
        let work: () -> Void = { [self] in lookAtClock() }
        curtain = clock.schedule(at: prompter.end, work)
    }

    private func lowerCurtain() {
        guard let stage, let prompter else { return }
        prompter.close()
        end(
            with: .success(
                LiveResult(
                    journal: journal.journal, began: stage.began, problem: stage.problem)))
    }

    private func end(with outcome: Result<LiveResult, any Error>) {
        isOver = true
        driver.end()
        relay.crash()
        result.completeWith(outcome)
    }
}
