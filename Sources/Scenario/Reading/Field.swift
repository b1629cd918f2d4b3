/// A key that may stand in a mapping of the language; docs/scenarios.md has a row for each.
struct Field: Sendable {
    let name: String
    /// What the value looks like.
    let form: String
    let meaning: String

    init(_ name: String, _ form: String, _ meaning: String) {
        self.name = name
        self.form = form
        self.meaning = meaning
    }
}

/// A mapping of the language with its keys.
struct FieldGroup: Sendable {
    /// How messages and the documentation call it.
    let title: String
    let fields: [Field]

    var names: [String] { fields.map(\.name) }
}
