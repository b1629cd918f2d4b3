import CloudMessaging
import Journal

/// Reads what narrows a sighting.
struct TraitsReader {
    let values: ValueReader
    let cast: [CastMember]

    func device(_ call: VerbCall) -> DeviceSight? {
        switch call.verb.name {
        case "receives": traits(call).map { .receives($0) }
        case "sends": traits(call).map { .sends($0) }
        case "told": told(call, SightWords.deviceTold).flatMap(deviceTold)
        case "connects": .connects
        case "disconnects": .disconnects
        default: preconditionFailure("a sight without a reader: \(call.verb.name)")
        }
    }

    func appServer(_ call: VerbCall) -> AppServerSight? {
        switch call.verb.name {
        case "receives": traits(call).map { .receives($0) }
        case "sends": traits(call).map { .sends($0) }
        case "acks": traits(call).map { .acks($0) }
        case "told": told(call, SightWords.appServerTold).flatMap(appServerTold)
        case "connects": .connects
        case "disconnects": .disconnects
        case "refused": .refused
        default: preconditionFailure("a sight without a reader: \(call.verb.name)")
        }
    }

    func relay(_ call: VerbCall) -> RelaySight? {
        guard let traits = traits(call) else { return nil }
        return switch call.verb.name {
        case "sends": .sends(traits)
        case "settles": .settles(traits)
        case "queues": .queues(traits)
        case "holds": .holds(traits)
        case "expires": .expires(traits)
        case "discards": .discards(traits)
        case "refuses": .refuses(traits)
        case "delivers": .delivers(traits)
        default: preconditionFailure("a sight without a reader: \(call.verb.name)")
        }
    }

    // MARK: Told

    /// The one thing that somebody is told.
    private func told(_ call: VerbCall, _ verbs: [Verb]) -> VerbCall? {
        guard let entries = call.fields?.entries else { return nil }
        let known = entries.filter { entry in verbs.contains { $0.name == entry.key } }
        guard let entry = known.first, known.count == 1,
            let verb = verbs.first(where: { $0.name == entry.key })
        else {
            // What is unknown was complained about before.
            if known.count != 1, entries.count == known.count {
                values.complaints.add(
                    "told needs one of \(verbs.map(\.name).joined(separator: ", "))",
                    remedy: "write told: {\(verbs[0].name): m-1}", at: call.place)
            }
            return nil
        }
        return VerbCall(verb, entry.value, at: entry.keyPlace, values)
    }

    private func deviceTold(_ call: VerbCall) -> DeviceSight? {
        switch call.verb.name {
        case "sent": return traits(call).map { .toldSent($0) }
        case "error": return traits(call).map { .toldError($0) }
        default:
            guard let tree = call.single else { return .toldDeleted(nil) }
            if case .scalar("any", _) = tree.content { return .toldDeleted(nil) }
            return values.integer(tree, "deleted", in: 0...1_000_000).map { .toldDeleted($0) }
        }
    }

    private func appServerTold(_ call: VerbCall) -> AppServerSight? {
        switch call.verb.name {
        case "ack": return traits(call).map { .toldAck($0) }
        case "nack": return traits(call).map { .toldNack($0) }
        case "rejected": return traits(call).map { .toldRejected($0) }
        case "draining": return .toldDraining
        default:
            var traits = MessageTraits()
            let code = call.single ?? call.fields?.tree("code")
            traits.error = code.flatMap { values.text($0, "code") }
            if traits.error == "any" { traits.error = nil }
            return .toldError(traits)
        }
    }

    // MARK: Traits

    /// `any` stands for every message.
    private func traits(_ call: VerbCall) -> MessageTraits? {
        var traits = MessageTraits()
        if let single = call.single {
            if case .scalar("any", .plain) = single.content { return traits }
            guard let id = id(single) else { return nil }
            traits.id = id
            return traits
        }
        guard let fields = call.fields else { return traits }
        let known = fields.group.names
        if let tree = fields.tree("id") {
            guard let id = id(tree) else { return nil }
            traits.id = id
        }
        for name in ["from", "to"] where known.contains(name) {
            guard let tree = fields.tree(name) else { continue }
            traits.device =
                MemberReader(values: values, cast: cast).member(tree, name, [.device])?.name
        }
        if known.contains("category") {
            traits.category = fields.name("category", "the app's package", Category.init)
        }
        if known.contains("data") { traits.data = fields.data("data") }
        if known.contains("attempt") {
            traits.attempt = fields.integer("attempt", in: 1...1_000_000)
        }
        if known.contains("on") { traits.connection = fields.integer("on", in: 1...1_000_000) }
        if known.contains("code") { traits.error = fields.text("code") }
        return traits
    }

    private func id(_ tree: YAMLTree) -> MessageID? {
        values.name(tree, "id", "1 to 256 bytes", MessageID.init)
    }
}
