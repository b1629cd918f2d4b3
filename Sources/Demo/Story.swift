import Foundation
import RealPrograms

/// The day: what happens, in its order.
struct Story {
    private let day: CourierDay
    private let state: TemporaryDirectory
    private let tally: Watched<Tally>
    private let scoreboard: Scoreboard

    /// How long the story waits for any one thing.
    private static let patience = Duration.seconds(20)
    /// Soon enough for a demonstration; the real service waited longer.
    private static let retries = ["--retry-first", "1s", "--retry-longest", "2s"]

    init() throws {
        day = try CourierDay()
        state = try TemporaryDirectory()
        tally = Watched(Tally())
        scoreboard = Scoreboard(day, tally)
    }

    /// Plays the day and shows what came of it, also when it broke off; whether all is well.
    ///
    /// All programs end with it, however it ends.
    func play() async throws -> Bool {
        await scoreboard.tell(
            "a courier's day: \(day.messages.count) messages from \(day.deviceCount) devices")
        let relay = RelayLives(first: try await RelayProgram(in: state, Self.retries))
        await scoreboard.tell("the relay is ready (pid \(await relay.current.program.pid))")
        var trouble: ProgramFailure?
        do {
            try await playActs(relay)
            try await end(relay.current.program)
        } catch let failure as ProgramFailure {
            trouble = failure
        }
        let verdict = tally.value.verdict(on: day)
        await scoreboard.conclude(
            verdict, duplicates: await relay.total("duplicates"), trouble: trouble)
        return verdict.isGood && trouble == nil
    }

    /// From the first message to the moment when nobody has anything left to do.
    private func playActs(_ relay: RelayLives) async throws {
        async let _: Void = scoreboard.count(relay)
        let devices = try Devices(day, relay: await relay.current.endpoints, state: state)
        async let sending: Void = devices.follow(tally)
        let forgetful = try await appServer(at: relay, ack: "skip:1")
        async let listening: Void = follow(forgetful)
        try await morning(devices, forgetful)

        try await noon(devices)
        let diligent = try await appServer(at: relay, ack: "always")
        async let listeningAgain: Void = follow(diligent)
        try await afternoon(devices, relay)
        try await evening(devices, relay)
        try await end(diligent.program)
        // Whatever they printed last is counted.
        _ = await (sending, listening, listeningAgain)
    }

    // MARK: Acts

    /// An app server that forgets to answer, and goes away before it has answered everything.
    ///
    /// It is told to end, not killed: a killed one takes with it what it had ACKed and not printed.
    private func morning(_ devices: Devices, _ forgetful: AppServerProgram) async throws {
        await scoreboard.tell("morning: the app server leaves each first delivery unanswered")
        devices.send(day.messages[..<140])
        try await wait(for: "every message of the morning was delivered, half of them were ACKed") {
            $0.sent >= 140 && $0.distinctDelivered >= 140 && $0.distinctAcknowledged >= 70
        }
        try await end(forgetful.program)
        await scoreboard.tell(
            "the app server is gone, \(tally.value.distinctAcknowledged) messages ACKed")
    }

    /// Nobody is there to receive.
    private func noon(_ devices: Devices) async throws {
        await scoreboard.tell("noon: no app server; the relay keeps what the devices send")
        devices.send(day.messages[140..<240])
        try await wait(for: "the devices were told that every message until noon is sent") {
            $0.sent >= 240
        }
    }

    /// The relay dies while messages come in and go out.
    private func afternoon(_ devices: Devices, _ relay: RelayLives) async throws {
        await scoreboard.tell("afternoon: another app server, which ACKs everything")
        devices.send(day.messages[240..<310])
        try await wait(for: "half of what had waited was delivered") {
            $0.distinctDelivered >= 190
        }
        try await relay.kill9()
        let tally = tally.value
        await scoreboard.tell(
            "kill -9: the relay is gone, \(tally.sent) messages sent, "
                + "\(tally.distinctAcknowledged) ACKed")
    }

    /// The relay comes back to the ports and the store that it had.
    private func evening(_ devices: Devices, _ relay: RelayLives) async throws {
        devices.send(day.messages[310...])
        devices.endInput()
        try await relay.restart()
        await scoreboard.tell(
            "evening: the relay is back (pid \(await relay.current.program.pid)), all go on")
        try await devices.end(within: Self.patience)
        let count = day.messages.count
        await scoreboard.tell("the devices were told that all \(count) messages are sent")
        try await wait(for: "every message was ACKed") { $0.distinctAcknowledged >= count }
        try await relay.finishWork()
    }

    // MARK: Helpers

    private func end(_ program: RealProgram) async throws {
        program.send(SIGTERM)
        guard try await program.exitStatus() == 128 + SIGTERM else {
            throw program.failure("it did not end in order")
        }
    }

    private func appServer(at relay: RelayLives, ack: String) async throws -> AppServerProgram {
        let appServer = try AppServerProgram(
            relay: await relay.current.endpoints, ["--connections", "2", "--ack", ack])
        _ = try await appServer.event("connected")
        return appServer
    }

    private func follow(_ appServer: AppServerProgram) async {
        try? await appServer.forEachEvent { event in
            tally.change { $0.noteAppServer(event) }
        }
    }

    private func wait(
        for what: String, _ condition: @escaping @Sendable (Tally) -> Bool
    ) async throws {
        let trouble: String?
        do {
            trouble = try await tally.first(within: Self.patience) { tally in
                tally.trouble.map { .some($0) } ?? (condition(tally) ? .some(nil) : nil)
            }
        } catch is TimeLimitPassed {
            throw ProgramFailure("waited \(Self.patience) in vain: \(what)")
        }
        if let trouble { throw ProgramFailure(trouble) }
    }
}
