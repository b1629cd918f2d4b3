import CloudMessaging
import Journal

/// The fields of one mapping: unknown ones are complained about at once, the others are asked for
/// by name. What cannot be read is complained about, and counts as absent.
struct FieldReader {
    let group: FieldGroup
    let place: SourcePlace
    let entries: [YAMLTree.Entry]
    let values: ValueReader

    /// Nil after a complaint: it is no mapping.
    init?(_ tree: YAMLTree, _ group: FieldGroup, _ values: ValueReader) {
        self.group = group
        self.values = values
        place = tree.place
        if tree.isNull {
            entries = []
            return
        }
        guard case .mapping(let entries) = tree.content else {
            values.complaints.add(
                "\(group.title) must be a mapping, not \(tree.shown)",
                remedy: "it knows \(group.names.joined(separator: ", "))", at: tree.place)
            return nil
        }
        self.entries = entries
        for entry in entries where !group.names.contains(entry.key) {
            values.complaints.add(
                "unknown key \"\(entry.key)\" in \(group.title)",
                remedy: Suggestion.sentence(for: entry.key, among: group.names),
                at: entry.keyPlace)
        }
    }

    func tree(_ name: String) -> YAMLTree? {
        precondition(group.names.contains(name), "\(name) is no field of \(group.title)")
        return entries.first { $0.key == name }?.value
    }

    func has(_ name: String) -> Bool { tree(name) != nil }

    /// Complains unless the field is there.
    func require(_ name: String, _ example: String) {
        guard !has(name) else { return }
        values.complaints.add(
            "\(group.title) lacks \(name)", remedy: "add \(example)", at: place)
    }

    /// Complains when fields stand together that exclude each other.
    func exclude(_ names: String...) {
        let given = entries.filter { names.contains($0.key) }
        guard given.count > 1 else { return }
        values.complaints.add(
            "\(given.map(\.key).joined(separator: " and ")) exclude each other in \(group.title)",
            remedy: "choose one", at: given[1].keyPlace)
    }

    // MARK: Values by name

    func text(_ name: String) -> String? { tree(name).flatMap { values.text($0, name) } }

    func duration(_ name: String) -> Duration? {
        tree(name).flatMap { values.duration($0, name) }
    }

    /// A duration between two things that come again and again: at 0 there would be no end.
    func interval(_ name: String) -> Duration? {
        guard let tree = tree(name), let duration = values.duration(tree, name) else { return nil }
        if duration < .milliseconds(1) {
            values.complain(
                "\(name) must be 1ms or longer, not \(tree.shown)", remedy: "write a longer one",
                at: tree)
        }
        return duration
    }

    func flag(_ name: String) -> Bool? { tree(name).flatMap { values.flag($0, name) } }

    func integer(_ name: String, in range: ClosedRange<Int>) -> Int? {
        tree(name).flatMap { values.integer($0, name, in: range) }
    }

    func number(_ name: String, in range: ClosedRange<Double>) -> Double? {
        tree(name).flatMap { values.number($0, name, in: range) }
    }

    func choice<Choice: RawRepresentable<String> & CaseIterable>(
        _ name: String, _ type: Choice.Type = Choice.self
    ) -> Choice? {
        tree(name).flatMap { values.choice($0, name) }
    }

    func match(_ name: String) -> Match? { tree(name).flatMap { values.match($0, name) } }

    /// A text with a form of its own.
    func name<Value>(_ name: String, _ form: String, _ parse: (String) -> Value?) -> Value? {
        tree(name).flatMap { values.name($0, name, form, parse) }
    }
}
