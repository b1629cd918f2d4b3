import Hummingbird

/// Refuses requests that a web page could make a browser send: a foreign `Origin`, or a `Host` that
/// only looks like this machine because of a forged name (DNS rebinding).
struct LocalRequestsOnly {
    let allowedHosts: [String]

    private static let loopback = ["localhost", "127.0.0.1", "::1"]

    func check(_ request: Request) throws(AdminError) {
        guard isAllowed(authority: request.head.authority ?? ""),
            request.headers[.origin].map(isAllowed(origin:)) ?? true
        else {
            throw AdminError(
                status: .forbidden, code: "foreign_request",
                message: "requests from other origins are refused",
                hint: "use localhost, or --admin-allow-host")
        }
    }

    private func isAllowed(authority: String) -> Bool {
        let host = Self.host(of: authority)
        return Self.loopback.contains(host) || allowedHosts.contains(host)
    }

    private func isAllowed(origin: String) -> Bool {
        guard let start = origin.firstRange(of: "://")?.upperBound else { return false }
        return isAllowed(authority: String(origin[start...]))
    }

    private static func host(of authority: String) -> String {
        if authority.hasPrefix("["), let end = authority.firstIndex(of: "]") {
            return String(authority[authority.index(after: authority.startIndex)..<end])
        }
        return String(authority.prefix { $0 != ":" })
    }
}
