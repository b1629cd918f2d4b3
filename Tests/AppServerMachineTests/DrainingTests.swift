import AppServerMachine
import CloudMessaging
import Testing

@Suite("Draining")
struct DrainingTests {
    @Test("a drained connection is replaced when it is announced, not again when it closes")
    func replacedOnce() {
        let server = TestServer.bound()
        #expect(server.draining(1, at: 5) == [.draining(1), .connect(2)])
        #expect(server.connected(2, at: 5) == [.connected(2)])
        #expect(server.machine.boundConnections == 2)
        #expect(server.lost(1, at: 8) == [.disconnected(1, .drained)])
        #expect(server.machine.boundConnections == 1)
        #expect(server.nextDeadline == .never)
    }

    @Test("an announcement is repeated without effect")
    func announcedTwice() {
        let server = TestServer.bound()
        _ = server.draining(1, at: 5)
        #expect(server.draining(1, at: 6) == [])
    }

    @Test("what comes on a draining connection is ACKed there")
    func readOnWhileDraining() {
        let server = TestServer.bound()
        _ = server.draining(1, at: 5)
        _ = server.connected(2, at: 5)
        #expect(
            server.received("phone/m-1", on: 1, at: 6).toRelay
                == [.acknowledge("phone/m-1", on: 1)])
    }

    @Test("what came before the announcement is ACKed on the draining connection")
    func delayedWhileDraining() {
        let server = TestServer.bound { $0.acknowledgedBy = .policy(.after(.seconds(2))) }
        _ = server.received("phone/m-1", on: 1, at: 4)
        _ = server.draining(1, at: 5)
        #expect(server.time(is: 6).toRelay == [.acknowledge("phone/m-1", on: 1)])
    }

    @Test("the replacement may drain while its predecessor still does")
    func drainedInARow() {
        let server = TestServer.bound()
        _ = server.draining(1, at: 5)
        _ = server.connected(2, at: 5)
        #expect(server.draining(2, at: 10) == [.draining(2), .connect(3)])
        _ = server.connected(3, at: 10)
        #expect(server.lost(2, at: 11) == [.disconnected(2, .drained)])
        #expect(server.lost(1, at: 12) == [.disconnected(1, .drained)])
        #expect(server.lost(3, at: 13) == [.disconnected(3, .lost("reset")), .connect(4)])
    }

    @Test("a replacement that does not come up backs off, whatever the drained one does")
    func replacementFails() {
        let server = TestServer.bound()
        _ = server.draining(1, at: 5)
        _ = server.failed(2, at: 5)
        #expect(server.nextDeadline == 5.5)
        #expect(server.lost(1, at: 5.2) == [.disconnected(1, .drained)])
        #expect(server.time(is: 5.5) == [.connect(3)])
    }

    @Test("an attempt that is not bound cannot drain")
    func notBound() {
        let server = TestServer()
        _ = server.start(at: 0)
        #expect(server.draining(1, at: 0) == [])
    }
}
