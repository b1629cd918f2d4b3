import CloudMessaging
import Journal

/// Finds those of the cast whom a field names.
struct MemberReader {
    let values: ValueReader
    let cast: [CastMember]

    /// Nil after a complaint: nobody has the name, or one of another role.
    func member(
        _ tree: YAMLTree, _ field: String, _ kinds: [CastMember.Kind] = CastMember.Kind.allCases
    ) -> CastMember? {
        guard let name = values.text(tree, field) else { return nil }
        guard let member = cast.first(where: { $0.name.text == name }) else {
            let candidates = cast.filter { kinds.contains($0.role.kind) }.map(\.name.text)
            values.complain(
                "\(field): \"\(name)\" is not in the cast",
                remedy: Suggestion.sentence(for: name, among: candidates), at: tree)
            return nil
        }
        guard kinds.contains(member.role.kind) else {
            values.complain(
                "\(field): \(name) is \(member.role.kind.title)",
                remedy: "name \(kinds.map(\.title).joined(separator: " or "))", at: tree)
            return nil
        }
        return member
    }

    /// The other one of `[relay, NAME]`.
    func partner(_ tree: YAMLTree, _ field: String) -> CastMember? {
        let pair = values.list(tree)
        let others = pair.filter { part in
            if case .scalar("relay", _) = part.content { false } else { true }
        }
        guard pair.count == 2, others.count == 1 else {
            values.complain(
                "\(field) must name the relay and one of the cast, not "
                    + pair.map(\.shown).joined(separator: " and "),
                remedy: "write [relay, \(cast.first?.name.text ?? "shop")]", at: tree)
            return nil
        }
        return member(others[0], field)
    }
}
