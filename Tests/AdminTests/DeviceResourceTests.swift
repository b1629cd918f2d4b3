import Foundation
import GCMAppServer
import RealPrograms
import RelayService
import Testing

@testable import Admin

@Suite("Devices over HTTP", .serialized)
struct DeviceResourceTests {
    private static let order = #"{"app":"com.example.pigeon","sender_id":"555000111222"}"#

    /// Makes a device that lives in the relay, and returns its token.
    private func make(_ office: Office, _ order: String = order) async throws -> String {
        let answer = try await office.send("POST", "/v1/devices", order)
        #expect(answer.status == 201, "\(answer.body)")
        return try #require(try answer.json["token"] as? String)
    }

    @Test("A device is made, listed, switched off and on, and removed")
    func life() async throws {
        try await Office.open { office in
            let token = try await make(office)
            let one = try await office.get("/v1/devices/\(token)").json
            #expect(one["app"] as? String == "com.example.pigeon")
            #expect(one["sender_ids"] as? [String] == ["555000111222"])
            #expect(one["online"] as? Bool == true && one["resident"] as? Bool == true)
            #expect(try await office.get("/v1/devices").list("devices").count == 1)
            for (isWanted, name) in [(false, "offline"), (true, "online")] {
                let answer = try await office.send(
                    "PATCH", "/v1/devices/\(token)", "{\"online\":\(isWanted)}")
                #expect(answer.status == 200, "\(answer.body)")
                #expect(try answer.json["online"] as? Bool == isWanted, "\(name)")
            }
            let removed = try await office.send("DELETE", "/v1/devices/\(token)")
            #expect(removed.status == 200, "\(removed.body)")
            #expect(try await office.get("/v1/devices/\(token)").status == 404)
            #expect(try await office.get("/v1/devices").list("devices").isEmpty)
        }
    }

