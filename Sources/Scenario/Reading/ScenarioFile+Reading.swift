import CloudMessaging
import Foundation
import Journal

extension ScenarioFile {
    /// Reads the file at a path.
    package static func load(path: String) throws(ScenarioFileError) -> ScenarioFile {
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else {
            throw ScenarioFileError(path, "there is no such file", remedy: "look at the path")
        }
        guard !isDirectory.boolValue else {
            throw ScenarioFileError(
                path, "this is a directory", remedy: "name the files: \(path)/*.yaml")
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
        return try read(text, path: path)
    }

    /// Reads a file's text: YAML, or JSON, which is YAML as well.
    ///
    /// - Parameter path: how messages call the file.
    package static func read(_ text: String, path: String) throws(ScenarioFileError)
        -> ScenarioFile
    {
        let complaints = Complaints(path: path)
        if let error = tooBig(text.utf8.count, path) { throw error }
        let file = read(text, complaints)
        if let error = complaints.error { throw error }
        guard let file else { preconditionFailure("a file that is not read has a problem") }
        return file
    }

    private static func read(_ text: String, _ complaints: Complaints) -> ScenarioFile? {
        guard let tree = YAMLTree.read(text, complaints), complaints.problems.isEmpty
        else { return nil }
        let lines = text.split(omittingEmptySubsequences: false) { $0.isNewline }
        let values = ValueReader(complaints: complaints, lines: lines)
        guard let fields = FieldReader(tree, Fields.file, values) else { return nil }
        return ScenarioReader(fields: fields, values: values).file()
    }

    private static func tooBig(_ size: Int, _ path: String) -> ScenarioFileError? {
        guard size > ScenarioLimits.fileBytes else { return nil }
        return ScenarioFileError(
            path,
            "the file has \(size) bytes, and a scenario at most "
                + "\(ScenarioLimits.fileBytes)", remedy: "make several of it")
    }
}

extension ScenarioFileError {
    /// A fault of the whole file.
    fileprivate init(_ path: String, _ problem: String, remedy: String) {
        problems = [ScenarioProblem(path: path, place: nil, problem: problem, remedy: remedy)]
        more = 0
    }
}
