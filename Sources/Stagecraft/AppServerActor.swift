package import AppServerMachine
import CloudMessaging
import Journal
import Nodes
package import Scenario

/// Plays an app server of the cast, right or wrong.
final class AppServerActor {
    let name: Participant
    let plan: AppServerPlan
    private let process: any AppServerProcess
    private unowned let stage: Stage
    private var isMeantToBeConnected = false
    /// Every connection that was bound in the play, in that order.
    private var opened: [Opened] = []
    private var life = 0
    private var lastRequest = 0
    /// Which connection carried each message last.
    private var carriers: [MessageID: [(token: RegistrationToken, connection: Opened)]] = [:]

    private struct Opened: Equatable {
        let life: Int
        let id: AppServerConnectionID
    }

    init(
        _ name: Participant, _ plan: AppServerPlan, _ process: any AppServerProcess,
        on stage: Stage
    ) {
        self.name = name
        self.plan = plan
        self.stage = stage
        self.process = process
        process.observe = { [weak self] events in
            for event in events { self?.hear(event) }
        }
    }

    // MARK: What it hears

    private func hear(_ event: AppServerEvent) {
        switch event {
        case .connected(let id): opened.append(Opened(life: life, id: id))
        case .upstream(let message, let id, _):
            let connection = Opened(life: life, id: id)
            carriers[message.pair.id, default: []].append((message.pair.token, connection))
            if plan.echoes { echo(message) }
        default: break
        }
    }

    private func echo(_ message: ReceivedMessage) {
        guard let id = MessageID("echo-\(message.pair.id)") else { return }
        var answer = OutgoingMessage(to: .to(message.pair.token.text), id: id)
        answer.data = message.data
        send(answer)
    }

    // MARK: Deeds

    func carryOut(_ deed: AppServerDeed, at place: SourcePlace) {
        switch deed {
        case .connects:
            isMeantToBeConnected = true
            start()
        case .crashes: process.crash()
        case .restarts:
            process.crash()
            if isMeantToBeConnected { start() }
        default:
            guard process.isRunning else {
                return stage.fail("\(name) does not run: it has to connect first", at: place)
            }
            do { try carryOutRunning(deed) } catch { stage.fail(error.reason, at: place) }
        }
    }

    private struct Obstacle: Error {
        let reason: String
    }

    private func carryOutRunning(_ deed: AppServerDeed) throws(Obstacle) {
        switch deed {
        case .disconnects(let connection, let how): try disconnect(connection, how)
        case .sends(let downstream): try send(downstream)
        case .acks(let ack): try acknowledge(ack)
        case .writes(let frame, let connection): try write(frame, on: connection)
        case .changes(let habit):
            process.node?.perform { machine, _ in machine.acknowledge(by: habit.policy) }
        case .stopsReading: process.node?.setReading(false)
        case .readsAgain: process.node?.setReading(true)
        case .connects, .crashes, .restarts: break
        }
    }

    private func start() {
        if !process.isRunning { life += 1 }
        process.start()
    }

    private func disconnect(_ choice: ConnectionChoice?, _ how: HowCut) throws(Obstacle) {
        if let choice {
            guard stage.driver.cut(name, how, on: choice) > 0 else {
                throw Obstacle(reason: "\(name) has no such connection")
            }
            return
        }
        isMeantToBeConnected = false
        switch how {
        case .fin: process.stop()
        case .reset: process.crash()
        case .silent:
            _ = stage.driver.cut(name, .silent, on: .all)
            process.crash()
        }
    }

    // MARK: Downstream

    private func send(_ downstream: DownstreamPlan) throws(Obstacle) {
        let target = try target(downstream.target)
        for (index, text) in downstream.ids.enumerated() {
            guard let id = MessageID(text) else {
                throw Obstacle(reason: "\(text) is no message ID; write it with `writes`")
            }
            let message = OutgoingMessage(downstream, to: target, id: id)
            guard let pause = downstream.every, index > 0 else {
                try send(message, on: downstream.connection)
                continue
            }
            stage.clock.schedule(after: pause.scaled(by: Double(index))) { [weak self] in
                try? self?.send(message, on: downstream.connection)
            }
        }
    }

