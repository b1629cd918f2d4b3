import CloudMessaging
import Journal

/// Reads what a message must have come to: `relay: {message: m-1, state: settled}`.
struct OutcomeReader {
    let values: ValueReader
    let cast: [CastMember]

    func outcome(
        _ tree: YAMLTree, beside: [YAMLTree.Entry], at place: SourcePlace
    ) -> Expectation? {
        for other in beside where other.key != "relay" {
            values.complaints.add(
                "\(other.key) cannot stand beside what a message came to",
                remedy: "leave it out", at: other.keyPlace)
        }
        guard let fields = FieldReader(tree, SightWords.outcome, values),
            let id = fields.name("message", "a message ID", MessageID.init)
        else { return nil }
        fields.exclude("from", "to")
        let members = MemberReader(values: values, cast: cast)
        var outcome = MessageOutcome(id: id)
        for name in ["from", "to"] {
            guard let tree = fields.tree(name) else { continue }
            outcome.device = members.member(tree, name, [.device])?.name
        }
        outcome.state = fields.choice("state")
        outcome.attempts = fields.tree("attempts").flatMap { values.tally($0, "attempts") }
        if !fields.has("state"), !fields.has("attempts") {
            fields.require("state", "state: settled")
        }
        return Expectation(.outcome(outcome), at: place)
    }
}
