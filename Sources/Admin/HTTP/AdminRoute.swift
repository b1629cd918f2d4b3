import Foundation
package import Hummingbird

/// One verb of one resource.
package struct AdminRoute: Sendable {
    package let method: HTTPRequest.Method
    /// `/v1/messages/{id}`: a part in braces stands for any one part.
    package let template: String
    let answer: @Sendable (AdminRequest, AdminContext) async throws -> Response

    init(
        _ method: HTTPRequest.Method, _ template: String,
        _ answer: @escaping @Sendable (AdminRequest, AdminContext) async throws -> Response
    ) {
        self.method = method
        self.template = template
        self.answer = answer
    }

    /// The methods that it answers: whatever can be read can be asked for its head alone.
    var methods: String { method == .get ? "GET, HEAD" : method.rawValue }

    /// Every verb of every resource.
    package static let all: [AdminRoute] =
        process + messages + search + connections + devices + faults + scenarios + journal + orders

    /// The values of the template's names if a path fits it.
    func fit(_ parts: [Substring]) -> [String: String]? {
        let wanted = template.split(separator: "/", omittingEmptySubsequences: false)
        guard wanted.count == parts.count else { return nil }
        var names: [String: String] = [:]
        for (part, name) in zip(parts, wanted) {
            if name.hasPrefix("{") {
                guard !part.isEmpty, let value = part.removingPercentEncoding else { return nil }
                names[String(name.dropFirst().dropLast())] = value
            } else if part != name {
                return nil
            }
        }
        return names
    }

    /// Whether the template has no names: such a one wins over others that fit.
    var isPlain: Bool { !template.contains("{") }
}
