import AppServerMachine
import CloudMessaging
import Testing

@Suite("Downstream requests")
struct RequestTests {
    @Test("a request is written at once, and its answer ends it")
    func answered() {
        let server = TestServer.bound()
        #expect(server.send(1, at: 1) == [.request(1, on: 1)])
        let acceptance = DownstreamAcceptance(canonicalToken: "new", failedTokens: ["x"])
        #expect(
            server.answered(
                DownstreamAnswer(messageID: "d-1", from: "phone", .accepted(acceptance)),
                on: 1, at: 2) == [.requestEnded(1, .accepted(acceptance))])
        #expect(server.answered(.ack("d-1"), on: 1, at: 2) == [], "once")
    }

    @Test(
        "a refusal that must not be repeated ends it",
        arguments: [
            "INVALID_JSON", "BAD_REGISTRATION", "DEVICE_UNREGISTERED",
            "DEVICE_MESSAGE_RATE_EXCEEDED", "TOPICS_MESSAGE_RATE_EXCEEDED",
            "INVALID_APNS_CREDENTIAL",
        ])
    func refused(error: String) {
        let server = TestServer.bound()
        _ = server.send(1, at: 1)
        #expect(
            server.answered(.nack("d-1", error), on: 1, at: 2)
                == [.requestEnded(1, .refused(.nack(error)))])
        #expect(server.nextDeadline == .never)
    }

    @Test("before a connection is bound requests wait, and are written in their order")
    func waiting() {
        let server = TestServer()
        #expect(server.send(1, at: 0) == [])
        _ = server.start(at: 0)
        #expect(server.send(2, at: 0) == [])
        #expect(
            server.connected(1, at: 1) == [.connected(1), .request(1, on: 1), .request(2, on: 1)])
    }

    @Test("never more than 100 are unanswered on a connection; each answer makes room for the next")
    func window() {
        let server = TestServer.bound()
        for number in 1...100 {
            let request = DownstreamRequest(number)
            #expect(server.send(request, at: 1) == [.request(request, on: 1)])
        }
        #expect(server.send(101, at: 1) == [])
        #expect(server.send(102, at: 1) == [])
        #expect(server.machine.waitingRequests == 2)
        #expect(
            server.answered(.ack("d-50"), on: 1, at: 2)
                == [.requestEnded(50, .ack), .request(101, on: 1)])
        #expect(
            server.answered(.nack("d-7", "INVALID_JSON"), on: 1, at: 2)
                == [.requestEnded(7, .refused(.nack("INVALID_JSON"))), .request(102, on: 1)])
    }

    @Test("one too many waiting request fails at once")
    func tooManyWaiting() {
        let server = TestServer { $0.waitingRequests = 2 }
        _ = server.send(1, at: 0)
        _ = server.send(2, at: 0)
        #expect(server.send(3, at: 0) == [.requestEnded(3, .notSent(.tooManyWaiting))])
    }

    @Test("a request on the wire ends without an answer when its time is over, and keeps its place")
    func overdueOnTheWire() {
        let server = TestServer.bound {
            $0.requestTimeout = .seconds(5)
            $0.requestsPerConnection = 1
        }
        _ = server.send(1, at: 1)
        #expect(server.nextDeadline == 6)
        #expect(server.time(is: 5) == [])
        #expect(
            server.time(is: 6)
                == [.requestEnded(1, .unanswered(reason: "waited 5.0 seconds"))])
        #expect(server.nextDeadline == .never)
        #expect(server.send(2, at: 7) == [], "the relay has not answered yet")
        #expect(server.answered(.ack("d-1"), on: 1, at: 8) == [.request(2, on: 1)])
    }

    @Test("a request that waits its turn, or for another try, is not sent when its time is over")
    func overdueInLine() {
        let server = TestServer.bound {
            $0.requestTimeout = .seconds(5)
            $0.requestsPerConnection = 1
            $0.requestRetry.first = .seconds(60)
        }
        _ = server.send(1, at: 1)
        _ = server.answered(.nack("d-1", "SERVICE_UNAVAILABLE"), on: 1, at: 2)
        #expect(server.send(2, at: 3) == [])
        #expect(
            server.time(is: 6) == [.requestEnded(1, .notSent(.timedOut)), .request(2, on: 1)])
        #expect(server.send(3, at: 7) == [])
        _ = server.time(is: 8)
        #expect(server.nextDeadline == 12, "the time begins with the call")
        #expect(server.time(is: 12) == [.requestEnded(3, .notSent(.timedOut))])
        #expect(server.machine.waitingRequests == 0)
    }

    @Test("the connection with the fewest unanswered takes the next, the older of equals")
    func leastLoaded() {
        let server = TestServer.bound { $0.connections = 2 }
        #expect(server.send(1, at: 1) == [.request(1, on: 1)])
        #expect(server.send(2, at: 1) == [.request(2, on: 2)])
        #expect(server.send(3, at: 1) == [.request(3, on: 1)])
        _ = server.answered(.ack("d-1"), on: 1, at: 2)
        _ = server.answered(.ack("d-3"), on: 1, at: 2)
        #expect(server.send(4, at: 2) == [.request(4, on: 1)])
        #expect(server.send(5, at: 2) == [.request(5, on: 1)])
    }

    @Test(
        "of requests with one message ID the one with the answer's address is meant, or the oldest")
    func sameMessageID() {
        let server = TestServer.bound()
        for (number, target) in [(1, "phone"), (2, "tablet"), (3, "phone")] {
            _ = server.send(DownstreamRequest(number, to: target, messageID: "d"), at: 1)
        }
        #expect(server.answered(.ack("d", from: "tablet"), on: 1, at: 2).ended == [2])
        #expect(server.answered(.ack("d", from: nil), on: 1, at: 2).ended == [1])
        #expect(server.answered(.ack("d", from: "elsewhere"), on: 1, at: 2).ended == [3])
    }

    @Test("message IDs are told apart by their bytes")
    func messageIDBytes() {
        let server = TestServer.bound()
        _ = server.send(DownstreamRequest(1, messageID: "e\u{301}"), at: 1)
        #expect(server.answered(.ack("\u{E9}"), on: 1, at: 2) == [])
        #expect(server.answered(.ack("e\u{301}"), on: 1, at: 2).ended == [1])
    }

    @Test("an answer on another connection, or to nothing, ends nothing; a refusal is told")
    func foreignAnswers() {
        let server = TestServer.bound { $0.connections = 2 }
        _ = server.send(1, at: 1)
        #expect(server.answered(.ack("d-1"), on: 2, at: 2) == [])
        #expect(server.answered(.ack("d-9"), on: 1, at: 2) == [])
        #expect(
            server.answered(.nack("d-9", "INVALID_JSON"), on: 1, at: 2)
                == [.rejected(1, error: "INVALID_JSON", description: "why")])
        #expect(server.answered(.ack("d-1"), on: 1, at: 3).ended == [1])
    }

    @Test("a request whose connection is lost is not sent again: it may have been taken")
    func connectionLost() {
        let server = TestServer.bound { $0.connections = 2 }
        _ = server.send(1, at: 1)
        #expect(
            server.lost(1, at: 2) == [
                .disconnected(1, .lost("reset")), .connect(3),
                .requestEnded(1, .unanswered(reason: "reset")),
            ])
    }

    @Test("at the end of the app server requests end, and later ones are not taken")
    func stopped() {
        let server = TestServer.bound { $0.requestsPerConnection = 1 }
        _ = server.send(1, at: 1)
        _ = server.send(2, at: 1)
        let stopped = server.stop(at: 2)
        #expect(
            stopped.suffix(2) == [
                .requestEnded(1, .unanswered(reason: "this app server was stopped")),
                .requestEnded(2, .notSent(.stopped)),
            ])
        #expect(server.send(3, at: 3) == [.requestEnded(3, .notSent(.stopped))])
    }

    @Test("a refused login ends what waits")
    func loginRefused() {
        let server = TestServer()
        _ = server.start(at: 0)
        _ = server.send(1, at: 0)
        let outcome = DownstreamOutcome.notSent(.loginRefused("wrong key"))
        #expect(
            server.failed(1, .notAuthorized("wrong key"), at: 1).last == .requestEnded(1, outcome))
        #expect(server.send(2, at: 2) == [.requestEnded(2, outcome)])
    }

    @Test("what nobody waits for is not sent if it waits, and keeps its place if it was")
    func abandoned() {
        let server = TestServer.bound { $0.requestsPerConnection = 1 }
        _ = server.send(1, at: 1)
        _ = server.send(2, at: 1)
        _ = server.send(3, at: 1)
        #expect(server.abandon(2) == [])
        #expect(server.abandon(1) == [])
        #expect(server.answered(.ack("d-1"), on: 1, at: 2) == [.request(3, on: 1)])
        #expect(server.abandon(9) == [])
    }
}

