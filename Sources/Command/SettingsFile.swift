import CloudMessaging
import Foundation
import Yams

/// A file of settings (`--config FILE`): one YAML mapping, its keys the long flags of the command
/// without their dashes. A list of `NAME=VALUE` may be written as a mapping, too.
package struct SettingsFile: Sendable {
    private let entries: [Entry]

    private struct Entry: Sendable {
        let key: String
        let values: [SettingText]
    }

    /// Reads a file in which only these keys may stand.
    package init(path: String, keys: [String]) throws(CommandFailure) {
        entries = try Self.parse(try Self.text(path), path: path, keys: keys)
    }

    private static func text(_ path: String) throws(CommandFailure) -> String {
        guard let data = FileManager.default.contents(atPath: path) else {
            let reason =
                access(path, R_OK) == 0 ? "It is no file" : String(cString: strerror(errno))
            throw CommandFailure(
                .badData, "the settings file \(path) cannot be read: \(reason)")
        }
        guard let text = String(data: data, encoding: .utf8) else {
            throw CommandFailure(.badData, "the settings file \(path) is not UTF-8")
        }
        return text
    }

    /// The values of a key, one unless it is a list; none: the key is not there.
    package func values(_ key: String) -> [SettingText] {
        entries.first { $0.key == key }?.values ?? []
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
            entries.append(Entry(key: key, values: try values(of: value, path: path)))
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

    private static func values(
        of node: Node, path: String
    ) throws(CommandFailure) -> [SettingText] {
        if let scalar = node.scalar {
            return [SettingText(scalar.string, .file(place(of: node, in: path)))]
        }
        if let sequence = node.sequence {
            let texts = sequence.compactMap { member in
                member.scalar.map {
                    SettingText($0.string, .file(place(of: member, in: path)))
                }
            }
            if texts.count == sequence.count { return texts }
        }
        if let mapping = node.mapping {
            let texts = mapping.compactMap { name, value in
                value.scalar.map {
                    SettingText(
                        "\(name.string ?? "")=\($0.string)", .file(place(of: name, in: path)))
                }
            }
            if texts.count == mapping.count { return texts }
        }
        throw CommandFailure(
            .badData, "\(place(of: node, in: path)): a value or a list of values was expected")
    }

    private static func place(of node: Node, in path: String) -> String {
        guard let mark = node.mark else { return path }
        return "\(path):\(mark.line):\(mark.column)"
    }
}
