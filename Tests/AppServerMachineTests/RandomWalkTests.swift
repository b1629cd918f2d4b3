import CloudMessaging
import Testing

@testable import AppServerMachine

/// Events in an order that nobody thought of, under rules that hold in every order.
@Suite("Random walk")
struct RandomWalkTests {
    static let acknowledgers: [Acknowledger] = [
        .application, .policy(.always), .policy(.never), .policy(.skip(2)),
        .policy(.after(.milliseconds(700))),
    ]

    static let requestsPerConnection = 3

    @Test("the rules hold, and a seed repeats its walk", arguments: acknowledgers, 1...6)
    func walk(acknowledgedBy: Acknowledger, seed: Int) {
        var walk = Walk(acknowledgedBy, seed: seed)
        var repetition = Walk(acknowledgedBy, seed: seed)
        for _ in 0..<1_500 {
            let actions = walk.step()
            #expect(repetition.step() == actions)
        }
        #expect(walk.machine.counters.deliveries > 50)
        #expect(walk.endedRequests > 50)
    }
}

private struct Walk {
    var machine: AppServerMachine
    private var model: WalkModel
    private var entropy: Entropy
    private var now: Instant = 1

    init(_ acknowledgedBy: Acknowledger, seed: Int) {
        var settings = AppServerSettings()
        settings.connections = 1 + seed % 4
        settings.acknowledgedBy = acknowledgedBy
        settings.requestsPerConnection = RandomWalkTests.requestsPerConnection
        machine = AppServerMachine(settings: settings, entropy: Entropy(seed: UInt64(seed)))
        model = WalkModel(acknowledgedBy)
        entropy = Entropy(seed: UInt64(seed) + 1_000)
    }

    var endedRequests: Int { model.endedRequests }

    /// One event; what it caused.
    mutating func step() -> [AppServerAction] {
        now = now + .milliseconds(Int.random(in: 0...300, using: &entropy))
        machine.deadlineReached(now: now)
        var actions = takeActions()
        happen()
        actions += takeActions()
        model.check(machine, at: now)
        return actions
    }

    private mutating func takeActions() -> [AppServerAction] {
        let actions = machine.takeActions()
        model.observe(actions, in: machine.phase)
        return actions
    }

    private mutating func happen() {
        switch Int.random(in: 0..<100, using: &entropy) {
        case 0..<20: connect()
        case 20..<30: fail()
        case 30..<38: lose()
        case 38..<44: drain()
        case 44..<60: receive()
        case 60..<73: acknowledge()
        case 73..<86: send()
        case 86..<97: answer()
        case 97: machine.stop(now: now)
        default: machine.start(now: now)
        }
    }

    private mutating func connect() {
        guard let id = model.opening.randomElement(using: &entropy) else { return }
        model.isNoLongerOpening(id)
        machine.connected(id, now: now)
    }

    private mutating func fail() {
        guard let id = model.opening.randomElement(using: &entropy) else { return }
        model.forget(id)
        let isFinal = Int.random(in: 0..<20, using: &entropy) == 0
        machine.connectionFailed(
            id, isFinal ? .notAuthorized("wrong key") : .unavailable("refused"), now: now)
    }

    private mutating func lose() {
        let all = model.opening + model.carrying
        guard let id = all.randomElement(using: &entropy) else { return }
        model.forget(id)
        machine.connectionLost(id, reason: "reset", now: now)
    }

    private mutating func drain() {
        guard let id = model.carrying.randomElement(using: &entropy) else { return }
        machine.draining(id, now: now)
    }

    private mutating func receive() {
        guard let id = model.carrying.randomElement(using: &entropy) else { return }
        let number = Int.random(in: 0...1, using: &entropy)
        machine.received(
            ReceivedMessage(randomPair(), [("n", String(number))]), on: id, now: now)
    }

    /// Any pair on any connection, whether it came there or not.
    private mutating func acknowledge() {
        let recent = model.carrying + [AppServerConnectionID(1)]
        guard let id = recent.randomElement(using: &entropy) else { return }
        machine.acknowledge(randomPair(), on: id)
    }

    private mutating func send() {
        machine.send(model.newRequest(), now: now)
    }

    private mutating func answer() {
        guard let written = model.onWire.randomElement(using: &entropy) else { return }
        let id = "d-\(written.request.rawValue)"
        let errors = ["BAD_REGISTRATION", "SERVICE_UNAVAILABLE", "CONNECTION_DRAINING"]
        let choice = Int.random(in: 0..<6, using: &entropy)
        let answer: DownstreamAnswer =
            errors.indices.contains(choice) ? .nack(id, errors[choice]) : .ack(id)
        model.answered(written)
        machine.answered(answer, on: written.connection, now: now)
    }

    private mutating func randomPair() -> MessagePair {
        let devices = ["phone", "tablet"]
        let device = devices[Int.random(in: 0..<devices.count, using: &entropy)]
        return MessagePair(stringLiteral: "\(device)/m-\(Int.random(in: 0..<8, using: &entropy))")
    }
}
