import CloudMessaging
import Journal

/// Reads who plays.
struct CastReader {
    let values: ValueReader

    /// As `gcm-device` and `gcm-appserver` have them without flags.
    static let defaultSender = "555000111222"
    static let defaultApp = "com.example.demo"

    func cast(_ tree: YAMLTree) -> [CastMember] {
        guard let entries = values.mapping(tree, "cast") else { return [] }
        guard entries.count <= ScenarioLimits.cast else {
            values.complain(
                "a cast has at most \(ScenarioLimits.cast) members, not \(entries.count)",
                remedy: "one member can have several connections", at: tree)
            return []
        }
        var senders: [SenderID] = []
        for entry in entries {
            guard let sender = senderID(ofAppServer: entry.value), !senders.contains(sender)
            else { continue }
            senders.append(sender)
        }
        let cast = entries.compactMap { member($0, senders: senders) }
        checkGuests(cast.filter { $0.role.kind == .external })
        return cast
    }

    /// App servers under test are known by what they log in as.
    private func checkGuests(_ guests: [CastMember]) {
        for (index, guest) in guests.enumerated() {
            guard let twin = guests[..<index].first(where: { $0.role.sender == guest.role.sender })
            else { continue }
            values.complaints.add(
                "\(twin.name) and \(guest.name) are app servers under test with one sender ID",
                remedy: "make one of them: it may have several connections", at: guest.place)
        }
    }

    // MARK: Names

    /// The words that the journal or the language uses itself.
    static let reserved = [
        "store", "network", "scenario", "app-server", "device",
    ]

    private func checkName(_ entry: YAMLTree.Entry) {
        let bytes = entry.key.utf8
        let isPlain = bytes.allSatisfy { byte in
            (97...122).contains(byte) || (65...90).contains(byte) || (48...57).contains(byte)
                || byte == 45 || byte == 95
        }
        guard isPlain, (1...ScenarioLimits.nameBytes).contains(bytes.count),
            bytes.first.map({ (97...122).contains($0 | 0x20) }) == true
        else {
            values.complaints.add(
                "\"\(entry.key)\" is no name for a member of the cast",
                remedy: "write a letter, then letters, digits, - and _", at: entry.keyPlace)
            return
        }
        if entry.key == "relay" {
            values.complaints.add(
                "\"relay\" is a word of the language: there is one relay, and nobody need name it",
                remedy: "leave it out, or give the member another name", at: entry.keyPlace)
        } else if Self.reserved.contains(entry.key) || StepWords.all.contains(entry.key) {
            values.complaints.add(
                "\"\(entry.key)\" is a word of the language: steps could not tell whom it means",
                remedy: "give the member another name", at: entry.keyPlace)
        }
    }

    // MARK: Members

    private func member(_ entry: YAMLTree.Entry, senders: [SenderID]) -> CastMember? {
        checkName(entry)
        guard let kind = kind(of: entry) else { return nil }
        let role: CastMember.Role?
        var network = LinkPlan()
        switch kind {
        case .device:
            guard let fields = FieldReader(entry.value, Fields.device, values) else { return nil }
            role = device(fields, senders: senders).map { .device($0) }
            network = self.network(fields)
        case .appServer:
            guard let fields = FieldReader(entry.value, Fields.appServer, values)
            else { return nil }
            role = appServer(fields).map { .appServer($0) }
            network = self.network(fields)
        case .external:
            guard let fields = FieldReader(entry.value, Fields.external, values)
            else { return nil }
            role = sender(fields).map { sender in
                var plan = ExternalPlan(sender: sender)
                plan.apiKey = fields.text("api-key") ?? plan.apiKey
                return .external(plan)
            }
        }
        return role.map {
            CastMember(
                name: Participant(entry.key), role: $0, network: network, place: entry.keyPlace)
        }
    }

    private func kind(of entry: YAMLTree.Entry) -> CastMember.Kind? {
        guard case .mapping(let fields) = entry.value.content else {
            values.complain(
                "\(entry.key) must be a mapping, not \(entry.value.shown)",
                remedy: "write {role: device} or {role: app-server}", at: entry.value)
            return nil
        }
        guard let role = fields.first(where: { $0.key == "role" })?.value else {
            values.complain(
                "\(entry.key) has no role", remedy: "it is a device, an app-server or external",
                at: entry.value)
            return nil
        }
        return values.choice(role, "role")
    }

