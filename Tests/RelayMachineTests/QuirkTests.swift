import CloudMessaging
import Testing

@testable import RelayMachine

/// Both values of every quirk of the machine.
@Suite("Quirks of the relay")
struct QuirkTests {
    private func relay(_ adjust: @escaping (inout RelayQuirks) -> Void) -> RelayConversation {
        RelayConversation { adjust(&$0.quirks) }
    }

    @Test("unknown-ack: 406, or silence; it is noted and counted in any case")
    func unknownACK() {
        for (value, said) in [(RelayQuirks.UnknownACK.error, ["406 for x on #1"]), (.ignore, [])] {
            let relay = relay { $0.unknownACK = value }
            let phone = relay.phone()
            let shop = relay.connect()
            _ = relay.said()
            relay.acknowledge(phone.pair("x"), on: shop)
            #expect(relay.said() == said)
            #expect(relay.notes.count == 1)
            #expect(relay.counters.rejectedAcknowledgements == 1)
        }
    }

    @Test("requests-past-limit: the connection is held, or the 101st request gets a NACK")
    func requestsPastLimit() {
        for value in RelayQuirks.RequestsPastLimit.allCases {
            let relay = relay { $0.requestsPastLimit = value }
            let phone = relay.phone()
            let shop = relay.connect()
            relay.manner = .slow
            _ = relay.said()
            for index in 1...100 { relay.request("d-\(index)", to: phone.token.text, on: shop) }
            #expect(relay.machine.takesRequests(on: shop) == (value == .nack))
            guard value == .nack else { continue }
            relay.request("d-101", to: phone.token.text, on: shop)
            #expect(relay.said() == ["SERVICE_UNAVAILABLE d-101 on #1"])
            relay.storeAnswers()
            #expect(relay.said().count { $0.hasPrefix("ack") } == 100)
            relay.request("d-101", to: phone.token.text, on: shop)
            #expect(relay.said() == ["ack d-101 on #1"])
        }
    }

    @Test("draining silent: what the connection asked last may be stored and has no answer")
    func silentEnd() {
        let relay = relay { $0.draining = .silent }
        let phone = relay.phone()
        phone.takesDeliveries()
        let shop = relay.connect()
        _ = relay.said()
        relay.manner = .slow
        relay.request("d-1", to: phone.token.text, on: shop)
        relay.drain(shop)
        relay.disconnect(shop)
        relay.storeAnswers()
        relay.storeAnswers()
        #expect(relay.said().filter { $0.contains("d-1") } == ["deliver d-1 of 4711"])
    }

    @Test(
        "draining: announced, told by NACKs only, or not noticed before the end",
        arguments: [
            (RelayQuirks.Draining.announced, ["draining #1", "CONNECTION_DRAINING d-1 on #1"]),
            (.nackOnly, ["CONNECTION_DRAINING d-1 on #1"]), (.silent, ["ack d-1 on #1"]),
        ])
    func draining(value: RelayQuirks.Draining, said: [String]) {
        let relay = relay { $0.draining = value }
        let phone = relay.phone()
        let shop = relay.connect()
        phone.sends("a")
        _ = relay.said()
        relay.drain(shop)
        relay.request("d-1", to: phone.token.text, on: shop)
        #expect(relay.said() == said)
        phone.sends("b")
        #expect(relay.sent() == [], "nothing new goes up a draining connection")
        relay.acknowledge(phone.pair("a"), on: shop)
        #expect(relay.said() == ["close #1: drained"])
    }

    @Test("idle-timeout: a silent connection lives on, or is closed; a blank is a sign of life")
    func idleTimeout() {
        let patient = RelayConversation()
        patient.connect()
        patient.advance(by: .seconds(100_000))
        #expect(patient.said() == [])

        let relay = relay { $0.idleTimeout = .seconds(300) }
        let shop = relay.connect()
        relay.advance(by: .seconds(299))
        relay.event { $0.heard(from: shop, now: relay.now) }
        relay.advance(by: .seconds(299))
        #expect(relay.said() == [])
        relay.advance(by: .seconds(1))
        #expect(relay.said() == ["close #1: idle"])
        relay.advance(by: .seconds(1_000))
        #expect(relay.said() == [], "once is enough")
    }

