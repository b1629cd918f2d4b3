import Foundation
import Hummingbird

/// Refuses requests that a web page could make a browser send: a foreign `Origin`, or a `Host` that
/// only looks like this machine because of a forged name (DNS rebinding).
struct LocalRequestsOnly<Context: RequestContext>: RouterMiddleware {
    let allowedHosts: [String]

    private static var loopback: [String] { ["localhost", "127.0.0.1", "::1"] }

    @concurrent
    func handle(
        _ request: Request, context: Context,
        next: @concurrent (Request, Context) async throws -> Response
    ) async throws -> Response {
        let origin = request.headers[.origin]
        guard isAllowed(authority: request.head.authority ?? ""),
            origin.map({ isAllowed(origin: $0) }) ?? true
        else {
            return Response(
                status: .forbidden,
                json: #"{"error":{"code":"foreign_request","message":"requests from other "#
                    + #"origins are refused","hint":"use localhost, or --admin-allow-host"}}"#)
        }
        return try await next(request, context)
    }

    private func isAllowed(authority: String) -> Bool {
        let host = Self.host(of: authority)
        return Self.loopback.contains(host) || allowedHosts.contains(host)
    }

    private func isAllowed(origin: String) -> Bool {
        guard let start = origin.range(of: "://")?.upperBound else { return false }
        return isAllowed(authority: String(origin[start...]))
    }

    private static func host(of authority: String) -> String {
        if authority.hasPrefix("["), let end = authority.firstIndex(of: "]") {
            return String(authority[authority.index(after: authority.startIndex)..<end])
        }
        return String(authority.prefix { $0 != ":" })
    }
}
