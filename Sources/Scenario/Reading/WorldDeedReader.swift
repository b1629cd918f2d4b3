import CloudMessaging
import Faults
import Journal

/// Reads what befalls connections, the network and clocks.
struct WorldDeedReader {
    let values: ValueReader
    let cast: [CastMember]
    /// Names of faults that began before.
    let faults: [String]

    private var members: MemberReader { MemberReader(values: values, cast: cast) }

    /// Nil after a complaint.
    func deed(_ call: VerbCall) -> Deed? {
        switch call.verb.name {
        case "cut":
            partner(call).map { member in
                .network(
                    .cut(
                        member.name, on: connection(call, of: member),
                        how: call.fields?.choice("how") ?? .reset))
            }
        case "hold": direction(call).map { .network(.hold($0)) }
        case "release": direction(call).map { .network(.release($0)) }
        case "partition": partner(call).map { .network(.partition($0.name)) }
        case "repair": partner(call).map { .network(.repair($0.name)) }
        case "fault": fault(call).map { .fault($0) }
        case "mend": mend(call)
        case "clock": clock(call)
        default: preconditionFailure("a verb without a reader: \(call.verb.name)")
        }
    }

    private func partner(_ call: VerbCall) -> CastMember? {
        call.value("between").flatMap { members.partner($0, "between") }
    }

    private func connection(_ call: VerbCall, of member: CastMember) -> ConnectionChoice? {
        guard let fields = call.fields, let tree = fields.tree("on") else { return nil }
        guard member.role.kind != .device else {
            values.complain("on: a device has one connection", remedy: "leave it out", at: tree)
            return nil
        }
        return fields.connection("on")
    }

    private func direction(_ call: VerbCall) -> NetworkDeed.Direction? {
        guard let from = call.value("from"), let to = call.value("to") else { return nil }
        switch (from.content, to.content) {
        case (.scalar("relay", _), .scalar("relay", _)):
            values.complain(
                "from and to are both the relay", remedy: "one of them is of the cast", at: to)
            return nil
        case (.scalar("relay", _), _):
            return members.member(to, "to").map { .fromRelay(to: $0.name) }
        case (_, .scalar("relay", _)):
            return members.member(from, "from").map { .toRelay(from: $0.name) }
        default:
            values.complain(
                "one of from and to must be the relay", remedy: "everybody speaks with it alone",
                at: from)
            return nil
        }
    }

    private func mend(_ call: VerbCall) -> Deed? {
        guard let tree = call.value("fault"), let name = values.text(tree, "fault")
        else { return nil }
        guard faults.contains(name) else {
            values.complain(
                "no fault before has the name \"\(name)\"",
                remedy: faults.isEmpty
                    ? "give one: fault: {name: \(name), …}"
                    : Suggestion.sentence(for: name, among: faults), at: tree)
            return nil
        }
        return .mend(name)
    }

    private func clock(_ call: VerbCall) -> Deed? {
        guard let of = call.value("of"), let by = call.value("by"),
            let jump = values.signedDuration(by, "by")
        else { return nil }
        if case .scalar("relay", _) = of.content { return .clock(of: .relay, by: jump) }
        return members.member(of, "of", [.device, .appServer]).map {
            .clock(of: $0.name, by: jump)
        }
    }

    // MARK: Faults

    private func fault(_ call: VerbCall) -> FaultPlan? {
        guard let fields = call.fields else { return nil }
        let name = fields.text("name")
        if let name, faults.contains(name) {
            values.complaints.add(
                "a fault before has the name \"\(name)\" already", remedy: "give another",
                at: fields.tree("name")?.place)
        }
        guard let rule = FaultReader(values: values).rule(fields, at: call.place) else {
            return nil
        }
        return FaultPlan(name: name, rule: rule)
    }
}