    @Test("session-max-age: an old connection lives on, or is drained")
    func sessionMaxAge() {
        let patient = RelayConversation()
        patient.connect()
        patient.advance(by: .seconds(100_000))
        #expect(patient.said() == [])

        let relay = relay { $0.sessionMaxAge = .seconds(86_400) }
        let phone = relay.phone()
        let shop = relay.connect()
        relay.advance(by: .seconds(86_399))
        phone.sends("a")
        _ = relay.said()
        relay.advance(by: .seconds(1))
        #expect(relay.said() == ["draining #1"])
        relay.acknowledge(phone.pair("a"), on: shop)
        #expect(relay.said() == ["close #1: drained"])
    }

    @Test("device-rate: off, or so many; a bucket fills up again, each device has its own")
    func deviceRate() {
        for rate in [nil, Rate(count: 3, period: .seconds(60))] {
            let relay = relay { $0.deviceRate = rate }
            let (phone, other) = (relay.phone(), relay.phone())
            let shop = relay.connect()
            _ = relay.said()
            for id in ["a", "b", "c", "d"] { relay.request(id, to: phone.token.text, on: shop) }
            relay.request("now", to: phone.token.text, on: shop, ttl: 0)
            relay.request("other", to: other.token.text, on: shop)
            #expect(
                relay.said().filter { !$0.hasPrefix("ack") }
                    == (rate == nil ? [] : ["DEVICE_MESSAGE_RATE_EXCEEDED d on #1"]))
            relay.advance(by: .seconds(20))
            relay.request("e", to: phone.token.text, on: shop)
            #expect(relay.said() == ["ack e on #1"], "a third of the period makes room for one")
        }
    }

    @Test("device-rate counts what comes from a topic, and does not hold it back")
    func deviceRateOfTopics() {
        let relay = relay { $0.deviceRate = Rate(count: 2, period: .seconds(60)) }
        let phone = relay.phone(senders: [.shop])
        phone.takesDeliveries()
        phone.asksFor(.subscribe(TopicName("news")!))
        let shop = relay.connect()
        _ = relay.said()
        relay.request("now", to: "/topics/news", on: shop, ttl: 0)
        for id in ["a", "b", "c"] { relay.request(id, to: "/topics/news", on: shop) }
        #expect(relay.said().filter { $0.hasPrefix("deliver") }.count == 4)
        relay.request("d", to: phone.token.text, on: shop)
        #expect(relay.said() == ["DEVICE_MESSAGE_RATE_EXCEEDED d on #1"])
    }

    @Test("topic-rate: off, or so many for each sender and topic")
    func topicRate() {
        for rate in [nil, Rate(count: 1, period: .seconds(1))] {
            let relay = relay { $0.topicRate = rate }
            let (shop, depot) = (relay.connect(), relay.connect(.depot))
            relay.request("a", to: "/topics/news", on: shop)
            relay.request("b", to: "/topics/news", on: shop)
            relay.request("c", to: "/topics/sport", on: shop)
            relay.request("d", to: "/topics/news", on: depot)
            #expect(
                relay.said().filter { !$0.hasPrefix("ack") }
                    == (rate == nil ? [] : ["TOPICS_MESSAGE_RATE_EXCEEDED b on #1"]))
        }
    }

    @Test("A rate forgets who used it first beyond its capacity")
    func rateMemory() throws {
        let rate = try #require(Rate(count: 1, period: .seconds(60)))
        var limiter = RateLimiter<Int>(rate, capacity: 2)
        let now = Instant(nanoseconds: 0)
        for addressee in 1...3 {
            let isTaken = limiter.takes(addressee, now: now)
            #expect(isTaken)
        }
        let answers = [3, 2, 1].map { limiter.takes($0, now: now) }
        #expect(answers == [false, false, true])
    }

    @Test("apns-credential: present, or missing for what only Apple's service does")
    func apnsCredential() {
        for value in RelayQuirks.APNSCredential.allCases {
            let relay = relay { $0.apnsCredential = value }
            let phone = relay.phone()
            let shop = relay.connect()
            _ = relay.said()
            relay.request("a", to: phone.token.text, on: shop)
            relay.request("b", to: phone.token.text, on: shop, needsAPNS: true)
            relay.request("c", to: "no such token", on: shop, needsAPNS: true)
            #expect(
                relay.said() == [
                    "ack a on #1",
                    value == .present ? "ack b on #1" : "INVALID_APNS_CREDENTIAL b on #1",
                    "BAD_REGISTRATION c on #1",
                ])
        }
    }
}
