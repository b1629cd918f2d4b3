import CloudMessaging
import Journal

/// Reads what an app server does.
struct AppServerDeedReader {
    let values: ValueReader
    let cast: [CastMember]

    private var members: MemberReader { MemberReader(values: values, cast: cast) }

    /// Nil after a complaint.
    func deed(_ call: VerbCall) -> AppServerDeed? {
        switch call.verb.name {
        case "connects": .connects
        case "disconnects":
            .disconnects(
                on: call.fields?.connection("on"), how: call.fields?.choice("how") ?? .fin)
        case "sends": sends(call)
        case "acks": acks(call)
        case "writes": writes(call)
        case "changes": changes(call)
        case "stops-reading": .stopsReading
        case "reads-again": .readsAgain
        case "crashes": .crashes
        case "restarts": .restarts
        default: preconditionFailure("an app server's verb without a reader: \(call.verb.name)")
        }
    }

    private func changes(_ call: VerbCall) -> AppServerDeed? {
        guard let fields = call.fields else { return nil }
        fields.require("ack", "ack: at-once")
        return fields.tree("ack").flatMap { values.ackHabit($0) }.map { .changes($0) }
    }

    // MARK: Downstream

    private func sends(_ call: VerbCall) -> AppServerDeed? {
        let ids = call.ids("d-1")
        guard let fields = call.fields, let target = target(fields), !ids.isEmpty
        else { return nil }
        var plan = DownstreamPlan(target: target, ids: ids)
        plan.every = fields.duration("every")
        plan.data = fields.data("data")
        plan.timeToLive = fields.duration("ttl")
        plan.collapseKey = fields.text("collapse-key")
        plan.priority = fields.choice("priority")
        plan.wantsReceipt = fields.flag("receipt") ?? false
        plan.isDryRun = fields.flag("dry-run") ?? false
        plan.connection = fields.connection("on", allowsAll: false)
        return .sends(plan)
    }

    private func target(_ fields: FieldReader) -> DownstreamTarget? {
        fields.exclude("to", "topic", "condition", "token")
        if let tree = fields.tree("to") {
            return members.member(tree, "to", [.device]).map { .device($0.name) }
        }
        if fields.has("topic") {
            return fields.name("topic", "/topics/NAME") { TopicName(address: $0) ?? TopicName($0) }
                .map { .topic($0) }
        }
        if fields.has("condition") { return fields.text("condition").map { .condition($0) } }
        if fields.has("token") { return fields.text("token").map { .token($0) } }
        fields.require("to", "to: a device of the cast")
        return nil
    }

    // MARK: ACKs and raw frames

    private func acks(_ call: VerbCall) -> AppServerDeed? {
        guard let tree = call.value("id"), let id = values.text(tree, "id") else { return nil }
        var plan = AckPlan(id: id)
        if let fields = call.fields {
            plan.from = fields.tree("from").flatMap { members.member($0, "from", [.device]) }?.name
            plan.connection = fields.connection("on", allowsAll: false)
            plan.type = fields.text("type") ?? plan.type
            plan.times = fields.integer("times", in: 1...1_000) ?? 1
        }
        return .acks(plan)
    }

    private func writes(_ call: VerbCall) -> AppServerDeed? {
        guard let fields = call.fields else { return nil }
        fields.exclude("json", "xml")
        let connection = fields.connection("on", allowsAll: false)
        if let text = raw(fields, "json") { return .writes(.json(text), on: connection) }
        if let text = raw(fields, "xml") { return .writes(.xml(text), on: connection) }
        if !fields.has("json"), !fields.has("xml") {
            fields.require("json", "json: '{\"message_type\":\"ack\"}'")
        }
        return nil
    }

    private func raw(_ fields: FieldReader, _ name: String) -> RawText? {
        guard let tree = fields.tree(name), let text = values.text(tree, name) else { return nil }
        var pieces: [RawText.Piece] = []
        var rest = text[...]
        while let opening = rest.firstRange(of: "{{"),
            let closing = rest[opening.upperBound...].firstRange(of: "}}")
        {
            let device = String(rest[opening.upperBound..<closing.lowerBound])
            let place = YAMLTree(place: tree.place, content: .scalar(device, .doubleQuoted))
            guard let member = members.member(place, "{{\(device)}}", [.device])
            else { return nil }
            if opening.lowerBound > rest.startIndex {
                pieces.append(.text(String(rest[..<opening.lowerBound])))
            }
            pieces.append(.token(of: member.name))
            rest = rest[closing.upperBound...]
        }
        if !rest.isEmpty { pieces.append(.text(String(rest))) }
        return RawText(pieces)
    }
}
