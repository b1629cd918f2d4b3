import CloudMessaging
import Journal
import Scenario
import Testing

@Suite("Verdicts")
struct VerdictTests {
    private func verdict(
        _ expectation: String, on journal: String = Journals.good,
        vantage: Evidence.Vantage = .cast, hasGap: Bool = false, shops: Bool = false
    ) throws -> Verdict {
        var text = Example.play(expect: "  - " + expectation)
        if shops {
            text = text.replacing(
                "  guest: {role: external}",
                with: "  branch: {role: app-server, sender-id: \"4711\"}")
        }
        let file = try ScenarioFile.read(text, path: "s.yaml")
        let evidence = try Journals.evidence(journal, vantage: vantage, hasGap: hasGap)
        return try #require(file.verdicts(on: evidence).first)
    }

    @Test("What the relay notes for itself is not near an ACK that never came")
    func nearAcknowledgement() throws {
        let journal = """
            0 relay message.state state=queued message_id=m-2 sender_id=4711
            0 relay upstream.stanza connection=1 attempt=1 message_id=m-2 sender_id=4711
            0 relay timer.set connection=1 attempt=1 message_id=m-2 sender_id=4711
            """
        let verdict = try verdict("shop: {acks: m-2}", on: journal)
        #expect(verdict.nearest.map(\.latest.kind) == [.upstreamStanza])
    }

