import Foundation

/// What a file is to be: messages name it, and say how it begins.
struct FileKind {
    let name: String
    let example: String

    static let scenario = FileKind(name: "scenario", example: "scenario: NAME")
    static let faults = FileKind(
        name: "list of faults", example: "- {on: upstream.ack, do: drop}")

    // MARK: Reading

    func text(ofFile path: String) throws(ScenarioFileError) -> String {
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else {
            throw ScenarioFileError(path, "there is no such file", remedy: "look at the path")
        }
        guard !isDirectory.boolValue else {
            throw ScenarioFileError(
                path, "this is a directory", remedy: "name a file: \(path)/NAME.yaml")
        }
        // The size is asked first: what is too big is not even read.
        let size = (try? FileManager.default.attributesOfItem(atPath: path))?[.size] as? Int
        if let size, let error = tooBig(size, path) { throw error }
        guard let data = FileManager.default.contents(atPath: path) else {
            throw ScenarioFileError(
                path, "the file cannot be read", remedy: "look at its permissions")
        }
        guard let text = String(validating: data, as: UTF8.self) else {
            throw ScenarioFileError(path, "the file is no UTF-8", remedy: "write it as UTF-8")
        }
        return text
    }

    /// Nil: it is not.
    func tooBig(_ size: Int, _ path: String) -> ScenarioFileError? {
        guard size > ScenarioLimits.fileBytes else { return nil }
        return ScenarioFileError(
            path,
            "the file has \(size) bytes, and a \(name) at most \(ScenarioLimits.fileBytes)",
            remedy: "make several of it")
    }
}

extension ScenarioFileError {
    /// A fault of the whole file.
    fileprivate init(_ path: String, _ problem: String, remedy: String) {
        problems = [ScenarioProblem(path: path, place: nil, problem: problem, remedy: remedy)]
        more = 0
    }
}
