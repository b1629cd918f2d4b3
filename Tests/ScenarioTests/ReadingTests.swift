import CloudMessaging
import Faults
import Journal
import Scenario
import Testing

@Suite("Reading a scenario")
struct ReadingTests {
    private func steps(_ lines: String) throws -> [Step] {
        Array(try ScenarioFile.read(Example.play(lines), path: "s.yaml").steps.dropFirst())
    }

    @Test("The contract's example")
    func example() throws {
        let file = try Example.file()
        #expect(file.name == "third attempt is acknowledged")
        #expect(file.seed == 7)
        #expect(file.ending == Ending(after: .seconds(300)))
        #expect(
            file.relay.retry
                == RetrySchedule(
                    first: .seconds(1), factor: 2, longest: .seconds(30), jitter: 0))
        #expect(file.cast.map(\.name.text) == ["phone", "shop"])
        guard case .device(let phone) = try #require(file.cast.first).role,
            case .appServer(let shop) = try #require(file.cast.last).role
        else {
            Issue.record("other roles")
            return
        }
        #expect(phone.app.text == "com.example.courier")
        #expect(phone.senders.map(\.text) == ["4711"])
        #expect(shop.ack == .skip(2))
        #expect(shop.reconnect == .after(.milliseconds(500)))
        #expect(file.steps.count == 4)
        #expect(file.steps[0].deed == .appServer(Participant("shop"), .connects))
        #expect(file.steps[1].deed == .device(Participant("phone"), .goesOnline))
        let sender = try #require(SenderID("4711"))
        #expect(
            file.steps[2].deed
                == .device(
                    Participant("phone"),
                    .sends(
                        UpstreamPlan(
                            ids: ["m-1"], to: .sender(sender),
                            data: [DataPair(key: "parcel", value: .text("17"))],
                            timeToLive: .seconds(60)))))
        #expect(file.steps[3].moment == .at(.milliseconds(1_500)))
        #expect(file.steps[3].deed == .network(.cut(Participant("shop"), on: nil, how: .reset)))
        #expect(file.expectations.count == 4)
    }

    @Test("The same file as JSON")
    func json() throws {
        let file = try ScenarioFile.read(
            """
            {"scenario": "s", "cast": {"phone": {"role": "device"}},
            \t"steps": [{"phone": "goes-online"}], "expect": [{"phone": {"told": {"sent": "m-1"}}}]}
            """, path: "s.json")
        #expect(file.steps.map(\.deed) == [.device(Participant("phone"), .goesOnline)])
    }

    @Test("Ranges and lists of messages")
    func ids() throws {
        let steps = try steps(
            """
              - phone: {sends: {ids: m-1..m-21}}
              - phone: {sends: {ids: [a, b, a], every: 1s, to: none}}
              - tablet: {sends: {id: "", to: nobody@example.com, data: {n: 7, ok: true, t: "7"}}}
            """)
        guard case .device(_, .sends(let first)) = steps[0].deed,
            case .device(_, .sends(let second)) = steps[1].deed,
            case .device(_, .sends(let third)) = steps[2].deed
        else {
            Issue.record("other deeds")
            return
        }
        #expect(first.ids.count == 21)
        #expect(first.ids.last == "m-21")
        #expect(second.ids == ["a", "b", "a"])
        #expect(second.every == .seconds(1))
        #expect(second.to == nil)
        #expect(third.ids == [""])
        #expect(third.to == .text("nobody@example.com"))
        #expect(
            String(decoding: third.payload.json, as: UTF8.self) == #"{"n":7,"ok":true,"t":"7"}"#)
    }

    @Test("What an app server can do")
    func appServer() throws {
        let shop = Participant("shop")
        let phone = Participant("phone")
        var ack = AckPlan(id: "m-1")
        ack.from = phone
        ack.connection = .number(2)
        ack.type = "Ack"
        ack.times = 2
        let steps = try steps(
            """
              - shop: {acks: {id: m-1, from: phone, on: 2, type: Ack, times: 2}}
              - shop: {acks: m-1}
              - shop: {writes: {json: '{"to":"{{phone}}"}', on: newest}}
              - shop: {writes: {xml: "<message><"}}
              - shop: {changes: {ack: {after: 2s}}}
              - shop: {disconnects: {on: oldest, how: silent}}
              - guest: connects
            """)
        #expect(
            steps.map(\.deed) == [
                .appServer(shop, .acks(ack)), .appServer(shop, .acks(AckPlan(id: "m-1"))),
                .appServer(
                    shop,
                    .writes(
                        .json(
                            RawText([
                                .text(#"{"to":""#), .token(of: phone), .text(#""}"#),
                            ])), on: .newest)),
                .appServer(shop, .writes(.xml(RawText([.text("<message><")])), on: nil)),
                .appServer(shop, .changes(.after(.seconds(2)))),
                .appServer(shop, .disconnects(on: .oldest, how: .silent)),
                .appServer(Participant("guest"), .connects),
            ])
    }

    @Test("What befalls the world")
    func world() throws {
        let shop = Participant("shop")
        let rule = try FaultRule(
            on: .upstreamAck, match: Match(parsing: "message_id=m-1"), do: .drop, .times(2))
        let steps = try steps(
            """
              - partition: {between: [relay, shop]}
              - wait: 2s
                repair: {between: [shop, relay]}
              - hold: {from: shop, to: relay}
              - release: {from: relay, to: shop}
              - fault: {name: f, on: upstream.ack, match: message_id=m-1, do: drop, times: 2}
              - mend: f
              - clock: {of: relay, by: -5m}
              - relay: loses-power
              - relay: {drains: {of: shop, on: newest}}
              - store: fails
              - until: {match: "event=store.failed", within: 3s}
              - until: event=store.recovered
            """)
        #expect(
            steps.map(\.deed) == [
                .network(.partition(shop)), .network(.repair(shop)),
                .network(.hold(.toRelay(from: shop))), .network(.release(.fromRelay(to: shop))),
                .fault(FaultPlan(name: "f", rule: rule)), .mend("f"),
                .clock(of: .relay, by: .seconds(-300)), .relay(.losesPower),
                .relay(.drains(shop, on: .newest)),
                .store(.fails(reason: "the disk is full")), nil, nil,
            ])
        #expect(steps[1].moment == .wait(.seconds(2)))
        #expect(
            steps[10].moment
                == .until(try Match(parsing: "event=store.failed"), within: .seconds(3)))
    }

    @Test("Every verb of the language has a reader")
    func everyVerb() throws {
        _ = try steps(
            """
              - phone: goes-offline
              - phone: registers
              - phone: refreshes-token
              - phone: unregisters
              - phone: {subscribes: /topics/news}
              - phone: {unsubscribes: {topic: news}}
              - phone: uninstalls
              - phone: crashes
              - phone: restarts
              - phone: loses-power
              - shop: stops-reading
              - shop: reads-again
              - shop: crashes
              - shop: restarts
              - shop: disconnects
              - shop: {sends: {ids: d-1..d-101, to: phone, receipt: true, dry-run: false, priority: high, collapse-key: k, ttl: 1h, on: 1}}
              - shop: {sends: {id: d, topic: news}}
              - shop: {sends: {id: d, condition: "'a' in topics"}}
              - shop: {sends: {id: d, token: nonsense, data: {n: 1}}}
              - relay: crashes
              - relay: restarts
              - relay: stops
              - relay: {drains: shop}
              - store: {fails: {reason: full}}
              - store: recovers
            """)
    }

    @Test("What the relay and the cast can be set to")
    func settings() throws {
        let file = try ScenarioFile.read(
            """
            scenario: s
            reported-in: [R24, "google/gcm #50"]
            any-seed: true
            driver: {virtual-only: a power cut}
            ends: {after: 1h, quiet: 90s}
            relay:
              redelivery: on-reconnect
              reconnect-holdback: 180s
              max-unacked: 5
              max-connections: 2
              ttl-cap: 1h
              keepalive: 20s
              drain-grace: 3s
              profile: docs
              projects: {"4711": key}
              quirks: {unknown-ack: ignore, session-max-age: 24h, device-rate: 240/1m}
            cast:
              phone: {role: device, client: ios, pending-limit: none, when-full: wait, quirks: {other-values: stringified}}
              tablet: {role: device, pending-limit: 3, network: {latency: 20ms, jitter: 5ms, fragment: 1387, coalesce: true}}
              one: {role: app-server, api-key: k, ack: never, connections: 2, reconnect: never, echo: true}
            steps: [phone: goes-online]
            """, path: "s.yaml")
        #expect(file.reportedIn == ["R24", "google/gcm #50"])
        #expect(file.isForAnySeed)
        #expect(file.virtualOnly == "a power cut")
        #expect(file.ending == Ending(after: .seconds(3_600), quiet: .seconds(90)))
        #expect(file.relay.redelivery == .onReconnect)
        #expect(file.relay.projects.map(\.apiKey) == ["key"])
        #expect(file.relay.quirks.map(\.value) == ["ignore", "24h", "240/1m"])
        #expect(file.cast[1].network.fragment == 1_387)
        guard case .device(let phone) = file.cast[0].role,
            case .device(let tablet) = file.cast[1].role,
            case .appServer(let one) = file.cast[2].role
        else {
            Issue.record("other roles")
            return
        }
        #expect(phone.pendingLimit == .none)
        #expect(phone.whenFull == .wait)
        #expect(tablet.pendingLimit == .count(3))
        // Nobody is named, so the app knows the app servers of the cast.
        #expect(phone.senders.map(\.text) == ["555000111222"])
        #expect(one.connections == 2)
        #expect(one.reconnect == .never)
        #expect(one.echoes)
    }
}
