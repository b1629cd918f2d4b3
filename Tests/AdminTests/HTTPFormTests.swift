import Foundation
import RealPrograms
import Testing

@Suite("Requests in every form that HTTP allows, and some that it does not", .serialized)
struct HTTPFormTests {
    private static let device = #"{"app":"com.example.pigeon","sender_id":"555000111222"}"#

    @Test("A broken chunk is the client's fault, and a length beyond the limit is refused at once")
    func bodies() async throws {
        try await Office.open { office in
            let start = "POST /v1/messages HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
            for (rest, status) in [
                ("Transfer-Encoding: chunked\r\n\r\nZZ\r\n", 400),
                ("Content-Length: 99999999999\r\n\r\n{", 413),
            ] {
                let answer = try await LocalHTTP.ask(
                    start + rest, until: "\n}", port: office.port)
                #expect(answer.status == status, "\(answer.body)")
                #expect(try answer.error["hint"]?.isEmpty == false)
            }
        }
    }

    @Test("HEAD answers as GET does, without a body")
    func head() async throws {
        try await Office.open { office in
            for path in ["/livez", "/readyz", "/metrics", "/v1/messages", "/v1/ca.pem"] {
                let answer = try await office.send("HEAD", path)
                #expect(answer.status == 200, "\(path)")
                #expect(answer.body.isEmpty, "\(path)")
                let type = try await office.get(path).headers["content-type"]
                #expect(answer.headers["content-type"] == type, "\(path)")
            }
            let refused = try await office.send("HEAD", "/v1/stop")
            #expect(refused.status == 405 && refused.body.isEmpty, "\(refused.body)")
            let allowed = try await office.send("PUT", "/livez").headers["allow"]
            #expect(allowed == "GET, HEAD")
        }
    }

    @Test("Keys of data are their bytes, and of equal ones the last counts")
    func keys() async throws {
        try await Office.open { office in
            _ = try await office.send("POST", "/v1/devices", Self.device)
            let data = "{\"caf\u{E9}\":\"1\",\"cafe\u{301}\":\"2\",\"a\":\"1\",\"a\":\"2\"}"
            let sent = try await office.send("POST", "/v1/messages", "{\"data\":\(data)}")
            #expect(sent.status == 201, "\(sent.body)")
            let id = try #require(sent.json["id"] as? Int)
            let shown = try await office.get("/v1/messages/\(id)").body
            for part in ["\"caf\u{E9}\":\"1\"", "\"cafe\u{301}\":\"2\"", #""a":"2""#] {
                let found = Data(shown.utf8).firstRange(of: Data(part.utf8))
                #expect(found != nil, "\(part) in \(shown)")
            }
        }
    }

    @Test("A message with the name of a resource is shown where that name is escaped")
    func names() async throws {
        try await Office.open { office in
            _ = try await office.send("POST", "/v1/devices", Self.device)
            let sent = try await office.send("POST", "/v1/messages", #"{"message_id":"wait"}"#)
            #expect(sent.status == 201, "\(sent.body)")
            #expect(try await office.get("/v1/messages/wait").status == 405)
            let shown = try await office.get("/v1/messages/%77ait")
            #expect(try shown.json["message_id"] as? String == "wait")
        }
    }

    @Test("A member given twice is refused by its name, and broken JSON by its byte")
    func members() async throws {
        try await Office.open { office in
            let twice = try await office.send(
                "POST", "/v1/messages", #"{"message_id":"a","message_id":"b"}"#)
            #expect(twice.status == 400)
            #expect(try twice.error["message"] == "message_id is given twice")
            let broken = try await office.send("POST", "/v1/messages", #"{"from":}"#)
            #expect(broken.status == 400)
            #expect(try broken.error["message"]?.hasSuffix("at byte 8") == true, "\(broken.body)")
        }
    }

    @Test("A name is localhost in any letters and with a dot; without a Host it is told so")
    func hosts() async throws {
        try await Office.open { office in
            for host in ["LOCALHOST", "localhost.", "Localhost.:\(office.port)", "[::1]:80"] {
                let answer = try await office.send("GET", "/livez", headers: ["Host": host])
                #expect(answer.status == 200, "\(host)")
            }
            let none = try await LocalHTTP.ask("GET /livez HTTP/1.0\r\n\r\n", port: office.port)
            #expect(none.status == 403)
            #expect(try none.error["message"]?.contains("Host") == true)
            let two = try await LocalHTTP.ask(
                "GET /livez HTTP/1.0\r\nHost: localhost\r\nHost: localhost\r\n\r\n",
                port: office.port)
            #expect(two.status == 400)
        }
    }

    @Test("A page from another port of this machine changes nothing")
    func otherPort() async throws {
        try await Office.open { office in
            let own = "localhost:\(office.port)"
            for (origin, status) in [
                ("http://\(own)", 200), ("http://localhost:3000", 403), ("https://\(own)", 403),
            ] {
                let answer = try await office.send(
                    "POST", "/v1/reset", headers: ["Origin": origin, "Host": own])
                #expect(answer.status == status, "\(origin): \(answer.body)")
            }
        }
    }

    @Test("A stream goes on behind Last-Event-ID, and begins again with a journal that did")
    func resumption() async throws {
        try await Office.open { office in
            _ = try await office.send("POST", "/v1/devices", Self.device)
            for (last, first) in [("2", 3), ("999999", 1)] {
                let answer = try await LocalHTTP.ask(
                    "GET", "/v1/events?after=1", headers: ["Last-Event-ID": last],
                    until: "event: totals", port: office.port)
                let id = answer.body.firstMatch(of: /id: (\d+)\n/)?.1
                #expect(id == "\(first)", "\(answer.body.prefix(40))")
            }
            let wrong = try await office.send(
                "GET", "/v1/events", headers: ["Last-Event-ID": "x"])
            #expect(wrong.status == 400)
        }
    }
}
