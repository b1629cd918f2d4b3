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
        #expect(run.failure?.kind == .absence)
        let reason = try #require(run.failure?.description)
        #expect(reason.contains("mine did not come: it was waited for 2 s at 127.0.0.1 port "))
        #expect(reason.hasSuffix("to log in as 4711 with the password secret"), "\(reason)")
    }

    /// - Parameter relay: settings of the play's relay.
    private func guests(_ relay: String, after end: String) throws -> ScenarioFile {
        try ScenarioFile.read(
            """
            scenario: guests
            ends: {quiet: 2s, after: \(end)}
            relay: \(relay)
            cast:
              phone: {role: device, sender-id: ["4711", "4712"]}
              mine: {role: external, sender-id: "4711", api-key: secret}
              other: {role: external, sender-id: "4712", api-key: secret}
            steps:
              - mine: connects
              - other: connects
              - phone: goes-online
              - phone: {sends: {id: m-1, to: "4711"}}
              - phone: {sends: {id: m-2, to: "4712"}}
            expect:
              - mine: {acks: m-1, times: 1}
              - other: {acks: m-2, on: 1, times: 1}
              - mine: connects
                times: 2
              - other: connects
                times: 1
            """, path: "play.yaml")
    }

    private struct Guest: Sendable {
        let sender: String
        var key = "secret"
        var connections = 1

        /// Comes, and ACKs what it gets, until its task is cancelled.
        func come(to address: Invitation) async throws {
            var configuration = GCMAppServer.Configuration(
                host: address.host, port: address.port, trustedCAFile: address.authorityFile,
                senderID: sender, apiKey: key)
            configuration.connections = connections
            configuration.acknowledgement = .always
            try await GCMAppServer(configuration).run()
        }
    }

    /// Plays with guests who come by themselves, and are gone with the play.
    private func play(
        _ text: String, with guests: [Guest],
        strangerCame: @escaping @Sendable (String) -> Void = { _ in }
    ) async throws -> ScenarioRun {
        let (invitations, invited) = AsyncStream.makeStream(of: Invitation.self)
        let stage = LivePlay(
            trust: trust.trust, scratch: scratch, invite: { invited.yield($0) },
            strangerCame: strangerCame)
        let file = try ScenarioFile.read(text, path: "play.yaml")
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                guard let address = await invitations.first(where: { _ in true }) else { return }
                await withTaskGroup(of: Void.self) { group in
                    for guest in guests {
                        group.addTask { try? await guest.come(to: address) }
                    }
                }
            }
            defer { group.cancelAll() }
            return try await stage.run(file, path: "play.yaml")
        }
    }

    @Test("app servers under test are told apart by their sender IDs")
    func guests() async throws {
        let text = """
            scenario: guests
            ends: {quiet: 2s, after: 60s}
            cast:
              phone: {role: device, sender-id: ["4711", "4712"]}
              mine: {role: external, sender-id: "4711", api-key: secret}
              other: {role: external, sender-id: "4712", api-key: secret}
            steps:
              - mine: connects
              - other: connects
              - phone: goes-online
              - phone: {sends: {id: m-1, to: "4711"}}
              - phone: {sends: {id: m-2, to: "4712"}}
            expect:
              - mine: {acks: m-1, times: 1}
              - other: {acks: {id: m-2, on: 1}, times: 1}
              - mine: connects
                times: 2
              - other: connects
                times: 1
            """
        expectGood(
            try await play(
                text, with: [Guest(sender: "4712"), Guest(sender: "4711", connections: 2)]))
    }

    @Test(
        "a stranger is not the app server under test, and it is said who came",
        arguments: [
            ("{}", "4712", "secret", "somebody logged in as 4712, not as 4711"),
            ("{}", "4711", "wrong", "somebody logged in as 4711, and not with the password secret"),
            (#"{projects: {"4711": secret}}"#, "4711", "wrong", "a login as 4711 was refused: "),
            (
                #"{projects: {"4711": secret}}"#, "4712", "secret",
                "a login was refused: the user is not among the projects"
            ),
        ])
    func stranger(relay: String, sender: String, key: String, told: String) async throws {
        let (strangers, came) = AsyncStream.makeStream(of: String.self)
        let text = try Play.external(after: "3s").source
            .replacing(#"{projects: {"4711": secret}}"#, with: relay)
        let run = try await play(text, with: [Guest(sender: sender, key: key)]) { came.yield($0) }
        #expect(run.failure?.kind == .absence)
        #expect(run.failure?.description.contains("; \(told)") == true, "\(run.text)")
        came.finish()
        let all = await strangers.reduce(into: []) { $0.append($1) }
        #expect(all.count == 1 && all[0].hasPrefix(told), "\(all)")
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
