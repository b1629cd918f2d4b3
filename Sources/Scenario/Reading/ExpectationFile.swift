import Journal

/// What a running relay's journal must show: the `cast` and `expect` of a scenario file, whatever
/// else it says.
package struct ExpectationFile: Sendable {
    /// Nil: a file of expectations alone has none.
    package let name: String?
    package let cast: [CastMember]
    /// Never empty.
    package let expectations: [Expectation]

    /// Reads the file at a path.
    package static func load(path: String) throws(ScenarioFileError) -> ExpectationFile {
        try read(try FileKind.scenario.text(ofFile: path), path: path)
    }

    /// Reads YAML, or JSON, which is YAML as well.
    ///
    /// - Parameter path: how messages call the file.
    package static func read(
        _ text: String, path: String
    ) throws(ScenarioFileError) -> ExpectationFile {
        let complaints = Complaints(path: path, .scenario)
        let file = read(text, complaints)
        if let error = complaints.error { throw error }
        guard let file else { preconditionFailure("a file that is not read has a problem") }
        return file
    }

    private static func read(_ text: String, _ complaints: Complaints) -> ExpectationFile? {
        guard text.utf8.count <= ScenarioLimits.fileBytes else {
            complaints.add(
                "the file has more than \(ScenarioLimits.fileBytes) bytes",
                remedy: "make several of it", at: nil)
            return nil
        }
        guard let tree = YAMLTree.read(text, complaints), complaints.problems.isEmpty
        else { return nil }
        let values = ValueReader(complaints, text)
        guard let fields = FieldReader(tree, Fields.file, values) else { return nil }
        fields.require("expect", "expect: [{relay: {message: m-1, state: settled}}]")
        let cast = fields.tree("cast").map { CastReader(values: values).cast($0) } ?? []
        let reader = ExpectationReader(values: values, cast: cast, vantage: .relay)
        let expectations = fields.tree("expect").map { reader.expectations($0) } ?? []
        if expectations.isEmpty, complaints.problems.isEmpty {
            complaints.add(
                "expect is empty", remedy: "say what must come, or there is nothing to verify",
                at: fields.tree("expect")?.place)
        }
        return ExpectationFile(
            name: fields.text("scenario"), cast: cast, expectations: expectations)
    }

    /// What a relay's own journal says of the expectations, in their order.
    package func verdicts(on evidence: Evidence) -> [Verdict] {
        let judge = Judge(cast: cast, evidence: evidence)
        return expectations.map { judge.verdict(on: $0) }
    }

    /// A scenario that nobody plays, for reports on what came of the expectations.
    package var scenario: ScenarioFile {
        var file = ScenarioFile(name: name ?? "the relay's journal")
        file.cast = cast
        file.expectations = expectations
        return file
    }
}

extension Verdict {
    /// What explains it, line by line.
    package func details(on evidence: Evidence) -> [String] {
        VerdictText(verdict: self, start: evidence.start).lines
    }
}
