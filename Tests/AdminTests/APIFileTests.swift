import Foundation
import GCMAppServer
import RealPrograms
import Testing
import Yams

@testable import Admin

@Suite("docs/admin-api.yaml is that of the running relay", .serialized)
struct APIFileTests {
    private typealias Mapping = [String: Any]
    private let file: Mapping

    init() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let text = try String(
            contentsOf: root.appending(path: "docs/admin-api.yaml"), encoding: .utf8)
        file = try #require(try Yams.load(yaml: text) as? Mapping)
    }

    private static let verbs = ["get", "put", "post", "delete", "patch"]

    private var operations: [(method: String, template: String, operation: Mapping)] {
        get throws {
            let paths = try #require(file["paths"] as? [String: Mapping])
            return try paths.sorted { $0.key < $1.key }.flatMap { template, verbs in
                try Self.verbs.filter { verbs[$0] != nil }.map { verb in
                    (verb.uppercased(), template, try #require(verbs[verb] as? Mapping))
                }
            }
        }
    }

    @Test("Every route is in it, and every path and verb of it has a route")
    func routes() throws {
        let documented = try operations.map { "\($0.method) \($0.template)" }
        let served = AdminRoute.all.map { "\($0.method) \($0.template)" }
        #expect(documented.sorted() == served.sorted())
    }

    /// A reference, followed.
    private func resolved(_ node: Mapping) throws -> Mapping {
        guard let reference = node["$ref"] as? String else { return node }
        var place: Any = file
        for name in reference.dropFirst(2).split(separator: "/") {
            place = try #require((place as? Mapping)?[String(name)], "\(reference)")
        }
        return try resolved(try #require(place as? Mapping, "\(reference)"))
    }

    /// The answer that the file promises for a status; nil: it promises none.
    private func promised(_ operation: Mapping, _ status: Int) throws -> Mapping? {
        let responses = try #require(operation["responses"] as? [String: Mapping])
        return try (responses["\(status)"] ?? responses["\(status / 100)XX"]).map(resolved)
    }

    /// What differs between a JSON value and its schema.
    private func faults(_ value: Any, _ schema: Mapping, at place: String) throws -> [String] {
        let schema = try resolved(schema)
        if let all = schema["allOf"] as? [Mapping] {
            return try all.flatMap { try faults(value, $0, at: place) }
        }
        switch schema["type"] as? String {
        case "object":
            guard let object = value as? Mapping else { return ["\(place) is no object"] }
            let properties = schema["properties"] as? [String: Mapping] ?? [:]
            let required = schema["required"] as? [String] ?? []
            let missing = required.filter { object[$0] == nil }.map { "\(place) lacks \($0)" }
            let isClosed = schema["additionalProperties"] as? Bool == false
            return try missing
                + object.sorted { $0.key < $1.key }.flatMap { name, member -> [String] in
                    guard let property = properties[name] else {
                        return isClosed ? ["\(place) has \(name)"] : []
                    }
                    return try faults(member, property, at: "\(place).\(name)")
                }
        case "array":
            guard let list = value as? [Any] else { return ["\(place) is no array"] }
            let items = schema["items"] as? Mapping ?? [:]
            return try list.enumerated().flatMap {
                try faults($0.element, items, at: "\(place)[\($0.offset)]")
            }
        case "string":
            guard let text = value as? String else { return ["\(place) is no string"] }
            let choices = schema["enum"] as? [String]
            return choices.map { $0.contains(text) } ?? true ? [] : ["\(place) is \(text)"]
        case "integer": return value is Int ? [] : ["\(place) is no integer"]
        case "boolean": return value is Bool ? [] : ["\(place) is no boolean"]
        default: return []
        }
    }

    @Test("Every answer has the status, type and members that the file promises")
    func answers() async throws {
        try await Office.open { office in
            try await office.send(messages: ["a", "b"])
            _ = try await office.send("POST", "/v1/faults", #"{"on":"upstream.ack","do":"drop"}"#)
            var asked: Set<String> = []
            let made = try await office.send(
                "POST", "/v1/devices", #"{"app":"com.example.a","sender_id":"4711"}"#)
            let token = try #require(try made.json["token"] as? String)
            try await office.withAppServer(.always) {
                let connections = try await office.get("/v1/connections").list("connections")
                let connection = try #require(connections.last?["id"] as? Int)
                for (path, body) in Self.requests(
                    connection: connection, token: token)
                {
                    let parts = path.split(separator: " ").map(String.init)
                    asked.insert(
                        try await ask(parts[0], parts[1], parts.last ?? parts[1], body, office))
                }
            }
            let unasked = try operations.map { "\($0.method) \($0.template)" }
                .filter { !asked.contains($0) && $0 != "GET /v1/events" }
            #expect(unasked == [])
        }
    }

    /// Asks, holds the answer against the file, and returns which operation it was.
    private func ask(
        _ method: String, _ template: String, _ path: String, _ body: String, _ office: Office
    ) async throws -> String {
        let answer = try await office.send(method, path, body)
        let name = "\(method) \(template)"
        let operation = try #require(
            try operations.first { "\($0.method) \($0.template)" == name }, "\(name)"
        ).operation
        let promise = try #require(
            try promised(operation, answer.status), "\(name): \(answer.status) \(answer.body)")
        let content = try #require(promise["content"] as? [String: Mapping], "\(name)")
        let type = try #require(answer.headers["content-type"]?.prefix { $0 != ";" })
        let schema = try #require(content[String(type)], "\(name): \(type)")
        if type == "application/json" {
            let value = try JSONSerialization.jsonObject(with: Data(answer.body.utf8))
            let wanted = try #require(schema["schema"] as? Mapping)
            #expect(try faults(value, wanted, at: name) == [])
        }
        return name
    }

    private static let quietScenario = #"""
        {"scenario":"nothing happens","cast":{"phone":{"role":"device","sender-id":"4711"}},
        "steps":[{"phone":"goes-online"}],"expect":[{"match":"event=connection.bound"}]}
        """#

    /// Method, template and path of requests that succeed and of some that do not; the path is the
    /// template if there is none.
    private static func requests(
        connection: Int, token: String
    ) -> [(path: String, body: String)] {
        [
            ("GET /livez", ""), ("GET /readyz", ""), ("GET /version", ""), ("GET /metrics", ""),
            ("GET /v1/ports", ""), ("GET /v1/settings", ""), ("GET /v1/ca.pem", ""),
            ("GET /v1/trust.jks", ""),
            ("GET /v1/messages", ""), ("GET /v1/messages /v1/messages?state=none", ""),
            ("GET /v1/messages/{id} /v1/messages/a", ""),
            ("GET /v1/messages/{id} /v1/messages/none", ""),
            ("GET /v1/messages/{id}/attempts /v1/messages/a/attempts", ""),
            ("POST /v1/messages", "{}"),
            ("POST /v1/messages/{id}/replay /v1/messages/a/replay", #"{"message_id":"c"}"#),
            ("POST /v1/messages/wait", #"{"match":"message_id=a"}"#),
            ("POST /v1/messages/wait", #"{"match":"message_id=z","timeout":"1ms"}"#),
            ("POST /v1/messages/count", #"{"match":"event=upload"}"#),
            ("POST /v1/messages/verify", #"{"expect":[{"match":"event=upload"}]}"#),
            ("POST /v1/messages/verify", #"{"expect":[{"match":"event=fault","times":99}]}"#),
            ("GET /v1/connections", ""),
            ("GET /v1/connections/{id} /v1/connections/\(connection)", ""),
            ("POST /v1/connections/{id}/drain /v1/connections/\(connection)/drain", ""),
            ("DELETE /v1/connections/{id} /v1/connections/\(connection)", ""),
            ("GET /v1/devices", ""), ("POST /v1/messages", #"{"sender_id":"4711"}"#),
            ("GET /v1/devices/{token} /v1/devices/\(token)", ""),
            ("GET /v1/devices/{token} /v1/devices/none", ""),
            ("PATCH /v1/devices/{token} /v1/devices/\(token)", #"{"online":false}"#),
            ("POST /v1/messages", #"{"sender_id":"4711"}"#),
            ("GET /v1/devices/{token}/pending /v1/devices/\(token)/pending", ""),
            ("DELETE /v1/devices/{token} /v1/devices/\(token)", ""),
            ("POST /v1/devices", #"{"app":"com.example.b","sender_id":"4711"}"#),
            ("POST /v1/devices", "[]"), ("GET /v1/scenarios", ""),
            ("PUT /v1/scenarios/{name} /v1/scenarios/empty", "{}"),
            ("PUT /v1/scenarios/{name} /v1/scenarios/quiet", quietScenario),
            ("PUT /v1/scenarios/{name} /v1/scenarios/quiet", quietScenario),
            ("GET /v1/scenarios/{name} /v1/scenarios/quiet", ""),
            ("POST /v1/scenarios/{name}/run /v1/scenarios/quiet/run", ""), ("GET /v1/faults", ""),
            ("GET /v1/faults/{id} /v1/faults/1", ""),
            ("PATCH /v1/faults/{id} /v1/faults/1", #"{"enabled":false}"#),
            ("DELETE /v1/faults/{id} /v1/faults/1", ""),
            ("POST /v1/faults", #"{"on":"upstream.ack","do":"delay","delay":"1ms"}"#),
            ("DELETE /v1/faults", ""), ("GET /v1/journal", ""),
            ("POST /v1/messages/{id}/settle /v1/messages/a/settle", ""),
            ("DELETE /v1/messages", ""), ("DELETE /v1/journal", ""), ("POST /v1/reset", ""),
            ("POST /v1/stop", ""),
        ]
    }
}