@Suite("Requests that are tried again")
struct RequestRetryTests {
    static func bound(_ configure: (inout AppServerSettings) -> Void = { _ in }) -> TestServer {
        TestServer.bound {
            $0.requestRetry.jitter = 0
            configure(&$0)
        }
    }

    @Test(
        "a relay without time is asked again on the same connection, twice, after 1 s and 2 s",
        arguments: ["SERVICE_UNAVAILABLE", "INTERNAL_SERVER_ERROR", "NEVER_HEARD_OF"])
    func backOff(error: String) {
        let server = Self.bound { $0.connections = 2 }
        _ = server.send(1, at: 1)
        #expect(server.answered(.nack("d-1", error), on: 1, at: 2) == [])
        #expect(server.nextDeadline == 3)
        #expect(server.time(is: 2.9) == [])
        #expect(server.time(is: 3) == [.request(1, on: 1)])
        #expect(server.answered(.nack("d-1", error), on: 1, at: 4) == [])
        #expect(server.nextDeadline == 6)
        #expect(server.time(is: 6) == [.request(1, on: 1)])
        #expect(
            server.answered(.nack("d-1", error), on: 1, at: 7)
                == [.requestEnded(1, .refused(.nack(error)))])
        #expect(server.nextDeadline == .never)
    }

    @Test("a later try may be taken")
    func success() {
        let server = Self.bound()
        _ = server.send(1, at: 1)
        _ = server.answered(.nack("d-1", "SERVICE_UNAVAILABLE"), on: 1, at: 1)
        _ = server.time(is: 2)
        #expect(server.answered(.ack("d-1"), on: 1, at: 3) == [.requestEnded(1, .ack)])
    }

    @Test("the number of tries may be set")
    func oneTry() {
        let server = Self.bound { $0.requestTries = 1 }
        _ = server.send(1, at: 1)
        #expect(server.answered(.nack("d-1", "SERVICE_UNAVAILABLE"), on: 1, at: 1).ended == [1])
    }

    @Test("pauses have jitter")
    func jitter() {
        var deadlines: Set<Instant> = []
        for seed in 1...8 as ClosedRange<UInt64> {
            let server = TestServer(seed: seed)
            _ = server.start(at: 0)
            _ = server.connected(1, at: 0)
            _ = server.send(1, at: 1)
            _ = server.answered(.nack("d-1", "SERVICE_UNAVAILABLE"), on: 1, at: 1)
            #expect((1.8...2.2).contains(server.nextDeadline))
            deadlines.insert(server.nextDeadline)
        }
        #expect(deadlines.count == 8)
    }

    @Test("during its pause a request keeps its place: a relay without time gets no more")
    func placeKept() {
        let server = Self.bound { $0.requestsPerConnection = 1 }
        _ = server.send(1, at: 1)
        _ = server.send(2, at: 1)
        #expect(server.answered(.nack("d-1", "SERVICE_UNAVAILABLE"), on: 1, at: 1) == [])
        #expect(server.time(is: 2) == [.request(1, on: 1)])
    }

    @Test("a pause ends with its connection: the relay has not taken the request")
    func pauseOfLostConnection() {
        let server = Self.bound { $0.connections = 2 }
        _ = server.send(1, at: 1)
        _ = server.answered(.nack("d-1", "SERVICE_UNAVAILABLE"), on: 1, at: 1)
        #expect(
            server.lost(1, at: 1.5)
                == [.disconnected(1, .lost("reset")), .connect(3), .request(1, on: 2)])
        #expect(server.nextDeadline == 31, "the end of its time")
    }

    @Test("nobody waits for it: there is no other try")
    func abandoned() {
        let server = Self.bound { $0.requestsPerConnection = 1 }
        _ = server.send(1, at: 1)
        _ = server.answered(.nack("d-1", "SERVICE_UNAVAILABLE"), on: 1, at: 1)
        _ = server.send(2, at: 1)
        #expect(server.abandon(1) == [.request(2, on: 1)], "from its pause")
        _ = server.abandon(2)
        #expect(server.answered(.nack("d-2", "SERVICE_UNAVAILABLE"), on: 1, at: 1) == [])
        #expect(server.nextDeadline == .never, "from the wire")
    }
}

