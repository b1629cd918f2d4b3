import Foundation
import GCMAppServer
import GCMDevice
import RealPrograms
import RelayService
import Testing

@Suite("Messages over HTTP", .serialized)
struct MessageResourceTests {
    @Test("What waits is listed, page by page, and narrowed by every parameter")
    func list() async throws {
        try await Office.open { office in
            try await office.send(messages: ["a", "b", "c"])
            var ids: [String] = []
            var path = "/v1/messages?limit=2"
            for _ in 0..<10 {
                let answer = try await office.get(path)
                #expect(answer.status == 200)
                ids += try answer.list("messages").compactMap { $0["message_id"] as? String }
                guard let next = try answer.json["next"] as? String else { break }
                path = "/v1/messages?limit=2&after=\(next)"
            }
            #expect(ids == ["a", "b", "c"])
            for (query, count) in [
                ("state=queued", 3), ("state=settled", 0), ("direction=downstream", 0),
                ("direction=upstream&sender_id=\(Office.sender)", 3), ("sender_id=1", 0),
                ("match=message_id%3Db", 1), ("match=data.parcel~%22%5E1%22", 3),
            ] {
                let answer = try await office.get("/v1/messages?\(query)")
                #expect(try answer.list("messages").count == count, "\(query)")
            }
        }
    }

    @Test("What only the store knows is listed, too: without a journal, and with in flight")
    func withoutJournal() async throws {
        try await Office.open({ $0.journalLimit = 0 }) { office in
            let answer = try await office.get("/v1/messages")
            #expect(try answer.list("messages").isEmpty)
            #expect(try answer.json["next"] == nil)
            #expect(try await office.get("/v1/journal").body == "")
        }
    }

    @Test("One message says why it is retried: attempts, what came back, what is missing")
    func story() async throws {
        try await Office.open { office in
            try await office.send(messages: ["a"])
            let waiting = try await office.get("/v1/messages/a")
            #expect(
                try waiting.json["explanation"] as? String
                    == "it was not sent yet: no app server of sender \(Office.sender) is connected")
            try await office.withAppServer(.never) {
                try await office.wait("attempt>2")
                let retried = try await office.get("/v1/messages/a")
                let explanation = try #require(try retried.json["explanation"] as? String)
                #expect(explanation.contains("no ACK for "), "\(explanation)")
                #expect(explanation.contains("it waits for its ACK on connection"))
                let history = try retried.list("history")
                #expect(history.count >= 3)
                #expect((history[0]["outcomes"] as? [String])?.first == "no ACK for 60ms")
                #expect(history[1]["reason"] as? String == "no ACK for 60ms")
                let attempts = try await office.get("/v1/messages/a/attempts")
                #expect(try attempts.list("attempts").count >= 3)
            }
        }
    }

    @Test("It is settled by hand, once; an app server that comes later does not get it")
    func settle() async throws {
        try await Office.open { office in
            try await office.send(messages: ["a", "b"])
            let settled = try await office.send("POST", "/v1/messages/a/settle")
            #expect(settled.status == 200)
            let again = try await office.send("POST", "/v1/messages/a/settle")
            #expect(again.status == 409)
            let discarded = try await office.send(
                "POST", "/v1/messages/b/settle", #"{"as":"discarded"}"#)
            #expect(discarded.status == 200)
            try await office.wait("message_id=a and state=settled")
            try await office.wait("message_id=b and state=discarded")
            try await office.withAppServer(.always) {
                let sent = try await office.send(
                    "POST", "/v1/messages/count", #"{"match":"event=upstream.stanza","count":0}"#)
                #expect(sent.status == 200, "\(sent.body)")
            }
        }
    }

    @Test("It is replayed, edited or not, and others are put in for its device")
    func replay() async throws {
        try await Office.open { office in
            try await office.send(messages: ["a"], data: ["parcel": "17", "note": "x"])
            let message = try await office.get("/v1/messages/a")
            let token = try #require(try message.json["from"] as? String)
            let replayed = try await office.send(
                "POST", "/v1/messages/a/replay",
                #"{"data":{"parcel":"18","note":null,"new":"1"},"message_id":"a-2"}"#)
            #expect(replayed.status == 201, "\(replayed.body)")
            let injected = try await office.send(
                "POST", "/v1/messages",
                #"{"from":"\#(token)","message_id":"b","data":{"k":"v"},"time_to_live":60}"#)
            #expect(injected.status == 201, "\(injected.body)")
            try await office.withAppServer(.always) {
                try await office.wait("state=settled", count: 3)
            }
            let copy = try await office.get("/v1/messages/a-2")
            #expect(try copy.json["data"] as? [String: String] == ["parcel": "18", "new": "1"])
            #expect(try await office.get("/v1/messages/b").json["time_to_live"] as? Int == 60)
        }
    }

    @Test("wait really waits, and says on failure what came near")
    func wait() async throws {
        try await Office.open { office in
            let answer = Task { try await office.wait("data.parcel=17 and state=settled") }
            try await office.send(messages: ["a"])
            try await office.withAppServer(.always) { _ = try await answer.value }
            let missed = try await office.send(
                "POST", "/v1/messages/wait",
                #"{"match":"data.parcel=18 and state=settled","timeout":"10ms"}"#)
            #expect(missed.status == 409)
            #expect(
                try missed.json["nearest"] as? [String]
                    == [#"1 missed only on data.parcel: "17" ≠ "18""#])
            #expect(try missed.error["code"] == "not_met")
        }
    }

    @Test("verify takes the expectations of a scenario, as YAML or JSON")
    func verify() async throws {
        try await Office.open { office in
            try await office.send(messages: ["a"])
            try await office.withAppServer(.always) {
                try await office.wait("state=settled")
            }
            let yaml = """
                cast:
                  shop: {role: external, sender-id: "\(Office.sender)"}
                expect:
                  - shop: {receives: a, times: 1}
                  - relay: {message: a, state: settled, attempts: 1}
                  - never: {shop: {told: draining}}
                """
            let met = try await office.send("POST", "/v1/messages/verify", yaml)
            #expect(met.status == 200, "\(met.body)")
            #expect(try met.list("verdicts").count == 3)
            let unmet = try await office.send(
                "POST", "/v1/messages/verify?timeout=10ms",
                #"{"expect":[{"relay":{"message":"a","attempts":2}}]}"#)
            #expect(unmet.status == 409, "\(unmet.body)")
            #expect(try unmet.list("verdicts").first?["met"] as? Bool == false)
            let broken = try await office.send(
                "POST", "/v1/messages/verify?file=my.yaml", "expect:\n  - relay: {mesage: a}\n")
            #expect(broken.status == 400)
            #expect(try broken.error["message"]?.hasPrefix("my.yaml:2:") == true)
        }
    }
}
