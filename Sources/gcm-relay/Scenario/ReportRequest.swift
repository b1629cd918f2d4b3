import ArgumentParser
import CloudMessaging
import Command
import Foundation

/// What one `--report` asks for.
struct ReportRequest: Sendable {
    let kind: Kind
    /// Nil: standard output.
    let path: String?

    enum Kind: String, CaseIterable, Sendable {
        case text, json, junit, html, ndjson
    }

    init(kind: Kind, path: String?) {
        self.kind = kind
        self.path = path
    }

    /// `KIND` or `KIND:FILE`
    init(reading text: String) throws {
        let colon = text.utf8.firstIndex(of: UInt8(ascii: ":"))
        let name = String(colon.map { text[..<$0] } ?? text[...])
        guard let kind = Kind(rawValue: name) else {
            let names = Kind.allCases.map(\.rawValue)
            throw ValidationError(
                "there is no report \"\(name)\"; \(Suggestion.sentence(for: name, among: names))"
            )
        }
        self.kind = kind
        path = colon.map { String(text[text.utf8.index(after: $0)...]) }
        if path == "" {
            throw ValidationError("\(name): has no file; name one, or leave out the colon")
        }
    }

    /// The reports that `scenario run` makes: text on standard output, unless another has its
    /// place.
    ///
    /// - Parameter files: what is played; no report may take its place.
    static func checked(
        _ requests: [ReportRequest], playing files: [String]
    ) throws(CommandFailure) -> [ReportRequest] {
        let requests = try distinct(requests)
        let played = files.map(Self.place)
        if let path = requests.compactMap(\.path).first(where: { played.contains(place(of: $0)) }) {
            throw CommandFailure(
                .usage, "a report goes to \(path), which is played",
                remedy: "write --report KIND:FILE with another file")
        }
        return requests.contains { $0.path == nil }
            ? requests : [ReportRequest(kind: .text, path: nil)] + requests
    }

    /// Refuses two reports in one place.
    static func distinct(_ requests: [ReportRequest]) throws(CommandFailure) -> [ReportRequest] {
        var taken: [String?] = []
        for request in requests {
            let place = request.path.map(Self.place)
            guard !taken.contains(place) else {
                let place = request.path ?? "standard output"
                throw CommandFailure(
                    .usage, "two reports go to \(place)", remedy: "write --report KIND:FILE")
            }
            taken.append(place)
        }
        return requests
    }

    /// The file that a path leads to, however it is written.
    static func place(of path: String) -> String {
        URL(fileURLWithPath: path).resolvingSymlinksInPath().standardizedFileURL.path
    }
}