@Suite("Requests and draining")
struct RequestDrainingTests {
    @Test("new requests go to the new connection; old ones are answered on the old")
    func announced() {
        let server = TestServer.bound()
        _ = server.send(1, at: 1)
        #expect(server.draining(1, at: 2) == [.draining(1), .connect(2)])
        #expect(server.send(2, at: 2) == [])
        #expect(server.connected(2, at: 3) == [.connected(2), .request(2, on: 2)])
        #expect(server.answered(.ack("d-1"), on: 1, at: 4) == [.requestEnded(1, .ack)])
        #expect(server.lost(1, at: 5) == [.disconnected(1, .drained)])
    }

    @Test("what a draining connection refuses goes to another at once, ahead of those that wait")
    func refusedWhileDraining() {
        let server = TestServer.bound { $0.requestsPerConnection = 2 }
        for request in [1, 2, 3] as [DownstreamRequest] { _ = server.send(request, at: 1) }
        _ = server.draining(1, at: 2)
        #expect(server.answered(.nack("d-1", "CONNECTION_DRAINING"), on: 1, at: 2) == [])
        #expect(
            server.connected(2, at: 3)
                == [.connected(2), .request(1, on: 2), .request(3, on: 2)])
        #expect(server.answered(.ack("d-2"), on: 1, at: 4) == [.requestEnded(2, .ack)])
    }

    @Test("the refusal alone announces the draining: some relays say no more")
    func nackOnly() {
        let server = TestServer.bound { $0.connections = 2 }
        _ = server.send(1, at: 1)
        #expect(
            server.answered(.nack("d-1", "CONNECTION_DRAINING"), on: 1, at: 2)
                == [.draining(1), .connect(3), .request(1, on: 2)])
        #expect(server.draining(1, at: 2) == [])
    }

    @Test("draining costs no try")
    func triesKept() {
        let server = TestServer.bound {
            $0.connections = 2
            $0.requestTries = 2
        }
        _ = server.send(1, at: 1)
        _ = server.answered(.nack("d-1", "CONNECTION_DRAINING"), on: 1, at: 2)
        #expect(server.answered(.nack("d-1", "SERVICE_UNAVAILABLE"), on: 2, at: 3) == [])
        _ = server.time(is: 10)
        #expect(server.answered(.nack("d-1", "SERVICE_UNAVAILABLE"), on: 2, at: 11).ended == [1])
    }

    @Test("a pause is not waited for on a connection that drains")
    func pauseWhileDraining() {
        let server = TestServer.bound { $0.connections = 2 }
        _ = server.send(1, at: 1)
        _ = server.answered(.nack("d-1", "SERVICE_UNAVAILABLE"), on: 1, at: 1)
        #expect(
            server.draining(1, at: 1.5) == [.draining(1), .connect(3), .request(1, on: 2)])
    }

    @Test("what the drained connection never answered may have been taken")
    func closedWithoutAnswer() {
        let server = TestServer.bound()
        _ = server.send(1, at: 1)
        _ = server.draining(1, at: 2)
        _ = server.connected(2, at: 2)
        #expect(server.lost(1, at: 3).ended == [1])
    }
}

