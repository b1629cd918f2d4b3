import Hummingbird

/// Refuses requests that a web page could make a browser send: a foreign `Origin`, or a `Host` that
/// only looks like this machine because of a forged name (DNS rebinding).
struct LocalRequestsOnly {
    let allowedHosts: [String]

    private static let loopback = ["localhost", "127.0.0.1", "::1"]

    func check(_ request: Request) throws(AdminError) {
        // The first is the authority, further ones are left among the fields (RFC 9112 §3.2).
        if let host = HTTPFields.Element.Name("Host"), request.headers[host] != nil {
            throw .badRequest("Host is given twice", hint: "leave one out")
        }
        let authority = request.head.authority ?? ""
        guard !authority.isEmpty else {
            throw Self.foreign("the request names no Host", hint: "send Host: localhost")
        }
        guard isAllowed(Self.host(of: authority)) else {
            throw Self.foreign(
                "requests to the Host \"\(authority)\" are refused",
                hint: "use localhost, or --admin-allow-host")
        }
        if let origin = request.headers[.origin] {
            guard isAllowed(origin: origin, request, authority) else {
                throw Self.foreign(
                    "requests from other origins are refused: \"\(origin)\"",
                    hint: "ask without a browser, or from a page at --admin-allow-host")
            }
        }
    }

    private func isAllowed(_ host: String) -> Bool {
        Self.loopback.contains(host) || allowedHosts.contains(host)
    }

    /// Another port of this machine is another origin: a page from there may look, which browsers
    /// keep from it anyway, but change nothing.
    private func isAllowed(origin: String, _ request: Request, _ authority: String) -> Bool {
        guard let start = origin.firstRange(of: "://")?.upperBound else { return false }
        let host = Self.host(of: String(origin[start...]))
        guard isAllowed(host) else { return false }
        return !Self.loopback.contains(host) || [.get, .head].contains(request.method)
            || origin.lowercased() == "http://\(authority.lowercased())"
    }

    private static func foreign(_ message: String, hint: String) -> AdminError {
        AdminError(status: .forbidden, code: "foreign_request", message: message, hint: hint)
    }

    /// As names are compared: in small letters, without the dot of the root.
    private static func host(of authority: String) -> String {
        let authority = authority.lowercased()
        if authority.hasPrefix("["), let end = authority.firstIndex(of: "]") {
            return String(authority[authority.index(after: authority.startIndex)..<end])
        }
        let host = authority.prefix { $0 != ":" }
        return String(host.hasSuffix(".") ? host.dropLast() : host)
    }
}
