import AppServerMachine
import CloudMessaging
import NIOCore
import TLSEngine
import XMPPSessions

/// An app server on its event loop: hands events to the machine and carries out its actions.
final class AppServerCore {
    let eventLoop: any EventLoop
    let clock: MonotonicClock
    private(set) var machine: AppServerMachine
    private let login: AppServerLogin
    private let tls: TLSContext
    private var observe: @Sendable ([AppServerEvent]) -> Void
    private let rounds: Rounds
    private var uplinks: [AppServerConnectionID: AppServerUplink] = [:]
    private var unflushed: [AppServerUplink] = []
    private var events: [AppServerEvent] = []
    private var finished: [EventLoopPromise<Void>] = []
    private var isReading = true

    init(
        eventLoop: any EventLoop, clock: MonotonicClock, machine: AppServerMachine,
        login: AppServerLogin, tls: TLSContext,
        observe: @escaping @Sendable ([AppServerEvent]) -> Void
    ) {
        self.eventLoop = eventLoop
        self.clock = clock
        self.machine = machine
        self.login = login
        self.tls = tls
        self.observe = observe
        rounds = Rounds(eventLoop: eventLoop, clock: clock)
        rounds.start { [weak self] in self?.endRound() }
    }

    /// Lets the machine handle an event.
    func perform<Answer>(_ event: (inout AppServerMachine, Instant) -> Answer) -> Answer {
        defer { rounds.schedule() }
        return event(&machine, clock.now)
    }

    /// Ends the app server; the promise is kept when every connection has hung up.
    func stop(_ promise: EventLoopPromise<Void>) {
        finished.append(promise)
        perform { machine, now in machine.stop(now: now) }
    }

    /// Takes messages off the sockets, or leaves them there.
    func setReading(_ isReading: Bool) {
        self.isReading = isReading
        for uplink in uplinks.values { uplink.setReading(isReading) }
    }

    /// A connection has hung up.
    func ended(_ uplink: AppServerUplink) {
        uplinks[uplink.id] = nil
        rounds.schedule()
    }

    /// The session of a connection has news.
    func handle(_ event: AppServerSession.Event, of uplink: AppServerUplink) {
        switch event {
        case .bound:
            uplink.setReading(isReading)
            perform { machine, now in machine.connected(uplink.id, now: now) }
        case .upstream(let frame):
            let message = ReceivedMessage(frame)
            perform { machine, now in machine.received(message, on: uplink.id, now: now) }
        case .draining:
            perform { machine, now in machine.draining(uplink.id, now: now) }
        case .refused(let error, let description):
            events.append(.refused(uplink.id, error: error, description: description))
            rounds.schedule()
        case .loginRefused, .failed, .ended:
            break
        }
    }

    // MARK: Rounds

    private func endRound() {
        let now = clock.now
        if machine.nextDeadline <= now { machine.deadlineReached(now: now) }
        for action in machine.takeActions() { carryOut(action) }
        for uplink in unflushed {
            uplink.isUnflushed = false
            uplink.flush()
        }
        unflushed.removeAll(keepingCapacity: true)
        if !events.isEmpty {
            observe(events)
            events.removeAll(keepingCapacity: true)
        }
        rounds.setDeadline(machine.nextDeadline)
        finishIfDone()
    }

    private func finishIfDone() {
        guard !finished.isEmpty, uplinks.isEmpty else { return }
        rounds.stop()
        // The observer may hold whoever holds us.
        observe = { _ in }
        for promise in finished { promise.succeed() }
        finished = []
    }

    // MARK: Actions

    private func carryOut(_ action: AppServerAction) {
        switch action {
        case .connect(let id):
            let uplink = AppServerUplink(id: id, core: self, login: login)
            uplinks[id] = uplink
            uplink.connect(tls: tls, on: eventLoop)
        case .acknowledge(let pair, let id):
            guard let uplink = uplinks[id] else { return }
            uplink.session.acknowledge(pair)
            touch(uplink)
        case .close(let id):
            uplinks[id]?.end()
        case .connected(let id):
            events.append(.connected(id))
        case .connectionFailed(let id, let reason, let retryAt):
            events.append(
                .connectionFailed(
                    id, reason: reason, retryAfter: clock.now.duration(to: retryAt)))
        case .authenticationFailed(let id, let reason):
            events.append(.authenticationFailed(id, reason: reason))
        case .draining(let id):
            events.append(.draining(id))
        case .disconnected(let id, let reason):
            events.append(.disconnected(id, reason: reason.description))
        case .upstream(let message, let id, let attempt):
            events.append(.upstream(message, on: id, attempt: attempt))
        case .acknowledged(let pair, let distinct):
            events.append(.acknowledged(pair, distinct: distinct))
        case .skipped(let pair):
            events.append(.skipped(pair))
        }
    }

    private func touch(_ uplink: AppServerUplink) {
        guard !uplink.isUnflushed else { return }
        uplink.isUnflushed = true
        unflushed.append(uplink)
    }
}

extension ReceivedMessage {
    fileprivate init(_ frame: AppServerSession.UpstreamFrame) {
        self.init(
            frame.pair, category: frame.category, data: frame.data,
            timeToLive: frame.timeToLive)
    }
}
