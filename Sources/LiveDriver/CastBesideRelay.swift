import CloudMessaging
import Journal
import NIOCore
import NetworkRuntime
import Nodes
import Scenario
import Stagecraft

/// The cast of a play that is given at a relay which serves others, too. Lives on that relay's event
/// loop.
final class CastBesideRelay: RelayCompanion {
    private let file: ScenarioFile
    private let seed: UInt64
    private let journal = StageJournal()
    private let clock: any Scheduler
    private let network: SocketNetwork
    /// Of the relay's ends of connections.
    private let life: ProcessLife
    private var node: RelayNode?
    private var performance: Performance?

    private struct Performance {
        let driver: SocketDriver
        let stage: Stage
        let prompter: Prompter
    }

    /// What has happened so far.
    struct State: Sendable {
        let journal: Journal
        /// Nil: the play has not begun.
        let began: Instant?
        let problem: PlayProblem?
        /// Whether every step is done, or one could not be done.
        let isDone: Bool
    }

    init(
        _ file: ScenarioFile, seed: UInt64, trust: LiveTrust, on eventLoop: any EventLoop,
        clock: any Scheduler
    ) {
        self.file = file
        self.seed = seed
        self.clock = clock
        network = SocketNetwork(of: file, on: eventLoop, trust: trust)
        life = ProcessLife(on: clock)
    }

    // MARK: Beside the relay

    var recorder: any EventRecorder { journal }

    func joined(_ node: RelayNode) {
        self.node = node
        network.introduceGuests(to: node)
    }

    func receive(_ channel: any Channel, at door: RelayNode.Door) -> any TransportEvents {
        guard let node else { preconditionFailure("nobody connects to a relay before it is there") }
        let member = network.member(at: channel.remoteAddress).flatMap { member in
            isAwaited(member, at: door) ? member : nil
        }
        let end = SocketEnd(of: node.accept(door, peer: member?.text), in: life)
        network.accepted(member, from: channel.remoteAddress, as: node.lastConnection, end)
        return end
    }

    /// A device that the command brings along is nobody of the cast.
    private func isAwaited(_ member: Participant, at door: RelayNode.Door) -> Bool {
        switch file.member(member)?.role {
        case .device: door == .devices
        case .appServer: door == .appServers
        case .external, nil: false
        }
    }

    // MARK: The play

    /// Raises the curtain.
    func begin(appServers: Int, devices: Int) {
        guard let node else { return }
        network.ports = [.appServers: appServers, .devices: devices]
        let driver = SocketDriver(
            ServedRelay(node, on: clock), seed: seed, network: network, clock: clock,
            journal: journal)
        let stage = Stage(file, driver: driver, journal: journal)
        let prompter = Prompter(stage)
        performance = Performance(driver: driver, stage: stage, prompter: prompter)
        prompter.begin()
    }

    var state: State {
        State(
            journal: journal.journal, began: performance?.stage.began,
            problem: performance?.stage.problem, isDone: performance?.prompter.isDone ?? false)
    }

    /// The play is over, whatever is left to do; what has come of it.
    func end() -> State {
        performance?.prompter.breakOff()
        let state = state
        performance?.driver.end()
        return state
    }
}
