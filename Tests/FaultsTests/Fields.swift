import Journal

/// An event as a table of fields.
struct Fields: Matchable {
    private let values: [MatchField: FieldValue]

    init(_ values: [MatchField: String]) {
        self.values = values.mapValues { .text($0) }
    }

    func value(of field: MatchField) -> FieldValue? { values[field] }
}
