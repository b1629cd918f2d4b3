import CloudMessaging
import FaultPlays
import Faults
import Foundation
import Journal
import Logging
import MessageStore
import NIOCore
import NIOPosix
import NetworkRuntime
import Nodes
import RealPrograms
import RelayMachine
import TLSEngine

/// A relay on a port of its own, a phone, and an app server that writes by hand.
///
/// What stands in the store beforehand goes to the app server in one round: so the same happens in
/// each run.
final class LivePlay: Sendable {
    static let sender = SenderID("4711")!
    static let patience = Duration.seconds(60)
    private static let key = "AIza-the-key-of-4711"
    private static let stranger = SenderID("4712")!

    let point: FaultPoint
    private let relay: RelayRuntime
    private let port: Int
    private let trust: LiveTrust
    private let eventLoop = MultiThreadedEventLoopGroup.singleton.next()
    private let phone: LivePhone
    /// Counts what may have changed what is known: the journal grew, or a peer heard something.
    private let news: Watched<Int>

    init(_ point: FaultPoint, _ deed: FaultDeed?, _ trust: LiveTrust) async throws {
        self.point = point
        self.trust = trust
        var settings = RelayNodeSettings(seed: 1)
        settings.machine.retry.first = .seconds(100)
        settings.machine.retry.jitter = 0
        settings.machine.projects = [Self.sender: Self.key, Self.stranger: Self.key]
        if let deed { settings.faults = [try point.rule(deed, sender: Self.sender)] }
        let store = InMemoryStore()
        relay = try await RelayRuntime(
            settings: settings, store: store, snapshot: store.open(), tls: trust.relay,
            logger: Logger(label: "relay") { _ in SwiftLogNoOpLogHandler() },
            journalLimit: 1_000)
        let here = ListenAddress.host("127.0.0.1")
        port = try await relay.listen(.appServers, on: here, port: 0)
        let devicePort = try await relay.listen(.devices, on: here, port: 0)
        let news = Watched(0)
        self.news = news
        phone = try await LivePhone(
            relay: RelayAddress(host: "127.0.0.1", port: devicePort), tls: trust.client
        ) { news.change { $0 += 1 } }
        followJournal()
    }

    /// Tells of the journal's growth until the relay ends.
    private func followJournal() {
        Task { [relay, news] in
            while let last = try await relay.journal({ $0.lastNumber }) {
                news.change { $0 += 1 }
                try await relay.journalGrows(after: last, within: Self.patience)
            }
        }
    }

    // MARK: The plot

    /// Plays until everything is as it was expected, or patience is over.
    ///
    /// - Parameters:
    ///   - knocks: whether the app server says something in the end, to a relay that is silent.
    ///   - isOver: whether all that can come has come.
    func outcome(
        in pieces: WireClient.Pieces = .whole, knocks: Bool = false,
        until isOver: (FaultOutcome) -> Bool
    ) async throws -> FaultOutcome {
        try await prepare()
        let appServer = try await connect()
        try await play(appServer, in: pieces)
        try await until { isOver(try await state(of: appServer)) }
        if knocks { try await appServer.order { $0.write(requests: ["d-9"], to: "nobody") } }
        // Whatever comes of it has come when another is served: there is one event loop.
        try await visit()
        let outcome = try await state(of: appServer)
        try await appServer.order { $0.hangUp() }
        return outcome
    }

    /// What a new connection of the app server hears: both messages again.
    func again() async throws -> Heard {
        let appServer = try await connect()
        try await appServer.hears { $0.sights.count == 2 }
        try await appServer.order { $0.hangUp() }
        return appServer.heard
    }

    func end() async throws {
        try await phone.shutDown()
        try await relay.shutdown()
    }

    /// What is to wait for the app server.
    private func prepare() async throws {
        switch point {
        case .upstreamStanza, .upstreamAck: try await phone.send("m-1", "m-2")
        case .connection, .login: try await phone.send("m-1")
        case .downstreamStanza, .downstreamAnswer: break
        case .receipt: try await earnReceipts()
        }
    }

    /// Two receipts that find no app server.
    private func earnReceipts() async throws {
        try await phone.goOffline()
        let appServer = try await connect()
        try await appServer.hears(\.isBound)
        let token = try await phone.token
        try await appServer.order { client in
            client.write(requests: ["d-1", "d-2"], to: token, wantReceipts: true)
        }
        try await appServer.hears { $0.sights.count == 2 }
        try await appServer.order { $0.hangUp() }
        try await until { try await !events(.connectionClosed).isEmpty }
        try await phone.goOnline()
        try await until {
            try await events(.messageState).filter { $0.state == .queued }.count == 2
        }
    }

    private func play(_ appServer: LiveAppServer, in pieces: WireClient.Pieces) async throws {
        let token = try await phone.token
        switch point {
        case .upstreamAck:
            try await appServer.hears { $0.sights == ["m-1", "m-2"] }
            try await appServer.order { client in
                client.write(acknowledgements: ["m-1", "m-2"], from: token, in: pieces)
            }
        case .downstreamStanza, .downstreamAnswer:
            try await appServer.hears(\.isBound)
            try await appServer.order { client in
                client.write(requests: ["d-1", "d-2"], to: token, in: pieces)
            }
        case .upstreamStanza, .receipt, .connection, .login: break
        }
    }

    /// Another app server comes, is bound, and goes.
    private func visit() async throws {
        let visitor = try await connect(as: Self.stranger)
        try await visitor.hears(\.isBound)
        try await visitor.order { $0.hangUp() }
    }

    private func connect(as sender: SenderID = LivePlay.sender) async throws -> LiveAppServer {
        try await LiveAppServer(
            sender: sender, key: Self.key, port: port, tls: trust.client, on: eventLoop
        ) { [news] in news.change { $0 += 1 } }
    }

    // MARK: What is known

    private func state(of appServer: LiveAppServer) async throws -> FaultOutcome {
        let events = try await relay.journal { $0.events().events } ?? []
        return FaultOutcome(
            point, Self.sender, appServer.heard, events, received: phone.received)
    }

    private func events(_ kind: JournalEvent.Kind) async throws -> [JournalEvent] {
        try await relay.journal { journal in
            journal.events().events.filter { $0.kind == kind }
        } ?? []
    }

    /// Asks whenever there is news; gives up without a word, as whoever waits then looks for himself.
    private func until(_ isSo: () async throws -> Bool) async throws {
        let end = ContinuousClock.now + Self.patience
        while true {
            let known = news.value
            guard try await !isSo(), ContinuousClock.now < end else { return }
            try? await news.first(within: end - .now) { $0 == known ? nil : () }
        }
    }
}

/// A CA and what relay and clients make of it.
final class LiveTrust: Sendable {
    let relay: TLSContext
    let client: TLSContext
    private let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
        let now = Int64(Date().timeIntervalSince1970)
        let authority = try LocalAuthority(directory: directory.path, now: now)
        relay = try TLSContext(server: authority.serverIdentity(now: now))
        client = try TLSContext(clientTrusting: authority.certificateFile)
    }
}
