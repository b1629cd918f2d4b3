import CloudMessaging
import Hummingbird

/// Why a request is not done (contract: "Admin HTTP").
struct AdminError: Error {
    let status: HTTPResponse.Status
    /// For programs: one of a few words.
    let code: String
    /// What was wrong and where.
    let message: String
    /// What to do about it.
    let hint: String
    /// Members of the answer beside the error.
    var details: [(name: String, json: [UInt8])] = []
    var headers: HTTPFields = [:]

    var response: Response {
        var error = JSONObjectWriter()
        error.add("code", code)
        error.add("message", message)
        error.add("hint", hint)
        error.end()
        var answer = JSONObjectWriter()
        answer.add("error", json: error.bytes)
        for detail in details { answer.add(detail.name, json: detail.json) }
        answer.end()
        var response = Response(status: status, json: answer.bytes)
        response.headers.append(contentsOf: headers)
        return response
    }

    /// A member or parameter is not what it must be.
    static func badRequest(_ message: String, hint: String) -> AdminError {
        AdminError(status: .badRequest, code: "bad_request", message: message, hint: hint)
    }

    static func notFound(_ message: String, hint: String) -> AdminError {
        AdminError(status: .notFound, code: "not_found", message: message, hint: hint)
    }

    /// What is asked cannot be done as things stand.
    static func conflict(_ message: String, hint: String) -> AdminError {
        AdminError(status: .conflict, code: "conflict", message: message, hint: hint)
    }

    static let ended = AdminError(
        status: .serviceUnavailable, code: "unavailable", message: "the relay ends",
        hint: "start it again")
}