@Suite("Delivery receipts")
struct ReceiptTests {
    static let receipt = ReceivedReceipt(
        receiptID: "dr2:d-1", from: "gcm.googleapis.com", messageID: "d-1", token: "phone",
        status: "MESSAGE_SENT_TO_DEVICE", sentTimestamp: 1, category: nil)

    @Test(
        "a receipt is ACKed at once where it came, whoever ACKs messages",
        arguments: [.application, .policy(.always), .policy(.skip(2))] as [Acknowledger])
    func acknowledged(by acknowledger: Acknowledger) {
        let server = TestServer.bound { $0.acknowledgedBy = acknowledger }
        #expect(
            server.received(Self.receipt, on: 1)
                == [.receipt(Self.receipt, on: 1), .acknowledgeReceipt(Self.receipt, on: 1)])
        #expect(server.counters.receipts == 1)
        #expect(server.counters.acknowledgements == 0)
    }

    @Test("a draining connection still carries them; one that is gone does not")
    func connections() {
        let server = TestServer.bound()
        _ = server.draining(1, at: 1)
        #expect(server.received(Self.receipt, on: 1).count == 2)
        _ = server.lost(1, at: 2)
        #expect(server.received(Self.receipt, on: 1) == [])
    }

    @Test("an app server that ACKs nothing does not ACK them either")
    func never() {
        let server = TestServer.bound { $0.acknowledgedBy = .policy(.never) }
        #expect(server.received(Self.receipt, on: 1) == [.receipt(Self.receipt, on: 1)])
    }
}

extension [AppServerAction] {
    /// The requests that ended.
    fileprivate var ended: [DownstreamRequestID] {
        compactMap { if case .requestEnded(let id, _) = $0 { id } else { nil } }
    }
}
