/// The tables of docs/scenarios.md, from the words that the readers know: a test holds the two
/// together.
package enum LanguageReference {
    /// A table with its title, as Markdown rows.
    package struct Table: Sendable {
        package let title: String
        package let rows: [String]
    }

    package static let tables: [Table] =
        Fields.all.map { Table(title: $0.title, rows: fields($0)) } + [
            Table(title: "reconnect", rows: fields(CastReader.reconnectFields)),
            Table(title: "ack", rows: fields(ValueReader.ackFields)),
            Table(title: "a step", rows: fields(StepWords.time)),
            Table(title: "until", rows: fields(StepWords.until)),
            Table(title: "what a device does", rows: verbs(StepWords.device)),
            Table(title: "what an app server does", rows: verbs(StepWords.appServer)),
            Table(title: "what the relay does", rows: verbs(StepWords.relay)),
            Table(title: "what the store does", rows: verbs(StepWords.store)),
            Table(title: "what befalls the world", rows: verbs(StepWords.world)),
            Table(title: "an expectation", rows: fields(SightWords.subjects)),
            Table(title: "how often and when", rows: fields(SightWords.modifiers)),
            Table(title: "times", rows: fields(SightWords.times)),
            Table(title: "a device is seen", rows: verbs(SightWords.device)),
            Table(title: "a device is told", rows: verbs(SightWords.deviceTold)),
            Table(title: "an app server is seen", rows: verbs(SightWords.appServer)),
            Table(title: "an app server is told", rows: verbs(SightWords.appServerTold)),
            Table(title: "the relay is seen", rows: verbs(SightWords.relay)),
            Table(title: "message", rows: fields(SightWords.outcome)),
        ]

    /// The table as it stands in the documentation.
    package static func markdown(_ table: Table) -> String {
        "| \(table.title) | | |\n|---|---|---|\n" + table.rows.joined(separator: "\n")
    }

    private static func fields(_ group: FieldGroup) -> [String] {
        group.fields.map { "| `\($0.name)` | \(cell($0.form)) | \(cell($0.meaning)) |" }
    }

    /// A verb's fields stand in rows of their own below it.
    private static func verbs(_ verbs: [Verb]) -> [String] {
        verbs.flatMap { verb in
            let short = verb.short.map(cell) ?? (verb.fields == nil ? "–" : "mapping")
            let fields = (verb.fields?.fields ?? []).filter { _ in verb.name != "told" }
            return ["| `\(verb.name)` | \(short) | \(cell(verb.meaning)) |"]
                + fields.map { "| – `\($0.name)` | \(cell($0.form)) | \(cell($0.meaning)) |" }
        }
    }

    private static func cell(_ text: String) -> String {
        text.replacing("|", with: "\\|")
    }
}
