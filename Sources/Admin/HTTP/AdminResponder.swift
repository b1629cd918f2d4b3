import Foundation
import Hummingbird
import Logging
import NetworkRuntime

/// Answers requests by the table of routes; whatever is wrong with one has its answer in one form.
struct AdminResponder: HTTPResponder {
    typealias Context = BasicRequestContext

    let context: AdminContext
    let guardian: LocalRequestsOnly
    let logger: Logger

    @concurrent
    func respond(to request: Request, context: BasicRequestContext) async throws -> Response {
        let response = await response(to: request)
        return request.method == .head ? response.createHeadResponse() : response
    }

    private func response(to request: Request) async -> Response {
        do {
            try guardian.check(request)
            return try await answer(request)
        } catch let error as AdminError {
            return error.response
        } catch is RelayEnded {
            return AdminError.ended.response
        } catch {
            logger.error("\(request.method) \(request.uri.path): \(error)")
            return AdminError(
                status: .internalServerError, code: "internal", message: "the relay has a fault",
                hint: "its log says which; please report it"
            ).response
        }
    }

    private func answer(_ request: Request) async throws -> Response {
        let parts = request.uri.path.split(separator: "/", omittingEmptySubsequences: false)
        var fitting = AdminRoute.all.compactMap { route in route.fit(parts).map { (route, $0) } }
        // A resource with a name of its own is none of a numbered one's.
        if fitting.contains(where: \.0.isPlain) { fitting.removeAll { !$0.0.isPlain } }
        guard !fitting.isEmpty else {
            throw AdminError.notFound(
                "there is no \(request.uri.path)", hint: "docs/admin-api.yaml lists what there is")
        }
        let method: HTTPRequest.Method = request.method == .head ? .get : request.method
        guard let (route, names) = fitting.first(where: { $0.0.method == method }) else {
            let methods = fitting.map(\.0.methods).joined(separator: ", ")
            throw AdminError(
                status: .methodNotAllowed, code: "method_not_allowed",
                message: "\(request.uri.path) has no \(request.method.rawValue)",
                hint: "it has \(methods)", headers: [.allow: methods])
        }
        return try await route.answer(AdminRequest(request, path: names), context)
    }
}