    private func target(_ target: DownstreamTarget) throws(Obstacle) -> OutgoingMessage.Target {
        switch target {
        case .device(let device):
            guard let token = stage.device(device)?.token else {
                throw Obstacle(reason: "\(device) has no token yet: let it go online before")
            }
            return .to(token.text)
        case .topic(let topic): return .to("/topics/\(topic)")
        case .condition(let condition): return .condition(condition)
        case .token(let text): return .to(text)
        }
    }

    private func send(
        _ message: OutgoingMessage, on choice: ConnectionChoice?
    ) throws(Obstacle) {
        guard let choice else { return send(message) }
        for id in try connections(choice) {
            process.node?.write(json: message.json, messageID: message.id, on: id)
        }
    }

    private func send(_ message: OutgoingMessage) {
        lastRequest += 1
        process.node?.send(
            DownstreamRequest(id: DownstreamRequestID(lastRequest), message)
        ) { _ in }
    }

    // MARK: ACKs and raw frames

    private func acknowledge(_ ack: AckPlan) throws(Obstacle) {
        guard let id = MessageID(ack.id) else {
            throw Obstacle(reason: "\(ack.id) is no message ID; write it with `writes`")
        }
        let carried = carriers[id] ?? []
        let token =
            ack.from.map { stage.device($0)?.token } ?? carried.last?.token
            ?? stage.token(ofSenderOf: id)
        guard let token else {
            throw Obstacle(reason: "no device has sent \(ack.id) yet: `until` one has")
        }
        let targets: [AppServerConnectionID]
        if let choice = ack.connection {
            targets = try connections(choice)
        } else if let last = carried.last(where: { $0.token == token }),
            last.connection.life == life
        {
            targets = [last.connection.id]
        } else {
            targets = try connections(.newest)
        }
        var json = JSONObjectWriter()
        json.add("to", token.text)
        json.add("message_id", id.text)
        json.add("message_type", ack.type)
        json.end()
        for target in targets {
            for _ in 0..<ack.times {
                process.node?.write(json: json.bytes, messageID: nil, on: target)
            }
        }
    }

    private func write(_ frame: RawFrame, on choice: ConnectionChoice?) throws(Obstacle) {
        let raw =
            switch frame {
            case .json(let text), .xml(let text): text
            }
        guard let text = raw.text(token: { self.stage.device($0)?.token }) else {
            throw Obstacle(reason: "a device that the frame names has no token yet")
        }
        for target in try connections(choice ?? .newest) {
            switch frame {
            case .json:
                process.node?.write(json: Array(text.utf8), messageID: nil, on: target)
            case .xml: process.node?.write(bytes: Array(text.utf8), on: target)
            }
        }
    }

    /// The connections that are meant and open.
    private func connections(_ choice: ConnectionChoice) throws(Obstacle) -> [AppServerConnectionID]
    {
        let open = process.node?.openConnections ?? []
        let chosen: [AppServerConnectionID]
        switch choice {
        case .all: chosen = open
        case .newest: chosen = open.suffix(1)
        case .oldest: chosen = Array(open.prefix(1))
        case .number(let number):
            let wanted = number <= opened.count ? opened[number - 1] : nil
            chosen = open.filter { $0 == wanted?.id && wanted?.life == life }
        }
        guard !chosen.isEmpty else {
            throw Obstacle(reason: "\(name) has no such connection open")
        }
        return chosen
    }
}

extension AckHabit {
    var policy: AckPolicy {
        switch self {
        case .atOnce: .always
        case .never: .never
        case .skip(let count): .skip(count)
        case .after(let delay): .after(delay)
        }
    }
}

extension AppServerSettings {
    package init(_ plan: AppServerPlan) {
        self.init()
        connections = plan.connections
        acknowledgedBy = .policy(plan.ack.policy)
        switch plan.reconnect {
        case .asBuiltIn: replacement = .atOnce
        case .never: replacement = .never
        case .after(let delay): replacement = .after(delay)
        }
    }
}

extension OutgoingMessage {
    fileprivate init(_ plan: DownstreamPlan, to target: Target, id: MessageID) {
        self.init(to: target, id: id)
        collapseKey = plan.collapseKey
        priority = plan.priority.map { $0 == .high ? .high : .normal }
        timeToLive = plan.timeToLive.map(\.secondsRoundedUp)
        wantsReceipt = plan.wantsReceipt
        isDryRun = plan.isDryRun
        data = plan.payload
    }
}
