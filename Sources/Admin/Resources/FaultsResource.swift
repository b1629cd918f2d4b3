import CloudMessaging
import Faults
import Hummingbird
import RelayService

/// What goes wrong on purpose (docs/faults.md).
extension AdminRoute {
    static let faults = [
        AdminRoute(.get, "/v1/faults") { request, context in
            try request.checkQuery()
            let faults = try await context.control.faults()
            return Response { $0.add("faults", list: faults.map(\.json)) }
        },
        AdminRoute(.post, "/v1/faults") { request, context in
            try request.checkQuery()
            let rule: FaultRule
            do {
                rule = try FaultRule(json: try await request.body())
            } catch let error as FaultRuleError {
                throw AdminError(error)
            }
            switch try await context.control.add(rule) {
            case .success(let fault): return Response(status: .created, json: fault.json)
            case .failure(let error):
                throw AdminError.conflict(error.problem, hint: error.remedy ?? "remove some")
            }
        },
        AdminRoute(.delete, "/v1/faults") { request, context in
            try request.checkQuery()
            let count = try await context.control.faults().count
            try await context.control.clearFaults()
            return Response { $0.add("removed", count) }
        },
        AdminRoute(.get, "/v1/faults/{id}") { request, context in
            try request.checkQuery()
            let number = try request.number("id", of: "fault")
            return try answer(try await context.control.fault(number), number)
        },
        AdminRoute(.patch, "/v1/faults/{id}") { request, context in
            try request.checkQuery()
            let number = try request.number("id", of: "fault")
            let body = try await request.json(["enabled"])
            let isEnabled = try body.need("enabled", try body.flag("enabled"))
            return try answer(
                try await context.control.setFault(number, isEnabled: isEnabled), number)
        },
        AdminRoute(.delete, "/v1/faults/{id}") { request, context in
            try request.checkQuery()
            let number = try request.number("id", of: "fault")
            guard try await context.control.removeFault(number) else {
                throw noSuchFault(number)
            }
            return Response { $0.add("removed", 1) }
        },
    ]

    private static func answer(_ fault: Fault?, _ number: Int) throws(AdminError) -> Response {
        guard let fault else { throw noSuchFault(number) }
        return Response(json: fault.json)
    }

    private static func noSuchFault(_ number: Int) -> AdminError {
        .notFound("there is no fault \(number)", hint: "/v1/faults lists them")
    }
}

extension AdminError {
    fileprivate init(_ error: FaultRuleError) {
        self = .badRequest(error.problem, hint: error.remedy ?? "docs/faults.md shows each pair")
    }
}
