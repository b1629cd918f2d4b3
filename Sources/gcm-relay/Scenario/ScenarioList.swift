import ArgumentParser
import CloudMessaging
import Command
import Foundation
import Scenario

/// `gcm-relay scenario list`
struct ScenarioList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Lists the scenario files of a directory: what they show, and who reported it.",
        discussion: """
            Files that end in .yaml, .yml or .json count. Ends with 65 where one is wrong; the \
            others are listed all the same.
            """)

    @Argument(help: "The directory.")
    var directory = "Fixtures/scenarios"

    @Flag(help: "One JSON object a line.")
    var json = false

    func run() async throws {
        try await Program.run {
            var output = StandardOutput()
            var errors: [ScenarioFileError] = []
            for path in try paths() {
                do throws(ScenarioFileError) {
                    let listed = ListedScenario(
                        path: path, file: try ScenarioFile.load(path: path))
                    output.append(json ? listed.json : Array(listed.text.utf8))
                } catch {
                    errors.append(error)
                }
            }
            output.flush()
            guard errors.isEmpty else { throw CommandFailure(errors) }
            return .done
        }
    }

    /// In the order of their names.
    private func paths() throws(CommandFailure) -> [String] {
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: directory)
        } catch {
            throw CommandFailure(
                .badData, "\(directory): the directory cannot be read",
                remedy: "name one that holds scenario files: gcm-relay scenario list DIR")
        }
        let endings = [".yaml", ".yml", ".json"]
        return names.filter { name in endings.contains { name.hasSuffix($0) } }
            .sorted { Array($0.utf8).lexicographicallyPrecedes(Array($1.utf8)) }
            .map { directory.hasSuffix("/") ? directory + $0 : "\(directory)/\($0)" }
    }
}

/// A scenario file as `scenario list` prints it.
private struct ListedScenario {
    let path: String
    let file: ScenarioFile

    private var drivers: [ScenarioRun.Driver] {
        if file.needsLiveDriver { return [.live] }
        return file.virtualOnly == nil ? [.virtual, .live] : [.virtual]
    }

    /// The path and the name, then what there is to say, on lines of their own.
    var text: String {
        var lines = ["\(path): \(file.name)"]
        if let about = file.about { lines.append("    \(about.joinedLines)") }
        var notes: [String] = []
        if !file.reportedIn.isEmpty {
            notes.append("reported in \(file.reportedIn.joined(separator: ", "))")
        }
        if let reason = file.virtualOnly {
            notes.append("virtual only: \(reason)")
        } else {
            notes.append(drivers.map(\.rawValue).joined(separator: " or "))
        }
        lines.append("    \(notes.joined(separator: "; "))")
        return lines.map(\.onTerminal).joined(separator: "\n") + "\n"
    }

    var json: [UInt8] {
        var object = JSONObjectWriter()
        object.add("file", path)
        object.add("scenario", file.name)
        if let about = file.about { object.add("about", about) }
        object.add("reported_in", json: Self.array(file.reportedIn))
        object.add("drivers", json: Self.array(drivers.map(\.rawValue)))
        if let reason = file.virtualOnly { object.add("virtual_only", reason) }
        object.add("seed", file.seed)
        object.end()
        return object.bytes + [UInt8(ascii: "\n")]
    }

    private static func array(_ texts: [String]) -> [UInt8] {
        let members = texts.map { text in
            var bytes: [UInt8] = []
            JSONStrings.append(text, to: &bytes)
            return bytes
        }
        return [UInt8(ascii: "[")] + members.joined(separator: [UInt8(ascii: ",")])
            + [UInt8(ascii: "]")]
    }
}
