import Foundation
import RealPrograms
import Testing

@Suite("Bad requests get a 4xx with code, message and hint, and the relay goes on", .serialized)
struct BadRequestTests {
    static let huge = String(repeating: "x", count: 1 << 21)

    @Test("In every resource")
    func bad() async throws {
        let cases: [(method: String, path: String, body: String, status: Int)] = [
            ("GET", "/nothing", "", 404), ("GET", "/v1", "", 404),
            ("GET", "/v1/messages/", "", 404),
            ("GET", "/v1/messages/none", "", 404), ("GET", "/v1/messages/%00", "", 404),
            ("GET", "/v1/messages/99999999999999999999", "", 404),
            ("GET", "/v1/messages?state=gone", "", 400), ("GET", "/v1/messages?limit=0", "", 400),
            ("GET", "/v1/messages?limit=1001", "", 400), ("GET", "/v1/messages?limt=1", "", 400),
            ("GET", "/v1/messages?limit=1&limit=2", "", 400),
            ("GET", "/v1/messages?after=nowhere", "", 400),
            ("GET", "/v1/messages?match=colour%3Dred", "", 400),
            ("GET", "/v1/messages?match=event%3Dupload", "", 400),
            ("PUT", "/v1/messages", "", 405), ("TRACE", "/livez", "", 405),
            ("POST", "/v1/messages", "", 400), ("POST", "/v1/messages", "[", 400),
            ("POST", "/v1/messages", "[]", 400), ("POST", "/v1/messages", "{}", 409),
            ("POST", "/v1/messages", #"{"from":7}"#, 400),
            ("POST", "/v1/messages", #"{"from":"nobody"}"#, 409),
            ("POST", "/v1/messages", #"{"form":"nobody"}"#, 400),
            ("POST", "/v1/messages", #"{"from":"x","data":{"k":1}}"#, 400),
            ("POST", "/v1/messages", #"{"from":"x","data":{"from":"y"}}"#, 400),
            ("POST", "/v1/messages", #"{"from":"x","time_to_live":-1}"#, 400),
            ("POST", "/v1/messages", #"{"from":"x","message_id":""}"#, 400),
            ("POST", "/v1/messages/none/replay", "", 404),
            ("POST", "/v1/messages/none/settle", "", 404),
            ("POST", "/v1/messages/wait", #"{"match":7}"#, 400),
            ("POST", "/v1/messages/wait", #"{"count":1}"#, 400),
            ("POST", "/v1/messages/wait", #"{"match":"attempt>1","timeout":"soon"}"#, 400),
            ("POST", "/v1/messages/wait", #"{"match":"attempt>1","timeout":"24h"}"#, 400),
            ("POST", "/v1/messages/verify", "expect: []", 400),
            ("POST", "/v1/messages/verify", "", 400),
            ("GET", "/v1/connections/0", "", 404), ("GET", "/v1/connections/x", "", 404),
            ("DELETE", "/v1/connections/1?how=softly", "", 400),
            ("DELETE", "/v1/connections/77", "", 404),
            ("POST", "/v1/connections/77/drain", "", 404),
            ("POST", "/v1/faults", #"{"on":"upstream.ack"}"#, 400),
            ("POST", "/v1/faults", #"{"on":"login","do":"reorder"}"#, 400),
            ("PATCH", "/v1/faults/1", "{}", 400), ("GET", "/v1/faults/1", "", 404),
            ("GET", "/v1/journal?after=-1", "", 400), ("GET", "/v1/events?after=x", "", 400),
            ("POST", "/v1/reset?sender_id=%20", "", 400),
            ("POST", "/v1/messages", Self.huge, 413), ("POST", "/v1/faults", Self.huge, 413),
            ("POST", "/v1/messages/verify", Self.huge, 413),
        ]
        try await Office.open { office in
            for (method, path, body, status) in cases {
                let answer = try await office.send(method, path, body)
                #expect(answer.status == status, "\(method) \(path): \(answer.body)")
                let error = try answer.error
                for member in ["code", "message", "hint"] {
                    #expect(error[member]?.isEmpty == false, "\(method) \(path): \(member)")
                }
            }
            #expect(try await office.get("/readyz").status == 200)
        }
    }

    @Test("From a foreign origin, or to a host that is not this machine: 403, for every method")
    func foreign() async throws {
        try await Office.open { office in
            for headers in [
                ["Origin": "https://example.com"], ["Host": "example.com"], ["Host": ""],
                ["Origin": "null"], ["Host": "localhost.example.com"],
            ] {
                for (method, path) in [("GET", "/v1/messages"), ("POST", "/v1/reset")] {
                    let answer = try await office.send(method, path, headers: headers)
                    #expect(answer.status == 403, "\(headers)")
                    #expect(try answer.error["code"] == "foreign_request")
                }
            }
            let own = try await office.send(
                "GET", "/v1/messages", headers: ["Origin": "http://localhost:8085"])
            #expect(own.status == 200)
        }
    }
}
