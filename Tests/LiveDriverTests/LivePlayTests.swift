import CloudMessaging
import Foundation
import GCMAppServer
import Journal
import LiveDriver
import Scenario
import Testing

@Suite("Plays on real sockets", .serialized)
struct LivePlayTests {
    private let trust: TemporaryTrust
    /// In which plays keep their files.
    private let scratch: URL

    init() throws {
        trust = try TemporaryTrust()
        scratch = trust.folder.appending(path: "scratch")
        try FileManager.default.createDirectory(at: scratch, withIntermediateDirectories: true)
    }

    private func play(
        _ file: ScenarioFile, timeScale: Int = 20,
        invite: @escaping @Sendable (Invitation) -> Void = { _ in }
    ) async throws -> ScenarioRun {
        let run = try await LivePlay(
            timeScale: timeScale, trust: trust.trust, scratch: scratch, invite: invite
        ).run(file, path: "play.yaml")
        #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.path) == [])
        return run
    }

    private func expectGood(_ run: ScenarioRun) {
        if !run.isGood { Issue.record("\(run.text)") }
    }

    // MARK: The cast on sockets

    @Test(
        "shipped scenarios come to the same on real sockets",
        arguments: [
            ("001-a-message-reaches-its-app-server", 5),
            ("002-third-attempt-is-acknowledged", 10),
            ("006-the-relay-is-down", 30),
            ("124-an-ack-on-the-other-connection", 10),
            ("127-a-crash-before-the-ack", 10),
            ("202-client-stays-away-after-a-disconnect", 5),
        ])
    func shipped(name: String, quiet: Int) async throws {
        var file = try Shipped.file(name)
        // Live a silence takes time.
        file.ending.quiet = .seconds(quiet)
        let run = try await play(file)
        expectGood(run)
        #expect(run.evidence.events.allSatisfy { $0.instant >= run.evidence.start })
    }

    @Test("a silent connection ends by the time-out of the kernel, in the time of the play")
    func silence() async throws {
        let run = try await play(
            Play.file(
                """
                  - until: {match: event=app-server.connected, within: 30s}
                  - wait: 3s
                    cut: {between: [relay, shop], how: silent}
                  - phone: {sends: {id: m-1}}
                  - until: {match: event=connection.closed, within: 2m}
                    shop: restarts
                """,
                expect: """
                      - relay: {sends: m-1, times: {at-least: 2}}
                      - shop: disconnects
                      - relay: {message: m-1, state: settled}
                    """,
                ends: "{quiet: 20s, after: 5m}"),
            timeScale: 40)
        expectGood(run)
    }

    @Test("a fault bites on the wire")
    func fault() async throws {
        let run = try await play(
            Play.file(
                """
                  - fault: {on: upstream.ack, do: drop, times: 1}
                  - phone: {sends: {id: m-1}}
                """,
                expect: """
                      - shop: {receives: m-1, times: 2}
                      - relay: {message: m-1, state: settled, attempts: 2}
                    """))
        expectGood(run)
    }

    @Test("what only the simulator can do is no step of a live play, and the report says so")
    func impossible() async throws {
        let run = try await play(
            Play.file(
                """
                  - partition: {between: [relay, shop]}
                """,
                expect: """
                      - shop: connects
                    """))
        #expect(run.failure?.kind == .step)
        let reason = try #require(run.failure?.description)
        #expect(reason.contains("a partition cannot be done on real sockets"), "\(reason)")
        #expect(reason.contains("virtual-only"), "\(reason)")
    }

    @Test("the journal has the time of the play, not that of the wall")
    func time() async throws {
        let run = try await play(
            Play.file(
                """
                  - wait: 20s
                    phone: {sends: {id: m-1}}
                """,
                expect: """
                      - shop: {receives: m-1, times: 1}
                    """), timeScale: 40)
        expectGood(run)
        #expect(run.length >= .seconds(20))
        #expect(run.took < .seconds(20))
        #expect(run.command.hasSuffix("--driver live --time-scale 40 --seed 1"), "\(run.command)")
    }

    // MARK: The app server under test

    @Test("an app server under test comes by itself, and the play goes on")
    func guest() async throws {
        let (invitations, invited) = AsyncStream.makeStream(of: Invitation.self)
        let file = try Play.external(after: "60s")
        let stage = LivePlay(trust: trust.trust, scratch: scratch) { invited.yield($0) }
        async let run = stage.run(file, path: "play.yaml")
        var invitation: Invitation?
        for await first in invitations {
            invitation = first
            break
        }
        let address = try #require(invitation)
        let server = try GCMAppServer(
            .init(
                host: address.host, port: address.port, trustedCAFile: address.authorityFile,
                senderID: address.sender.text, apiKey: address.apiKey))
        let running = Task { try await server.run() }
        let working = Task { for await message in server.messages { message.ack() } }
        expectGood(try await run)
        running.cancel()
        _ = try? await running.value
        await working.value
    }

    @Test("one that never comes leaves all undecided")
    func nobody() async throws {
        let run = try await play(Play.external(after: "2s"), timeScale: 10)
        #expect(run.failure?.kind == .timeout)
        let reason = try #require(run.failure?.description)
        #expect(reason.contains("mine did not come before the play ended"), "\(reason)")
    }

    @Test("a relay that crashed and did not come back leaves nothing behind")
    func deadRelay() async throws {
        let run = try await play(
            Play.file(
                """
                  - phone: {sends: {id: m-1}}
                  - until: {match: state=settled, within: 20s}
                    relay: crashes
                """,
                expect: """
                      - relay: {message: m-1, state: settled}
                    """, ends: "{after: 20s}"))
        expectGood(run)
    }
}
