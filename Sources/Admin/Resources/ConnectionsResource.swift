import CloudMessaging
import Hummingbird
import Nodes
import RelayService

/// The connections of app servers and devices.
extension AdminRoute {
    static let connections = [
        AdminRoute(.get, "/v1/connections") { request, context in
            try request.checkQuery(["after", "limit"])
            let after = try request.integer("after", in: 0...Int.max) ?? 0
            let limit = try request.integer("limit", in: 1...RelayControl.pageLimit) ?? 100
            let connections = try await context.control.connections(after: after, limit: limit)
            return Response {
                $0.add("connections", list: connections.map(\.json))
                if connections.count == limit {
                    $0.add("next", ifAny: connections.last?.number)
                }
            }
        },
        AdminRoute(.get, "/v1/connections/{id}") { request, context in
            try request.checkQuery()
            let number = try request.number("id", of: "connection")
            guard let connection = try await context.control.connection(number) else {
                throw noSuchConnection(number)
            }
            return Response(json: connection.json)
        },
        AdminRoute(.delete, "/v1/connections/{id}") { request, context in
            try request.checkQuery(["how"])
            let manner: CutManner = try request.choice("how") ?? .reset
            let number = try request.number("id", of: "connection")
            guard try await context.control.cut(number, manner) else {
                throw noSuchConnection(number)
            }
            return acknowledged(number, "cut", manner.rawValue)
        },
        AdminRoute(.post, "/v1/connections/{id}/drain") { request, context in
            try request.checkQuery()
            let number = try request.number("id", of: "connection")
            guard try await context.control.connection(number) != nil else {
                throw noSuchConnection(number)
            }
            guard try await context.control.drain(number) else {
                throw AdminError.conflict(
                    "connection \(number) is not the bound connection of an app server",
                    hint: "only those are drained")
            }
            return acknowledged(number, "order", "drain")
        },
    ]

    private static func acknowledged(
        _ number: Int, _ name: String, _ value: String
    ) -> Response {
        Response(status: .accepted) {
            $0.add("id", number)
            $0.add(name, value)
        }
    }

    private static func noSuchConnection(_ number: Int) -> AdminError {
        .notFound(
            "there is no connection \(number)", hint: "/v1/connections lists those that are open")
    }
}

extension RelayConnection {
    fileprivate var json: [UInt8] {
        var object = JSONObjectWriter()
        object.add("id", number)
        object.add("role", role.rawValue)
        object.add("phase", phase.rawValue)
        object.add("opened", openedAt)
        object.add("sender_id", ifAny: sender?.text)
        object.add("device", ifAny: device?.description)
        object.add("unacknowledged", unacknowledged)
        object.add("unanswered", unanswered)
        object.end()
        return object.bytes
    }
}
