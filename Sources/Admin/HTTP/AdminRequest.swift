import CloudMessaging
import Hummingbird
import Journal
import NIOCore

/// A request to a resource that there is.
struct AdminRequest {
    /// The values of the template's names, unescaped.
    let path: [String: String]
    private let query: [(name: String, value: String)]
    private let request: Request

    /// More than any body needs; a scenario has at most half of it.
    static let bodyLimit = 1 << 20

    init(_ request: Request, path: [String: String]) {
        self.request = request
        self.path = path
        query = request.uri.queryParameters.map { (String($0.key), String($0.value)) }
    }

    // MARK: Path and query

    /// A name of the template.
    func name(_ name: String) -> String { path[name] ?? "" }

    func number(_ name: String, of what: String) throws(AdminError) -> Int {
        guard let number = Int(self.name(name)), number > 0 else {
            throw .notFound(
                "there is no \(what) \"\(self.name(name))\"", hint: "they have numbers from 1")
        }
        return number
    }

    /// Refuses parameters that nobody would look at.
    func checkQuery(_ names: [String] = []) throws(AdminError) {
        var seen: [String] = []
        for (name, _) in query {
            guard names.contains(name) else {
                throw .badRequest(
                    "unknown parameter \"\(name)\"",
                    hint: names.isEmpty
                        ? "it takes none" : Suggestion.sentence(for: name, among: names))
            }
            guard !seen.contains(name) else {
                throw .badRequest("\(name) is given twice", hint: "leave one out")
            }
            seen.append(name)
        }
    }

    func header(_ name: String) -> String? {
        HTTPFields.Element.Name(name).flatMap { request.headers[$0] }
    }

    func text(_ name: String) -> String? { query.first { $0.name == name }?.value }

    func integer(_ name: String, in range: ClosedRange<Int>) throws(AdminError) -> Int? {
        guard let text = text(name) else { return nil }
        guard let number = Int(text), range.contains(number) else {
            throw .badRequest(
                "\(name) \"\(text)\" is not a whole number in its bounds",
                hint: "give \(name) from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    func choice<Choice: RawRepresentable<String> & CaseIterable>(
        _ name: String
    ) throws(AdminError) -> Choice? {
        guard let text = text(name) else { return nil }
        return try Choice.parse(text, name)
    }

    func match(_ name: String = "match") throws(AdminError) -> Match? {
        guard let text = text(name) else { return nil }
        return try Match.parse(text)
    }

    func sender() throws(AdminError) -> SenderID? {
        guard let text = text("sender_id") else { return nil }
        guard let sender = SenderID(text) else {
            throw .badRequest("\"\(text)\" is no sender ID", hint: "write a project number")
        }
        return sender
    }

    func duration(_ name: String) throws(AdminError) -> Duration? {
        guard let text = text(name) else { return nil }
        guard let duration = DurationText.parse(text) else {
            throw .badRequest("\(name) is \"\(text)\"", hint: "write \(DurationText.form)")
        }
        return duration
    }

    // MARK: Body

    func body() async throws(AdminError) -> [UInt8] {
        // Who announces too much need not send it.
        if let length = request.headers[.contentLength].flatMap({ Int($0) }) {
            guard length <= Self.bodyLimit else { throw Self.tooLarge }
        }
        do {
            return Array(buffer: try await request.body.collect(upTo: Self.bodyLimit))
        } catch is NIOTooManyBytesError {
            throw Self.tooLarge
        } catch {
            throw .badRequest(
                "the body is broken or has no end",
                hint: "send its Content-Length, or whole chunks (RFC 9112 §7.1)")
        }
    }

    private static let tooLarge = AdminError(
        status: .contentTooLarge, code: "too_large",
        message: "the body has more than \(bodyLimit) bytes", hint: "send less")

    func json(_ names: [String], isOptional: Bool = false) async throws -> JSONBody {
        try JSONBody(try await body(), names: names, isOptional: isOptional)
    }
}

extension Match {
    static func parse(_ text: String) throws(AdminError) -> Match {
        do {
            return try Match(parsing: text)
        } catch {
            throw .badRequest(
                "match, \(error)", hint: #"such as: sender_id=4711 and data.parcel~"^1""#)
        }
    }
}
