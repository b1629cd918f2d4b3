import CloudMessaging
import Foundation
import Yams

/// A file of settings (`--config FILE`): one YAML mapping, its keys the long flags of the command
/// without their dashes.
package struct SettingsFile: Sendable {
    private let path: String
    private let entries: [Entry]

    private struct Entry: Sendable {
        let key: String
        let values: [String]
        let place: String
    }

    /// Reads a file in which only these keys may stand.
    package init(path: String, keys: [String]) throws(CommandFailure) {
        guard let data = FileManager.default.contents(atPath: path),
            let text = String(data: data, encoding: .utf8)
        else {
            throw CommandFailure(
                .badData, "the settings file \(path) cannot be read", remedy: "see --config")
        }
        self.path = path
        entries = try Self.parse(text, path: path, keys: keys)
    }

    /// The values of a key, one unless it is a list; nil: the key is not there.
    package func values(_ key: String) -> (values: [String], place: String)? {
        entries.first { $0.key == key }.map { ($0.values, $0.place) }
    }

    // MARK: Parsing

    private static func parse(
        _ text: String, path: String, keys: [String]
    ) throws(CommandFailure) -> [Entry] {
        let root: Node?
        do {
            root = try Yams.compose(yaml: text)
        } catch let error as YamlError {
            throw CommandFailure(.badData, describe(error, path: path))
        } catch {
            throw CommandFailure(.badData, "\(path): \(error)")
        }
        guard let root else { return [] }
        guard let mapping = root.mapping else {
            throw CommandFailure(
                .badData, "\(place(of: root, in: path)): settings are a mapping of names to values")
        }
        var entries: [Entry] = []
        for (name, value) in mapping {
            let key = name.string ?? ""
            guard keys.contains(key) else {
                throw CommandFailure(
                    .badData, "\(place(of: name, in: path)): unknown setting \"\(key)\"",
                    remedy: Suggestion.sentence(for: key, among: keys))
            }
            entries.append(
                Entry(
                    key: key, values: try values(of: value, path: path),
                    place: place(of: value, in: path)))
        }
        return entries
    }

    /// Yams writes a blank between the file and the place, which no editor jumps to.
    private static func describe(_ error: YamlError, path: String) -> String {
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _):
            "\(path):\(mark.line):\(mark.column): \(problem)"
        default:
            "\(path): \(error)"
        }
    }

    private static func values(of node: Node, path: String) throws(CommandFailure) -> [String] {
        if let scalar = node.scalar { return [scalar.string] }
        if let sequence = node.sequence {
            let scalars = sequence.compactMap { $0.scalar?.string }
            if scalars.count == sequence.count { return scalars }
        }
        throw CommandFailure(
            .badData, "\(place(of: node, in: path)): a value or a list of values was expected")
    }

    private static func place(of node: Node, in path: String) -> String {
        guard let mark = node.mark else { return path }
        return "\(path):\(mark.line):\(mark.column)"
    }
}
