import AppServerMachine
import CloudMessaging
import Testing

@Suite("ACKs by policy")
struct AckPolicyTests {
    @Test("always: each delivery is ACKed at once, on the connection that carried it")
    func always() {
        let server = TestServer.bound { $0.connections = 2 }
        for (id, attempt) in [(2, 1), (1, 2), (1, 3)] as [(AppServerConnectionID, Int)] {
            #expect(
                server.received("phone/m-1", on: id, at: 1) == [
                    .upstream("phone/m-1", on: id, attempt: attempt),
                    .acknowledge("phone/m-1", on: id), .acknowledged("phone/m-1", distinct: 1),
                ])
        }
        #expect(server.counters.deliveries == 3)
        #expect(server.counters.acknowledgements == 3)
        #expect(server.counters.distinctAcknowledged == 1)
    }

    @Test("never: each delivery is left unanswered")
    func never() {
        let server = TestServer.bound { $0.acknowledgedBy = .policy(.never) }
        for attempt in 1...3 {
            #expect(
                server.received("phone/m-1", on: 1, at: 1) == [
                    .upstream("phone/m-1", on: 1, attempt: attempt), .skipped("phone/m-1"),
                ])
        }
        #expect(server.counters.skipped == 3)
        #expect(server.counters.acknowledgements == 0)
    }

    @Test("skip: the first deliveries of each message are left unanswered, on any connection")
    func skip() {
        let server = TestServer.bound {
            $0.connections = 2
            $0.acknowledgedBy = .policy(.skip(2))
        }
        func answer(_ message: ReceivedMessage, on id: AppServerConnectionID) -> AppServerAction? {
            server.received(message, on: id, at: 1).last
        }
        #expect(answer("phone/m-1", on: 1) == .skipped("phone/m-1"))
        #expect(answer("tablet/m-1", on: 1) == .skipped("tablet/m-1"))
        #expect(answer("phone/m-1", on: 2) == .skipped("phone/m-1"))
        #expect(answer("phone/m-1", on: 1) == .acknowledged("phone/m-1", distinct: 1))
        #expect(answer("tablet/m-1", on: 2) == .skipped("tablet/m-1"))
        #expect(answer("tablet/m-1", on: 2) == .acknowledged("tablet/m-1", distinct: 2))
        #expect(answer("tablet/m-1", on: 2) == .acknowledged("tablet/m-1", distinct: 2))
        #expect(server.counters.skipped == 4)
        #expect(server.counters.distinctAcknowledged == 2)
    }

    @Test("skip counts two messages of the same pair apart")
    func skipTellsMessagesApart() {
        let server = TestServer.bound { $0.acknowledgedBy = .policy(.skip(1)) }
        let first = ReceivedMessage("phone/m-1", [("n", "1")])
        let second = ReceivedMessage("phone/m-1", [("n", "2")])
        #expect(server.received(first, on: 1, at: 1).last == .skipped("phone/m-1"))
        #expect(server.received(second, on: 1, at: 1).last == .skipped("phone/m-1"))
        #expect(
            server.received(first, on: 1, at: 1).last == .acknowledged("phone/m-1", distinct: 1))
        #expect(
            server.received(second, on: 1, at: 1).last == .acknowledged("phone/m-1", distinct: 2))
    }

    @Test("after: each delivery is ACKed when its time has come, on its connection")
    func after() {
        let server = TestServer.bound {
            $0.connections = 2
            $0.acknowledgedBy = .policy(.after(.seconds(3)))
        }
        #expect(
            server.received("phone/m-1", on: 2, at: 1)
                == [.upstream("phone/m-1", on: 2, attempt: 1)])
        _ = server.received("phone/m-2", on: 1, at: 2)
        #expect(server.nextDeadline == 4)
        #expect(server.time(is: 3.9) == [])
        #expect(
            server.time(is: 4)
                == [.acknowledge("phone/m-1", on: 2), .acknowledged("phone/m-1", distinct: 1)])
        #expect(server.nextDeadline == 5)
        #expect(server.time(is: 7).toRelay == [.acknowledge("phone/m-2", on: 1)])
        #expect(server.nextDeadline == .never)
    }

    @Test("after: an ACK is dropped with the connection, the redelivery gets its own")
    func afterOnLostConnection() {
        let server = TestServer.bound {
            $0.connections = 2
            $0.acknowledgedBy = .policy(.after(.seconds(3)))
        }
        _ = server.received("phone/m-1", on: 1, at: 1)
        _ = server.received("phone/m-2", on: 2, at: 1)
        _ = server.lost(1, at: 2)
        _ = server.received("phone/m-1", on: 2, at: 2)
        #expect(server.time(is: 4).toRelay == [.acknowledge("phone/m-2", on: 2)])
        #expect(server.time(is: 5).toRelay == [.acknowledge("phone/m-1", on: 2)])
        #expect(server.counters.droppedAcknowledgements == 1)
        #expect(server.counters.distinctAcknowledged == 2)
    }

    @Test("after: a stop drops what is not due")
    func afterStopped() {
        let server = TestServer.bound { $0.acknowledgedBy = .policy(.after(.seconds(3))) }
        _ = server.received("phone/m-1", on: 1, at: 1)
        #expect(server.stop(at: 2) == [.close(1), .disconnected(1, .stopped)])
        #expect(server.nextDeadline == .never)
        #expect(server.time(is: 9) == [])
        #expect(server.counters.droppedAcknowledgements == 1)
    }

    @Test("with a policy, the application's own ACKs go nowhere")
    func applicationHasNoSay() {
        let server = TestServer.bound { $0.acknowledgedBy = .policy(.never) }
        _ = server.received("phone/m-1", on: 1, at: 1)
        #expect(server.acknowledge("phone/m-1", on: 1) == [])
        #expect(server.counters.droppedAcknowledgements == 1)
    }

    @Test("ACKs that are held back go out later, on the connections that are still there")
    func held() {
        let server = TestServer.bound { $0.connections = 2 }
        #expect(server.hold(true, at: 1) == [])
        #expect(server.received("phone/m-1", on: 1, at: 1).toRelay == [])
        #expect(server.received("phone/m-2", on: 2, at: 1).toRelay == [])
        #expect(server.nextDeadline == .never)
        #expect(server.time(is: 2) == [])
        _ = server.lost(1, at: 3)
        #expect(server.counters.droppedAcknowledgements == 1)
        #expect(
            server.hold(false, at: 4)
                == [.acknowledge("phone/m-2", on: 2), .acknowledged("phone/m-2", distinct: 1)])
        #expect(server.received("phone/m-3", on: 2, at: 4).toRelay.count == 1)
    }
}
