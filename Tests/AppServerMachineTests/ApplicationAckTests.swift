import AppServerMachine
import Testing

@Suite("ACKs by the application")
struct ApplicationAckTests {
    private func makeServer(_ configure: (inout AppServerSettings) -> Void = { _ in }) -> TestServer
    {
        .bound {
            $0.connections = 2
            $0.acknowledgedBy = .application
            configure(&$0)
        }
    }

    @Test("a delivery waits for the application's ACK, which goes where it came from")
    func acknowledged() {
        let server = makeServer()
        #expect(
            server.received("phone/m-1", on: 2, at: 1)
                == [.upstream("phone/m-1", on: 2, attempt: 1)])
        #expect(server.counters.distinctAcknowledged == 0)
        #expect(
            server.acknowledge("phone/m-1", on: 2)
                == [.acknowledge("phone/m-1", on: 2), .acknowledged("phone/m-1", distinct: 1)])
        #expect(server.counters.distinctAcknowledged == 1)
    }

    @Test("ACKs may come in any order")
    func outOfOrder() {
        let server = makeServer()
        _ = server.received("phone/m-1", on: 1, at: 1)
        _ = server.received("phone/m-2", on: 1, at: 1)
        #expect(
            server.acknowledge("phone/m-2", on: 1).toRelay == [.acknowledge("phone/m-2", on: 1)])
        #expect(
            server.acknowledge("phone/m-1", on: 1).toRelay == [.acknowledge("phone/m-1", on: 1)])
    }

    @Test("the same ID of two devices is two messages")
    func sameIDOfTwoDevices() {
        let server = makeServer()
        _ = server.received("phone/m-1", on: 1, at: 1)
        _ = server.received("tablet/m-1", on: 1, at: 1)
        _ = server.acknowledge("tablet/m-1", on: 1)
        #expect(server.acknowledge("tablet/m-1", on: 1) == [])
        #expect(
            server.acknowledge("phone/m-1", on: 1).toRelay == [.acknowledge("phone/m-1", on: 1)])
    }

    @Test("an ACK for another connection than the one that carried the message is dropped")
    func wrongConnection() {
        let server = makeServer()
        _ = server.received("phone/m-1", on: 1, at: 1)
        #expect(server.acknowledge("phone/m-1", on: 2) == [])
        #expect(server.counters.droppedAcknowledgements == 1)
        #expect(server.counters.distinctAcknowledged == 0)
    }

    @Test("an ACK for a connection that is gone is dropped; the redelivery takes one")
    func closedConnection() {
        let server = makeServer()
        _ = server.received("phone/m-1", on: 1, at: 1)
        _ = server.lost(1, at: 5)
        #expect(server.acknowledge("phone/m-1", on: 1) == [])
        #expect(server.counters.droppedAcknowledgements == 1)
        _ = server.received("phone/m-1", on: 2, at: 5)
        #expect(
            server.acknowledge("phone/m-1", on: 2).toRelay == [.acknowledge("phone/m-1", on: 2)])
    }

    @Test("a delivery is ACKed once, two deliveries twice")
    func asOftenAsDelivered() {
        let server = makeServer()
        _ = server.received("phone/m-1", on: 1, at: 1)
        _ = server.received("phone/m-1", on: 1, at: 11)
        #expect(server.acknowledge("phone/m-1", on: 1).count == 2)
        #expect(server.acknowledge("phone/m-1", on: 1).count == 2)
        #expect(server.acknowledge("phone/m-1", on: 1) == [])
        #expect(server.counters.acknowledgements == 2)
        #expect(server.counters.distinctAcknowledged == 1)
        #expect(server.counters.droppedAcknowledgements == 1)
    }

    @Test("what comes beyond the limit of unanswered deliveries cannot be ACKed")
    func unansweredLimit() {
        let server = makeServer { $0.unansweredPerConnection = 2 }
        _ = server.received("phone/m-1", on: 1, at: 1)
        _ = server.received("phone/m-2", on: 1, at: 1)
        #expect(
            server.received("phone/m-3", on: 1, at: 1)
                == [.upstream("phone/m-3", on: 1, attempt: 1)])
        #expect(server.acknowledge("phone/m-3", on: 1) == [])
        _ = server.acknowledge("phone/m-1", on: 1)
        _ = server.received("phone/m-3", on: 1, at: 11)
        #expect(
            server.acknowledge("phone/m-3", on: 1).toRelay == [.acknowledge("phone/m-3", on: 1)])
    }

    @Test("ACKs of a pair are credited to its deliveries on the connection, oldest first")
    func creditedOldestFirst() {
        let server = makeServer()
        for (number, id) in [("1", 1), ("1", 2), ("1", 1), ("2", 1)]
            as [(String, AppServerConnectionID)]
        {
            _ = server.received(ReceivedMessage("phone/m-1", [("n", number)]), on: id, at: 1)
        }
        for (id, distinct) in [(1, 1), (2, 1), (1, 1), (1, 2)] as [(AppServerConnectionID, Int)] {
            _ = server.acknowledge("phone/m-1", on: id)
            #expect(server.counters.distinctAcknowledged == distinct)
        }
    }
}
