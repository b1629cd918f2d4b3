import CloudMessaging

/// Reads what a device does.
struct DeviceDeedReader {
    let values: ValueReader
    let plan: DevicePlan

    /// Nil after a complaint.
    func deed(_ call: VerbCall) -> DeviceDeed? {
        switch call.verb.name {
        case "goes-online": .goesOnline
        case "goes-offline": .goesOffline
        case "sends": sends(call)
        case "registers": .registers
        case "refreshes-token": .asks(.refreshToken)
        case "unregisters": .asks(.unregister)
        case "subscribes": topic(call).map { .asks(.subscribe($0)) }
        case "unsubscribes": topic(call).map { .asks(.unsubscribe($0)) }
        case "uninstalls": .uninstalls
        case "crashes": .crashes
        case "restarts": .restarts
        case "loses-power": .losesPower
        default: preconditionFailure("a device's verb without a reader: \(call.verb.name)")
        }
    }

    private func topic(_ call: VerbCall) -> TopicName? {
        call.value("topic").flatMap {
            values.name($0, "topic", "/topics/NAME") { TopicName(address: $0) ?? TopicName($0) }
        }
    }

    private func sends(_ call: VerbCall) -> DeviceDeed? {
        let ids = call.ids("m-1")
        guard let fields = call.fields, !ids.isEmpty else { return nil }
        return .sends(
            UpstreamPlan(
                ids: ids, to: address(fields),
                data: fields.data("data", textsOnly: plan.client == .android),
                timeToLive: fields.duration("ttl"), every: fields.duration("every")))
    }

    /// Whom the message is for; nil: nobody.
    private func address(_ fields: FieldReader) -> SenderAddress? {
        guard fields.has("to") else { return plan.senders.first.map { .sender($0) } }
        guard let text = fields.text("to"), text != "none" else { return nil }
        return SenderID(text).map { .sender($0) } ?? .text(text)
    }
}
