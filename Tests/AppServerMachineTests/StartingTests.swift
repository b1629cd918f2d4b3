import AppServerMachine
import CloudMessaging
import Testing

@Suite("Starting and stopping")
struct StartingTests {
    @Test("a start opens every connection, once")
    func startOpensAll() {
        let server = TestServer { $0.connections = 3 }
        #expect(server.start(at: 0) == [.connect(1), .connect(2), .connect(3)])
        #expect(server.start(at: 0) == [])
        #expect(server.machine.phase == .running)
    }

    @Test("a connection is told when it is bound, once")
    func boundIsTold() {
        let server = TestServer()
        _ = server.start(at: 0)
        #expect(server.machine.boundConnections == 0)
        #expect(server.connected(1, at: 0.1) == [.connected(1)])
        #expect(server.connected(1, at: 0.2) == [])
        #expect(server.machine.boundConnections == 1)
    }

    @Test("a stop closes what is bound, draining or being opened, the oldest first")
    func stopClosesAll() {
        let server = TestServer { $0.connections = 2 }
        _ = server.start(at: 0)
        _ = server.connected(1, at: 0)
        #expect(server.draining(1, at: 5) == [.draining(1), .connect(3)])
        _ = server.connected(3, at: 5)
        #expect(
            server.stop(at: 6) == [
                .close(1), .disconnected(1, .stopped), .close(2), .close(3),
                .disconnected(3, .stopped),
            ])
        #expect(server.machine.phase == .stopped)
        #expect(server.machine.boundConnections == 0)
    }

    @Test("nothing happens after a stop, whatever is still reported")
    func silentAfterStop() {
        let server = TestServer.bound { $0.connections = 3 }
        _ = server.lost(2, at: 0.1)
        _ = server.failed(4, at: 0.2)
        _ = server.stop(at: 0.3)
        #expect(server.nextDeadline == .never)
        #expect(server.lost(1, at: 0.4) == [])
        #expect(server.connected(4, at: 0.4) == [])
        #expect(server.failed(4, at: 0.4) == [])
        #expect(server.draining(3, at: 0.4) == [])
        #expect(server.received("phone/m-1", on: 3, at: 0.4) == [])
        #expect(server.time(is: 100) == [])
        #expect(server.stop(at: 101) == [])
        #expect(server.counters.deliveries == 0)
    }

    @Test("a second start opens new connections, and remembers what was seen")
    func restart() {
        let server = TestServer.bound()
        _ = server.received("phone/m-1", on: 1, at: 1)
        _ = server.stop(at: 2)
        #expect(server.start(at: 3) == [.connect(2)])
        _ = server.connected(2, at: 3)
        #expect(
            server.received("phone/m-1", on: 2, at: 3).first
                == .upstream("phone/m-1", on: 2, attempt: 2))
    }
}