    @Test("The contract's example on a good run")
    func example() throws {
        let verdicts = try Example.file().verdicts(on: Journals.evidence(Journals.good))
        #expect(verdicts.map(\.isMet) == [true, true, true, true])
        #expect(
            verdicts.map(\.found) == ["3 times", "settled after 3 attempts", "once", "not at all"])
    }

    @Test(
        "What is there is met",
        arguments: [
            "shop: {receives: m-1, times: 3}",
            "shop: {receives: {id: m-1, from: phone, data: {parcel: \"17\"}}, times: 3}",
            "shop: {receives: {id: m-1, on: 1}, times: 2}",
            "shop: {receives: {id: m-1, on: 2}, times: 1}",
            "shop: {receives: any, times: {at-least: 1, at-most: 3}}",
            "shop: {acks: m-1, times: 1, within: 3s}",
            "shop: {connects, times: 2}",
            "shop: {disconnects, times: 1}",
            "phone: {told: {sent: m-1}, within: 200ms}",
            "phone: {sends: m-1, times: 1}",
            "phone: connects",
            "relay: {sends: {id: m-1, attempt: 3}, times: 1}",
            "relay: {sends: m-1, after: {shop: disconnects}, times: 1, within: 500ms}",
            "relay: {sends: m-1, before: {shop: disconnects}, times: 2}",
            "relay: {settles: {id: m-1, from: phone}}",
            "never: {relay: {sends: m-1}, after: {relay: {settles: m-1}}}",
            "never: {relay: {sends: m-1}, after: {relay: {expires: m-1}}}",
            "never: {phone: {told: {error: m-1}}}",
            "never: {shop: {told: draining}}",
            "order: [{relay: {queues: m-1}}, {relay: {sends: m-1}}, {relay: {settles: m-1}}]",
            "relay: {message: m-1, from: phone, state: settled, attempts: {at-least: 2}}",
            "match: \"event=app.sent and actor=phone\"",
            "{match: event=connection.closed and deed=reset, times: 1}",
        ])
    func met(_ expectation: String) throws {
        let verdict = try verdict(expectation.replacing("connects,", with: "connects: ,"))
        #expect(verdict.isMet, "\(verdict.found) \(verdict.reason ?? "")")
        #expect(verdict.before.isEmpty)
    }

    @Test(
        "What is not there is not met, and the verdict says what came",
        arguments: [
            ("shop: {receives: m-1, times: 2}", "3 times"),
            ("shop: {receives: m-2}", "not at all"),
            ("shop: {receives: {id: m-1, from: tablet}}", "not at all"),
            ("shop: {receives: {id: m-1, on: 3}}", "not at all"),
            ("shop: {acks: m-1, within: 1s}", "not at all"),
            ("relay: {sends: m-1, times: 2, after: {relay: {settles: m-1}}}", "not at all"),
            ("never: {relay: {sends: m-1}, after: {shop: {receives: m-1}}}", "twice"),
            ("never: {relay: {settles: m-1}}", "once"),
            ("relay: {message: m-1, state: expired}", "settled after 3 attempts"),
            ("relay: {message: m-1, attempts: 2}", "settled after 3 attempts"),
            ("relay: {message: m-2, state: settled}", "no such message"),
            (
                "order: [{relay: {settles: m-1}}, {shop: {receives: m-1}}]",
                "shop receives m-1 came before the relay settles m-1"
            ),
            (
                "order: [{relay: {settles: m-1}}, {relay: {expires: m-1}}]",
                "the relay lets m-1 expire: not at all"
            ),
        ])
    func notMet(_ expectation: String, found: String) throws {
        let verdict = try verdict(expectation)
        #expect(!verdict.isMet)
        #expect(verdict.found == found)
        #expect(!verdict.before.isEmpty)
        #expect(verdict.before.count <= 10)
    }

    @Test("Near misses say why each missed, and the ten events before the latest are shown")
    func nearest() throws {
        let verdict = try verdict("shop: {receives: {id: m-1, data: {parcel: \"18\"}}}")
        #expect(
            verdict.nearest.map(\.description)
                == [#"3 missed only on data.parcel: "17" ≠ "18""#])
        #expect(verdict.deciding?.number == 16)
        #expect(verdict.before.map(\.number) == (6...15).map(UInt64.init))
        #expect(
            verdict.match?.description == "actor=shop and event=upstream.received and "
                + "sender_id=4711 and message_id=m-1 and data.\"parcel\"=\"18\"")
    }

    @Test("An event of another kind is near only where nothing of the kind came")
    func otherKind() throws {
        let journal = "0 phone app.error message_id=m-1 error=TooManyMessages"
        #expect(
            try verdict("phone: {told: {sent: m-1}}", on: journal).nearest.map(\.description)
                == [#"1 missed only on event: "app.error" ≠ "app.sent""#])
        #expect(try verdict("phone: {told: {sent: m-1}, times: 2}").nearest.isEmpty)
        #expect(try verdict("shop: {receives: m-2}").nearest.first?.count == 3)
    }

    @Test("Of too many the first one too many decides")
    func tooMany() throws {
        let verdict = try verdict("shop: {receives: m-1, times: 2}")
        #expect(verdict.deciding?.number == 16)
        #expect(verdict.nearest.isEmpty)
    }

    @Test("What was not to be seen before its time is told as such")
    func window() throws {
        #expect(
            try verdict("shop: {acks: m-1, within: 1s}").reason
                == "once outside the time that counts")
        #expect(
            try verdict("relay: {sends: m-1, after: {relay: {expires: m-1}}}").reason
                == "what it was to come after never came: the relay lets m-1 expire")
        #expect(
            try verdict("shop: {receives: m-2}", hasGap: true).reason
                == "the journal forgot events; raise --journal-limit")
        #expect(
            try verdict("relay: {message: m-2, state: settled}").reason
                == "did you mean \"m-1\"?")
    }

    @Test("Two app servers with one sender ID are told apart by their connections")
    func shared() throws {
        let journal = """
            0 shop connection.bound connection=1 sender_id=4711
            0 branch connection.bound connection=2 sender_id=4711
            1 relay ack.rejected connection=2 message_id=m-1 sender_id=4711
            2 relay process.crashed
            3 branch connection.opened connection=1
            3 branch connection.bound connection=1 sender_id=4711
            4 relay connection.draining connection=1 sender_id=4711
            """
        for (expectation, isMet) in [
            ("branch: {told: {rejected: m-1}}", true), ("shop: {told: {rejected: m-1}}", false),
            ("branch: {told: {rejected: {id: m-1, on: 1}}}", true),
            // The relay counts from 1 again after its crash.
            ("branch: {told: draining}", true), ("shop: {told: draining}", false),
        ] {
            #expect(try verdict(expectation, on: journal, shops: true).isMet == isMet)
        }
    }

    @Test("The same ID from two devices is told apart by their tokens")
    func twoDevices() throws {
        let journal = """
            0 phone device.request connection=1
            0 relay device.answer connection=1 cause=1 from=tok:1
            0 tablet upload connection=2 message_id=1 from=tok:2
            1 relay message.state state=settled message=1 message_id=1 from=tok:1
            1 relay message.state state=expired message=1 message_id=1 from=tok:2
            """
        for (expectation, isMet) in [
            ("relay: {message: 1, from: phone, state: settled}", true),
            ("relay: {message: 1, from: tablet, state: expired}", true),
            ("relay: {message: 1, state: settled}", false),
            ("relay: {settles: {id: 1, from: phone}}", true),
            ("relay: {settles: {id: 1, from: tablet}}", false),
        ] {
            #expect(try verdict(expectation, on: journal).isMet == isMet, "\(expectation)")
        }
    }

    @Test("A relay alone knows what it wrote, and not what an app was told")
    func relayAlone() throws {
        let journal = """
            0 app-server connection.bound connection=1 sender_id=4711
            0 device connection.bound connection=2
            1 relay upstream.stanza connection=1 attempt=1 message=1 message_id=m-1 from=t sender_id=4711 category=com.example.courier
            2 app-server connection.bound connection=3 sender_id=4711
            3 relay upstream.stanza connection=3 attempt=2 message=1 message_id=m-1 from=t sender_id=4711 category=com.example.courier
            """
        for (expectation, isMet) in [
            ("shop: {receives: m-1, times: 2}", true),
            ("shop: {receives: {id: m-1, from: phone, on: 2}, times: 1}", true),
            ("shop: {receives: {id: m-1, from: tablet}}", false),
            ("phone: {told: {sent: m-1}}", false),
        ] {
            let verdict = try verdict(expectation, on: journal, vantage: .relay)
            #expect(verdict.isMet == isMet, "\(expectation)")
        }
        #expect(
            try verdict("phone: {told: {sent: m-1}}", on: journal, vantage: .relay).reason
                == "a relay does not hear what an app on its device is told")
    }

    @Test("Nothing happened at all")
    func empty() throws {
        let verdict = try verdict("shop: {receives: m-1}", on: "")
        #expect(!verdict.isMet)
        #expect(verdict.nearest.isEmpty && verdict.before.isEmpty && verdict.deciding == nil)
        #expect(try self.verdict("never: {shop: {receives: m-1}}", on: "").isMet)
    }
}
