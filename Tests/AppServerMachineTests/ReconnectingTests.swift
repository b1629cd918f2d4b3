import AppServerMachine
import CloudMessaging
import Testing

@Suite("Connecting again")
struct ReconnectingTests {
    @Test("attempts that do not come up wait twice as long each time, up to the longest")
    func backOff() {
        let server = TestServer()
        _ = server.start(at: 0)
        var now: Instant = 0
        let delays: [Duration] = [
            .milliseconds(500), .seconds(1), .seconds(2), .seconds(4), .seconds(8), .seconds(16),
            .seconds(30), .seconds(30),
        ]
        for (index, delay) in delays.enumerated() {
            let id = AppServerConnectionID(index + 1)
            let retry = now + delay
            #expect(
                server.failed(id, at: now)
                    == [.connectionFailed(id, reason: "refused", retryAt: retry)])
            #expect(server.nextDeadline == retry)
            #expect(server.time(is: retry + .nanoseconds(-1)) == [])
            #expect(server.time(is: retry) == [.connect(AppServerConnectionID(index + 2))])
            #expect(server.nextDeadline == .never)
            now = retry
        }
    }

    @Test("a waiting time is up to 20 % shorter or longer, and repeats with the seed")
    func jitter() {
        func delays(seed: UInt64) -> [Duration] {
            let server = TestServer(seed: seed) {
                $0.connections = 50
                $0.reconnect = AppServerSettings().reconnect
            }
            _ = server.start(at: 0)
            return (1...50).map { number in
                let actions = server.failed(AppServerConnectionID(number), at: 0)
                guard case .connectionFailed(_, _, let retry)? = actions.first else { return .zero }
                return (0 as Instant).duration(to: retry)
            }
        }
        let drawn = delays(seed: 7)
        #expect(drawn.allSatisfy { (.milliseconds(400)...(.milliseconds(600))).contains($0) })
        #expect(Set(drawn).count > 40)
        #expect(drawn == delays(seed: 7))
        #expect(drawn != delays(seed: 8))
    }

    @Test("a good login ends the back-off")
    func backOffEnds() {
        let server = TestServer()
        _ = server.start(at: 0)
        _ = server.failed(1, at: 0)
        _ = server.time(is: 0.5)
        _ = server.failed(2, at: 0.5)
        #expect(server.nextDeadline == 1.5)
        _ = server.time(is: 1.5)
        _ = server.connected(3, at: 1.5)
        _ = server.lost(3, at: 10)
        _ = server.failed(4, at: 10)
        #expect(server.nextDeadline == 10.5)
    }

    @Test("a connection that drops after a login is opened again at once")
    func reopenedAtOnce() {
        let server = TestServer.bound { $0.connections = 2 }
        #expect(server.lost(1, at: 5) == [.disconnected(1, .lost("reset")), .connect(3)])
        #expect(server.lost(2, at: 5) == [.disconnected(2, .lost("reset")), .connect(4)])
        #expect(server.nextDeadline == .never)
    }

    @Test("an attempt that is reported as lost has failed")
    func lostBeforeBound() {
        let server = TestServer()
        _ = server.start(at: 0)
        #expect(
            server.lost(1, at: 0) == [.connectionFailed(1, reason: "reset", retryAt: 0.5)])
    }

    @Test("brief connections wait longer and longer, all but the first")
    func briefConnections() {
        let server = TestServer.bound()
        #expect(server.lost(1, at: 0.9) == [.disconnected(1, .lost("reset")), .connect(2)])
        _ = server.connected(2, at: 1)
        #expect(server.lost(2, at: 1) == [.disconnected(2, .lost("reset"))])
        #expect(server.nextDeadline == 1.5)
        #expect(server.time(is: 1.5) == [.connect(3)])
        _ = server.connected(3, at: 1.5)
        #expect(server.draining(3, at: 1.5) == [.draining(3)])
        #expect(server.nextDeadline == 2.5)
        #expect(server.time(is: 2.5) == [.connect(4)])
        // One that lasts makes it good.
        _ = server.connected(4, at: 3)
        #expect(server.lost(4, at: 4) == [.disconnected(4, .lost("reset")), .connect(5)])
        _ = server.connected(5, at: 4)
        #expect(server.lost(5, at: 4) == [.disconnected(5, .lost("reset")), .connect(6)])
    }

    @Test("each place backs off by itself")
    func placesAreIndependent() {
        let server = TestServer.bound { $0.connections = 2 }
        _ = server.lost(1, at: 5)
        _ = server.failed(3, at: 5)
        _ = server.time(is: 5.5)
        _ = server.failed(4, at: 5.5)
        #expect(server.nextDeadline == 6.5)
        #expect(server.lost(2, at: 6) == [.disconnected(2, .lost("reset")), .connect(5)])
        _ = server.failed(5, at: 6)
        #expect(server.nextDeadline == 6.5)
        #expect(server.time(is: 6.5) == [.connect(6), .connect(7)])
    }

    @Test("a refused login is final: all is closed, nothing is tried again until the next start")
    func wrongKey() {
        let server = TestServer { $0.connections = 3 }
        _ = server.start(at: 0)
        _ = server.connected(1, at: 0)
        _ = server.failed(3, at: 0)
        #expect(
            server.failed(2, .notAuthorized("wrong key"), at: 0.1) == [
                .authenticationFailed(2, reason: "wrong key"), .close(1),
                .disconnected(1, .stopped),
            ])
        #expect(server.machine.phase == .refused("wrong key"))
        #expect(server.nextDeadline == .never)
        #expect(server.time(is: 60) == [])
        #expect(server.stop(at: 60) == [])
        #expect(server.machine.phase == .refused("wrong key"))
        #expect(server.start(at: 61) == [.connect(4), .connect(5), .connect(6)])
    }
}
