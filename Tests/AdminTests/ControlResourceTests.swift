import Foundation
import GCMAppServer
import NetworkRuntime
import RealPrograms
import RelayMachine
import RelayService
import Synchronization
import Testing

@Suite("Connections, faults, journal and the relay itself over HTTP", .serialized)
struct ControlResourceTests {
    @Test("A connection is listed, drained and cut in each manner; the app server comes again")
    func connections() async throws {
        try await Office.open { office in
            try await office.withAppServer(.always) {
                for (number, order) in ["drain", "reset", "fin", "silent"].enumerated() {
                    try await office.wait("event=connection.bound", count: number + 1)
                    let list = try await office.get("/v1/connections").list("connections")
                    let open = try #require(list.last)
                    let id = try #require(open["id"] as? Int)
                    #expect(open["sender_id"] as? String == Office.sender)
                    #expect(open["role"] as? String == "app-server")
                    #expect(open["phase"] as? String == "bound")
                    let one = try await office.get("/v1/connections/\(id)")
                    #expect(try one.json["id"] as? Int == id)
                    let answer =
                        order == "drain"
                        ? try await office.send("POST", "/v1/connections/\(id)/drain")
                        : try await office.send("DELETE", "/v1/connections/\(id)?how=\(order)")
                    #expect(answer.status == 202, "\(answer.body)")
                    guard order != "silent" else {
                        let silent = try await office.get("/v1/connections/\(id)")
                        #expect(try silent.json["phase"] as? String == "silent")
                        continue
                    }
                    try await office.wait("event=connection.closed and connection=\(id)")
                    let gone = try await office.get("/v1/connections/\(id)")
                    #expect(gone.status == 404)
                }
            }
        }
    }

    @Test("A fault is added, bites, is switched off and on, and removed")
    func faults() async throws {
        try await Office.open { office in
            let added = try await office.send(
                "POST", "/v1/faults", #"{"on":"upstream.ack","do":"drop","times":1}"#)
            #expect(added.status == 201)
            let id = try #require(try added.json["id"] as? Int)
            try await office.send(messages: ["a"])
            try await office.withAppServer(.always) {
                try await office.wait("state=settled and attempt=2")
            }
            let story = try await office.get("/v1/messages/a").list("history")
            #expect(
                (story[0]["outcomes"] as? [String])?.contains(
                    "its ACK, which met fault \(id): drop") == true)
            #expect(try await office.get("/v1/faults/\(id)").json["bitten"] as? Int == 1)
            let off = try await office.send("PATCH", "/v1/faults/\(id)", #"{"enabled":false}"#)
            #expect(try off.json["enabled"] as? Bool == false)
            #expect(try await office.get("/v1/faults").list("faults").count == 1)
            #expect(try await office.send("DELETE", "/v1/faults/\(id)").status == 200)
            #expect(try await office.send("DELETE", "/v1/faults/\(id)").status == 404)
            #expect(try await office.send("DELETE", "/v1/faults").status == 200)
        }
    }

    @Test("The journal is read from a number on, narrowed, waited for and cleared")
    func journal() async throws {
        try await Office.open { office in
            async let waited = office.get("/v1/journal?match=event%3Dupload&wait=10s")
            try await office.send(messages: ["a"])
            #expect(try await waited.body.contains(#""event":"upload""#))
            let all = try await office.get("/v1/journal")
            #expect(all.headers["content-type"] == "application/x-ndjson")
            let lines = all.body.split(separator: "\n")
            #expect(lines.first?.hasPrefix(#"{"n":1,"#) == true)
            let rest = try await office.get("/v1/journal?after=2&limit=1")
            #expect(rest.body.hasPrefix(#"{"n":3,"#))
            #expect(rest.headers["journal-last-event"] == "3")
            #expect(try await office.send("DELETE", "/v1/journal").status == 200)
            #expect(try await office.get("/v1/journal").body == "")
            // What the store still has is listed all the same.
            #expect(try await office.get("/v1/messages").list("messages").count == 1)
        }
    }

    @Test("The stream of events begins with what was asked for, and goes on")
    func stream() async throws {
        try await Office.open { office in
            try await office.wait("event=process.started")
            let sending = Task { try await office.send(messages: ["a"]) }
            let answer = try await LocalHTTP.ask(
                "GET", "/v1/events?after=0", until: #""event":"upload.taken""#, port: office.port)
            try await sending.value
            #expect(answer.headers["content-type"] == "text/event-stream")
            #expect(answer.body.contains("id: 1\nevent: journal\ndata: {\"n\":1,"))
            #expect(answer.body.contains("event: totals\ndata: {\"queued\":"))
        }
    }

    @Test("A reset leaves nothing of the messages, faults and journal; or of one sender's")
    func reset() async throws {
        try await Office.open { office in
            try await office.send(messages: ["a", "b"])
            _ = try await office.send(
                "POST", "/v1/faults", #"{"on":"upstream.ack","do":"drop"}"#)
            let other = try await office.send("POST", "/v1/reset?sender_id=4711")
            #expect(try other.json["discarded"] as? Int == 0)
            #expect(try await office.get("/v1/messages").list("messages").count == 2)
            let own = try await office.send("POST", "/v1/reset?sender_id=\(Office.sender)")
            #expect(try own.json["discarded"] as? Int == 2)
            #expect(try await office.get("/v1/messages").list("messages").isEmpty)
            #expect(try await office.get("/v1/faults").list("faults").count == 1)
            let all = try await office.send("POST", "/v1/reset")
            #expect(try all.json["discarded"] as? Int == 0)
            #expect(try await office.get("/v1/faults").list("faults").isEmpty)
            #expect(try await office.relay.status().counters.queued == 0)
        }
    }

    @Test("stop ends the program that asked for it, and no other")
    func stop() async throws {
        let isAsked = Mutex(false)
        try await Office.open(stop: { isAsked.withLock { $0 = true } }) { office in
            let answer = try await office.send("POST", "/v1/stop")
            #expect(answer.status == 202)
        }
        let wasAsked = isAsked.withLock { $0 }
        #expect(wasAsked)
        try await Office.open { office in
            let answer = try await office.send("POST", "/v1/stop")
            #expect(answer.status == 409)
        }
    }

    @Test("Certificate, ports and version are those of the relay")
    func process() async throws {
        try await Office.open { office in
            let pem = try await office.get("/v1/ca.pem").body
            let file = try String(contentsOfFile: office.relay.authorityFile, encoding: .utf8)
            #expect(pem == file)
            let lines = pem.split(separator: "\n").filter { !$0.hasPrefix("-----") }
            let certificate = try #require(Data(base64Encoded: lines.joined()))
            let store = try await office.get("/v1/trust.jks").bytes
            #expect(store.starts(with: [0xFE, 0xED, 0xFE, 0xED, 0, 0, 0, 2, 0, 0, 0, 1]))
            // Behind the certificate there is a SHA-1.
            #expect(store.dropLast(20).suffix(certificate.count).elementsEqual(certificate))
            let ports = try await office.get("/v1/ports").json
            #expect(ports["xmpp"] as? Int == office.relay.ports.xmpp)
            #expect(try await office.get("/version").json["version"] as? String == "9.9.9")
            #expect(try await office.get("/readyz").body == "ok\n")
        }
    }
}
