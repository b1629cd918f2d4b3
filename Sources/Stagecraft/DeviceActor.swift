import CloudMessaging
package import DeviceMachine
package import Journal
import Nodes
package import Scenario

/// Plays a device of the cast, with its one app.
package final class DeviceActor {
    package let name: Participant
    let plan: DevicePlan
    private let process: any DeviceProcess
    private unowned let stage: Stage
    private var isMeantToBeOnline = false
    /// Messages that the app keeps until the library has room (`when-full: wait`).
    private var kept: [SendRequest] = []
    private var isWaitingForRoom = false
    private var sentIDs: Set<String> = []
    /// Messages with a time to live of 0: they are kept nowhere.
    private var nowOrNever: Set<String> = []

    init(
        _ name: Participant, _ plan: DevicePlan, _ process: any DeviceProcess, on stage: Stage
    ) {
        self.name = name
        self.plan = plan
        pendingLimit = DeviceSettings(plan).pendingLimit
        self.stage = stage
        self.process = process
        process.start()
    }

    /// The token that the app has at present.
    var token: RegistrationToken? {
        process.node?.machine.registration(of: plan.app)?.token
    }

    /// Messages of the app that count for its limit; nil: the device does not run.
    package var pending: Int? { process.node?.pendingCount(of: plan.app) }

    package let pendingLimit: Int?

    func shiftClock(by change: Duration) {
        process.shiftClock(by: change)
    }

    // MARK: Deeds

    func carryOut(_ deed: DeviceDeed, at place: SourcePlace) {
        switch deed {
        case .restarts:
            crash()
            process.start()
            if isMeantToBeOnline { goOnline() }
        case .crashes: crash()
        case .losesPower: losePower(at: place)
        case .goesOnline:
            process.start()
            isMeantToBeOnline = true
            goOnline()
        default:
            guard process.isRunning else {
                return stage.fail("\(name) does not run: it has to restart first", at: place)
            }
            carryOutRunning(deed)
        }
    }

    private func carryOutRunning(_ deed: DeviceDeed) {
        switch deed {
        case .goesOffline:
            isMeantToBeOnline = false
            process.node?.perform { machine, now in machine.goOffline(now: now) }
        case .sends(let plan): send(plan)
        case .registers: register()
        case .asks(let request):
            process.node?.request(request, of: plan.app, token: nil) { _ in }
        case .uninstalls:
            process.node?.perform { machine, now in machine.uninstall(plan.app, now: now) }
        case .goesOnline, .crashes, .restarts, .losesPower: break
        }
    }

    private func crash() {
        guard process.isRunning else { return }
        process.crash()
        died()
    }

    private func losePower(at place: SourcePlace) {
        guard process.isRunning else { return }
        stage.attempt(at: place) { () throws(CannotBeDone) in
            try process.losePower()
            died()
        }
    }

    private func died() {
        kept = []
        isWaitingForRoom = false
        stage.deviceDied(name) { nowOrNever.contains($0.text) }
    }

    private func register() {
        process.node?.perform { machine, _ in
            _ = machine.register(plan.app, senders: plan.senders)
        }
    }

    private func goOnline() {
        if token == nil { register() }
        process.node?.perform { machine, now in machine.goOnline(now: now) }
    }

    // MARK: Sending

    /// As the client library hands it on: on iOS values that are no text are left out, or made
    /// text (guide page; `--quirk other-values`).
    private func payload(of upstream: UpstreamPlan) -> DataPayload {
        guard plan.client == .ios else { return upstream.payload }
        let areTexts = plan.quirks.contains {
            $0 == QuirkChoice(name: "other-values", value: "stringified")
        }
        var passed = upstream
        passed.data = upstream.data.compactMap { pair in
            switch pair.value {
            case .text: pair
            case .literal(let text):
                areTexts ? DataPair(key: pair.key, value: .text(text)) : nil
            }
        }
        return passed.payload
    }

    private func send(_ upstream: UpstreamPlan) {
        for (index, id) in upstream.ids.enumerated() {
            let request = SendRequest(
                category: plan.app, to: upstream.to?.text, id: id, data: payload(of: upstream),
                timeToLive: upstream.timeToLive.map(\.secondsRoundedUp))
            guard let pause = upstream.every, index > 0 else {
                handOver(request)
                continue
            }
            stage.clock.schedule(after: pause.scaled(by: Double(index))) { [weak self] in
                self?.handOver(request)
            }
        }
    }

    func hasSent(_ id: MessageID) -> Bool { sentIDs.contains(id.text) }

    private func handOver(_ request: SendRequest) {
        sentIDs.insert(request.id)
        if request.timeToLive == 0 { nowOrNever.insert(request.id) }
        guard let node = process.node else { return }
        guard plan.whenFull == .wait else { return node.send(request) { _ in } }
        kept.append(request)
        sendKept()
    }

    private func sendKept() {
        guard let node = process.node, !isWaitingForRoom else { return }
        while !kept.isEmpty, node.machine.hasRoom(for: plan.app) {
            node.send(kept.removeFirst()) { _ in }
        }
        guard !kept.isEmpty else { return }
        isWaitingForRoom = true
        node.waitForRoom(for: plan.app) { [weak self] in
            self?.isWaitingForRoom = false
            self?.sendKept()
        }
    }
}

extension DeviceSettings {
    /// As the client library of the plan has them.
    package init(_ plan: DevicePlan) {
        self.init()
        switch plan.pendingLimit {
        case .ofClient: pendingLimit = plan.client == .ios ? nil : Limits.pendingPerApp
        case .none: pendingLimit = nil
        case .count(let limit): pendingLimit = limit
        }
        for quirk in plan.quirks {
            switch (quirk.name, quirk.value) {
            case ("reserved-keys", "strip"): stripsReservedKeys = true
            case ("batched-callbacks", "sent-and-error"): batchesErrors = true
            default: break
            }
        }
    }
}
