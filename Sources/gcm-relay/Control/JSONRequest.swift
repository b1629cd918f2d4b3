import CloudMessaging
import Command

/// The body of a request, member by member.
struct JSONRequest {
    private var object = JSONObjectWriter()

    mutating func add(_ name: String, _ text: String?) {
        if let text { object.add(name, text) }
    }

    mutating func add(_ name: String, _ number: Int?) {
        if let number { object.add(name, number) }
    }

    /// `k=v`, as flags have it; the first `=` ends the key.
    mutating func add(
        _ name: String, pairs: [String], prefix: String = ""
    ) throws(CommandFailure) {
        guard !pairs.isEmpty else { return }
        var members = JSONObjectWriter()
        for pair in pairs {
            guard let equals = pair.firstIndex(of: "="), pair.hasPrefix(prefix),
                prefix.utf8.count < pair[..<equals].utf8.count
            else {
                throw CommandFailure(.usage, "\"\(pair)\" is not \(prefix)KEY=VALUE")
            }
            members.add(
                String(pair[..<equals].dropFirst(prefix.count)),
                String(pair[pair.index(after: equals)...]))
        }
        members.end()
        object.add(name, json: members.bytes)
    }

    var text: String {
        var object = object
        object.end()
        return String(decoding: object.bytes, as: UTF8.self)
    }
}