    private func device(_ fields: FieldReader, senders: [SenderID]) -> DevicePlan? {
        let app = fields.has("app") ? category(fields) : Category(Self.defaultApp)
        var known = senders
        if let tree = fields.tree("sender-id") {
            known = values.list(tree).compactMap {
                values.name($0, "sender-id", Self.senderForm, SenderID.init)
            }
        } else if known.isEmpty {
            known = [SenderID(Self.defaultSender)].compactMap(\.self)
        }
        guard let app else { return nil }
        var plan = DevicePlan(app: app, senders: known)
        plan.client = fields.choice("client") ?? plan.client
        plan.whenFull = fields.choice("when-full") ?? plan.whenFull
        if let tree = fields.tree("pending-limit") {
            if case .scalar("none", _) = tree.content {
                plan.pendingLimit = .none
            } else if let count = values.integer(tree, "pending-limit", in: 1...1_000_000) {
                plan.pendingLimit = .count(count)
            }
        }
        plan.quirks =
            fields.tree("quirks").map { values.quirks($0, among: QuirkNames.device) } ?? []
        return plan
    }

    private func category(_ fields: FieldReader) -> Category? {
        fields.name("app", "the app's package, such as com.example.courier", Category.init)
    }

    private func appServer(_ fields: FieldReader) -> AppServerPlan? {
        guard let sender = sender(fields) else { return nil }
        var plan = AppServerPlan(sender: sender)
        plan.apiKey = fields.text("api-key") ?? plan.apiKey
        plan.ack = fields.tree("ack").flatMap { values.ackHabit($0) } ?? plan.ack
        plan.connections = fields.integer("connections", in: 1...1_000) ?? plan.connections
        plan.echoes = fields.flag("echo") ?? plan.echoes
        plan.reconnect = fields.tree("reconnect").flatMap(reconnect) ?? plan.reconnect
        return plan
    }

    private func reconnect(_ tree: YAMLTree) -> Reconnect? {
        if case .scalar("never", _) = tree.content { return .never }
        guard let fields = FieldReader(tree, Self.reconnectFields, values) else { return nil }
        fields.require("after", "after: 500ms")
        return fields.duration("after").map { .after($0) }
    }

    static let reconnectFields = FieldGroup(
        title: "reconnect",
        fields: [Field("after", "DURATION", "so long after the connection was lost")])

    // MARK: Parts

    private static let senderForm = "a project number, such as \"4711\""

    private func sender(_ fields: FieldReader) -> SenderID? {
        guard fields.has("sender-id") else { return SenderID(Self.defaultSender) }
        return fields.name("sender-id", Self.senderForm, SenderID.init)
    }

    /// Without a complaint, which comes with the member itself.
    private func senderID(ofAppServer tree: YAMLTree) -> SenderID? {
        guard case .mapping(let entries) = tree.content,
            let role = entries.first(where: { $0.key == "role" })?.value,
            case .scalar(let kind, _) = role.content, kind != "device"
        else { return nil }
        guard let sender = entries.first(where: { $0.key == "sender-id" })?.value
        else { return SenderID(Self.defaultSender) }
        guard case .scalar(let text, _) = sender.content else { return nil }
        return SenderID(text)
    }

    private func network(_ member: FieldReader) -> LinkPlan {
        var plan = LinkPlan()
        guard let tree = member.tree("network"),
            let fields = FieldReader(tree, Fields.network, values)
        else { return plan }
        plan.latency = fields.duration("latency")
        plan.jitter = fields.duration("jitter")
        plan.fragment = fields.integer("fragment", in: 1...65_536)
        plan.coalesce = fields.flag("coalesce") ?? false
        return plan
    }
}

extension ValueReader {
    /// What an app server ACKs by itself.
    func ackHabit(_ tree: YAMLTree) -> AckHabit? {
        if case .scalar(let text, _) = tree.content, !tree.isNull {
            switch text {
            case "at-once", "always": return .atOnce
            case "never": return .never
            default:
                complain(
                    "ack \"\(text)\" is unknown",
                    remedy: "write at-once, never, {skip: 2, then: at-once} or {after: 500ms}",
                    at: tree)
                return nil
            }
        }
        guard let fields = FieldReader(tree, Self.ackFields, self) else { return nil }
        fields.exclude("skip", "after")
        if let then = fields.text("then"), then != "at-once" {
            complaints.add(
                "then \"\(then)\" is unknown", remedy: "write then: at-once",
                at: fields.tree("then")?.place)
        }
        if let after = fields.duration("after") { return .after(after) }
        if fields.has("after") { return nil }
        fields.require("skip", "skip: 2")
        return fields.integer("skip", in: 0...1_000_000).map { .skip($0) }
    }

    static let ackFields = FieldGroup(
        title: "ack",
        fields: [
            Field("skip", "N", "the first so many deliveries of each message get no ACK"),
            Field("then", "at-once", "how the others are ACKed"),
            Field("after", "DURATION", "so long after the delivery"),
        ])
}