    @Test("A message without from is sent by such a device, and comes to the app server")
    func sends() async throws {
        try await Office.open { office in
            let token = try await make(office)
            let sent = try await office.send(
                "POST", "/v1/messages", #"{"message_id":"m-1","data":{"k":"v"}}"#)
            #expect(sent.status == 201, "\(sent.body)")
            #expect(try sent.json["from"] as? String == token)
            let number = try #require(try sent.json["id"] as? Int)
            try await office.withAppServer(.always) {
                try await office.wait("state=settled and message_id=m-1")
            }
            let message = try await office.get("/v1/messages/\(number)").json
            #expect(message["message_id"] as? String == "m-1")
        }
    }

    @Test("An offline device keeps what it is given, up to its limit, and sends it when online")
    func pending() async throws {
        try await Office.open { office in
            let token = try await make(
                office, #"{"app":"com.example.a","sender_id":"555000111222","online":false}"#)
            for number in 1...21 {
                let answer = try await office.send(
                    "POST", "/v1/messages", "{\"message_id\":\"m-\(number)\"}")
                #expect(answer.status == (number <= 20 ? 202 : 409), "\(answer.body)")
                if number == 21 {
                    #expect(try answer.error["message"]?.contains("TooManyMessages") == true)
                }
            }
            let pending = try await office.get("/v1/devices/\(token)/pending")
            let ids = try pending.list("upstream").map { $0["message_id"] as? String }
            #expect(ids == (1...20).map { "m-\($0)" })
            _ = try await office.send("PATCH", "/v1/devices/\(token)", #"{"online":true}"#)
            try await office.wait("event=message.state and state=queued", count: 20)
            while try await !office.get("/v1/devices/\(token)/pending").list("upstream").isEmpty {}
        }
    }

    @Test("What waits for an offline device is pending downstream")
    func mailbox() async throws {
        try await Office.open { office in
            let token = try await make(
                office, #"{"app":"com.example.a","sender_id":"555000111222","online":false}"#)
            try await office.sendDownstream(to: token, data: ["score": "3"])
            let pending = try await office.get("/v1/devices/\(token)/pending")
            let waiting = try pending.list("downstream")
            #expect(waiting.count == 1, "\(pending.body)")
            #expect(waiting.first?["data"] as? [String: String] == ["score": "3"])
            #expect(waiting.first?["state"] as? String == "queued")
            _ = try await office.send("PATCH", "/v1/devices/\(token)", #"{"online":true}"#)
            try await office.wait("state=settled and direction=downstream")
            let after = try await office.get("/v1/devices/\(token)/pending")
            #expect(try after.list("downstream").isEmpty)
        }
    }

    @Test("A device's connection falls silent: it hears nothing until it is cut and comes again")
    func silence() async throws {
        try await Office.open { office in
            let token = try await make(office)
            let connections = try await office.get("/v1/connections").list("connections")
            let id = try #require(connections.first { $0["role"] as? String == "device" }?["id"])
            let cut = try await office.send("DELETE", "/v1/connections/\(id)?how=silent")
            #expect(cut.status == 202, "\(cut.body)")
            let silent = try await office.get("/v1/connections/\(id)").json
            #expect(silent["phase"] as? String == "silent")
            #expect(try await office.get("/v1/devices/\(token)").json["online"] as? Bool == true)
            try await office.sendDownstream(to: token, data: ["score": "3"])
            try await office.wait("event=delivery and connection=\(id)")
            #expect(try await office.send("DELETE", "/v1/connections/\(id)").status == 202)
            try await office.wait("state=settled and direction=downstream")
            let again = try await office.get("/v1/journal?match=event%3Ddelivery").body
            #expect(again.split(separator: "\n").count == 2, "\(again)")
        }
    }

    @Test("A receipt is put in for what nobody sent, and settles like a message")
    func receipt() async throws {
        try await Office.open { office in
            let token = try await make(office)
            let order = "{\"receipt_for\":\"d-7\",\"from\":\"\(token)\"}"
            let made = try await office.send("POST", "/v1/messages", order)
            #expect(made.status == 201, "\(made.body)")
            #expect(try made.json["message_id"] as? String == "dr2:d-7")
            try await office.withAppServer(.always) {
                try await office.wait("state=settled and message_id=\"dr2:d-7\"")
            }
            let receipt = try await office.get("/v1/messages/dr2:d-7").json
            #expect(receipt["receipt"] as? Bool == true)
            let data = receipt["data"] as? [String: String]
            #expect(data?["original_message_id"] == "d-7")
            #expect(data?["device_registration_id"] == token)
            for wrong in [#"{"receipt_for":"d-7"}"#, #"{"receipt_for":"d","from":"x","data":{}}"#] {
                #expect(try await office.send("POST", "/v1/messages", wrong).status == 400)
            }
        }
    }

    @Test("A device that lives elsewhere is listed, and left alone")
    func foreign() async throws {
        try await Office.open { office in
            try await office.send(messages: ["a"])
            let devices = try await office.get("/v1/devices").list("devices")
            let token = try #require(devices.first?["token"] as? String)
            #expect(devices.first?["resident"] as? Bool == false)
            for (method, body) in [("PATCH", #"{"online":true}"#), ("DELETE", "")] {
                let answer = try await office.send(method, "/v1/devices/\(token)", body)
                #expect(answer.status == 409, "\(answer.body)")
            }
            #expect(try await office.send("POST", "/v1/messages", "{}").status == 409)
            let pending = try await office.get("/v1/devices/\(token)/pending")
            #expect(try pending.json["upstream"] == nil)
        }
    }

    @Test("Devices are listed page by page, and there are a hundred at most")
    func many() async throws {
        try await Office.open { office in
            for number in 1...3 {
                _ = try await make(
                    office, "{\"app\":\"com.example.n\(number)\",\"sender_id\":\"4711\"}")
            }
            let first = try await office.get("/v1/devices?limit=2")
            #expect(try first.list("devices").count == 2)
            let next = try #require(try first.json["next"] as? Int)
            let last = try await office.get("/v1/devices?limit=2&after=\(next)")
            #expect(try last.list("devices").map { $0["app"] as? String } == ["com.example.n3"])
            #expect(try last.json["next"] == nil)
        }
        #expect(ResidentDevices.limit == 100)
    }

    @Test(
        "A bad order is refused with what is wrong",
        arguments: [
            ("{}", "app is missing"), (#"{"app":"com.example.a"}"#, "sender_id is missing"),
            (#"{"app":"","sender_id":"1"}"#, "app \"\""),
            (#"{"app":"a","sender_id":"1","client":"chrome"}"#, "client \"chrome\""),
            (#"{"app":"a","sender_id":"1","online":"yes"}"#, "online is a text"),
        ])
    func badOrders(order: String, message: String) async throws {
        try await Office.open { office in
            let answer = try await office.send("POST", "/v1/devices", order)
            #expect(answer.status == 400)
            #expect(try answer.error["message"]?.contains(message) == true, "\(answer.body)")
        }
    }

    @Test("A device that cannot trust the relay gets no token, and the answer says why")
    func untrusted() async throws {
        try await Office.open {
            $0.certificate = .untrusted
        } _: { office in
            let answer = try await office.send("POST", "/v1/devices", Self.order)
            #expect(answer.status == 409)
            #expect(try answer.error["message"]?.contains("gets no token") == true)
        }
    }
}
