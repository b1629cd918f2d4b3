import CloudMessaging
package import Faults

/// A file with a list of faults (docs/faults.md).
package enum FaultFile {
    /// Reads the file at a path: the faults in their order.
    package static func load(path: String) throws(ScenarioFileError) -> [FaultRule] {
        try read(FileKind.faults.text(ofFile: path), path: path)
    }

    /// Reads a file's text: YAML, or JSON, which is YAML as well.
    ///
    /// - Parameter path: how messages call the file.
    package static func read(_ text: String, path: String) throws(ScenarioFileError)
        -> [FaultRule]
    {
        let complaints = Complaints(path: path, .faults)
        if let error = FileKind.faults.tooBig(text.utf8.count, path) { throw error }
        let rules = rules(text, complaints)
        if let error = complaints.error { throw error }
        return rules
    }

    /// Those that are good.
    private static func rules(_ text: String, _ complaints: Complaints) -> [FaultRule] {
        guard let tree = YAMLTree.read(text, complaints), complaints.problems.isEmpty
        else { return [] }
        guard case .list(let faults) = tree.content else {
            complaints.add(
                "the file must be a list of faults, not \(tree.shown)",
                remedy: "begin each fault with \"- \"", at: tree.place)
            return []
        }
        if faults.count > Limits.faultRules {
            complaints.add(
                "a relay has at most \(Limits.faultRules) faults",
                remedy: "leave this one out, and those after it",
                at: faults[Limits.faultRules].place)
        }
        let group = FieldGroup(title: "a fault", fields: FaultReader.members)
        let values = ValueReader(complaints, text)
        return faults.prefix(Limits.faultRules).compactMap { fault in
            FieldReader(fault, group, values).flatMap {
                FaultReader(values: values).rule($0, at: fault.place)
            }
        }
    }
}
