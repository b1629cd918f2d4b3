import CloudMessaging
import Hummingbird
import Scenario

/// Scenarios that are put into the relay's process and played there, in virtual time.
extension AdminRoute {
    static let scenarios = [
        AdminRoute(.get, "/v1/scenarios") { request, context in
            try request.checkQuery()
            let entries = await context.scenarios.entries
            return Response { $0.add("scenarios", list: entries.map { $0.json() }) }
        },
        AdminRoute(.get, "/v1/scenarios/{name}") { request, context in
            try request.checkQuery()
            let entry = try await context.scenarios.entry(request.name("name"))
            return Response(json: entry.json(withText: true))
        },
        AdminRoute(.put, "/v1/scenarios/{name}") { request, context in
            try request.checkQuery()
            let name = request.name("name")
            guard name.wholeMatch(of: /[A-Za-z0-9._\-]{1,64}/) != nil else {
                throw AdminError.badRequest(
                    "\"\(name)\" cannot be a scenario's name",
                    hint: "take at most 64 letters, digits, dots, dashes and underscores")
            }
            let bytes = try await request.body()
            guard bytes.count <= ScenarioShelf.fileBytes else {
                throw AdminError.badRequest(
                    "the scenario has \(bytes.count) bytes",
                    hint: "over HTTP it may have \(ScenarioShelf.fileBytes)")
            }
            guard let text = String(validating: bytes, as: UTF8.self) else {
                throw AdminError.badRequest("the body is no UTF-8", hint: "send YAML or JSON")
            }
            let isNew = try await context.scenarios.put(text, as: name)
            let entry = try await context.scenarios.entry(name)
            return Response(status: isNew ? .created : .ok, json: entry.json())
        },
        AdminRoute(.post, "/v1/scenarios/{name}/run") { request, context in
            try request.checkQuery()
            let body = try await request.json(["seed"], isOptional: true)
            let seed = try body.integer("seed", in: 0...Int.max)
            let run = try await context.scenarios.play(
                request.name("name"), seed: seed.map(UInt64.init))
            return Response(bytes: run.json, type: "application/json")
        },
    ]
}

extension ScenarioShelf.Entry {
    fileprivate func json(withText: Bool = false) -> [UInt8] {
        var object = JSONObjectWriter()
        object.add("name", name)
        object.add("scenario", file.name)
        object.add("about", ifAny: file.about)
        if withText { object.add("text", text) }
        object.end()
        return object.bytes
    }
}
