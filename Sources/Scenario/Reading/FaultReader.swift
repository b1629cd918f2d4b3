import Faults

/// Reads a fault, in a step or in a list of its own.
struct FaultReader {
    let values: ValueReader

    /// The members of a fault, as docs/faults.md has them.
    static let members = [
        Field("on", "see faults.md", "where it bites"),
        Field("match", "MATCH", "what it bites; all"),
        Field("do", "see faults.md", "what it does"),
        Field("code", "TEXT", "of `nack`"),
        Field("delay", "DURATION", "of `delay`"),
        Field("times", "N", "bites so often"),
        Field("probability", "0 to 1", "bites by chance"),
    ]

    /// Nil after a complaint.
    ///
    /// - Parameters:
    ///   - fields: may hold others besides a fault's.
    ///   - place: of the whole fault.
    func rule(_ fields: FieldReader, at place: SourcePlace) -> FaultRule? {
        var draft = FaultDraft()
        var isGood = true
        for entry in fields.entries where Self.members.contains(where: { $0.name == entry.key }) {
            if entry.key == FaultMember.match.rawValue,
                values.match(entry.value, "match") == nil
            {
                isGood = false
                continue
            }
            do {
                try draft.set(entry.key, Self.value(entry.value))
            } catch {
                complain(of: error, at: entry.value.place)
                isGood = false
            }
        }
        let areKnown = fields.entries.allSatisfy { fields.group.names.contains($0.key) }
        guard isGood, areKnown else { return nil }
        do {
            return try draft.rule()
        } catch {
            complain(of: error, at: place)
            return nil
        }
    }

    private func complain(of error: FaultRuleError, at place: SourcePlace) {
        values.complaints.add(
            error.problem, remedy: error.remedy ?? "docs/faults.md says what a fault can have",
            at: place)
    }

    private static func value(_ tree: YAMLTree) -> FaultMember.Value {
        switch tree.content {
        case .scalar(let text, .plain) where Double(text) != nil: .number(text)
        case .scalar(let text, _) where !tree.isNull: .text(text)
        case .scalar, .list, .mapping: .other(tree.shown)
        }
    }
}
