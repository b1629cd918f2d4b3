extension ScenarioFile {
    /// Reads the file at a path.
    package static func load(path: String) throws(ScenarioFileError) -> ScenarioFile {
        let text = try FileKind.scenario.text(ofFile: path)
        return try read(text, path: path)
    }

    /// Reads a file's text: YAML, or JSON, which is YAML as well.
    ///
    /// - Parameter path: how messages call the file.
    package static func read(_ text: String, path: String) throws(ScenarioFileError)
        -> ScenarioFile
    {
        let complaints = Complaints(path: path, .scenario)
        if let error = FileKind.scenario.tooBig(text.utf8.count, path) { throw error }
        let file = read(text, complaints)
        if let error = complaints.error { throw error }
        guard var file else { preconditionFailure("a file that is not read has a problem") }
        file.source = text
        return file
    }

    private static func read(_ text: String, _ complaints: Complaints) -> ScenarioFile? {
        guard let tree = YAMLTree.read(text, complaints), complaints.problems.isEmpty
        else { return nil }
        let values = ValueReader(complaints, text)
        guard let fields = FieldReader(tree, Fields.file, values) else { return nil }
        return ScenarioReader(fields: fields, values: values).file()
    }
}
