import CloudMessaging
import Hummingbird
import Journal
import RelayMachine
import RelayService

/// Messages: what there is, why it stands where it does, and what people do to it.
extension AdminRoute {
    static let messages = [
        AdminRoute(.get, "/v1/messages", listMessages),
        AdminRoute(.post, "/v1/messages", injectMessage),
        AdminRoute(.delete, "/v1/messages") { request, context in
            try request.checkQuery(["sender_id"])
            let sender = try request.sender()
            let count = try await context.control.discardMessages(of: sender)
            return Response { $0.add("discarded", count) }
        },
        AdminRoute(.get, "/v1/messages/{id}") { request, context in
            let story = try await story(request, context)
            return Response(json: story.json)
        },
        AdminRoute(.get, "/v1/messages/{id}/attempts") { request, context in
            let story = try await story(request, context)
            return Response { $0.add("attempts", list: story.attempts.map(\.json)) }
        },
        AdminRoute(.post, "/v1/messages/{id}/replay", replayMessage),
        AdminRoute(.post, "/v1/messages/{id}/settle", settleMessage),
    ]

    @Sendable
    private static func listMessages(
        _ request: AdminRequest, _ context: AdminContext
    ) async throws -> Response {
        try request.checkQuery(["state", "direction", "sender_id", "match", "after", "limit"])
        let state: MessageState? = try request.choice("state")
        let direction: Direction? = try request.choice("direction")
        let sender = try request.sender()
        let match = try request.match()
        if let match, match.asksOfEvents {
            throw AdminError.badRequest(
                "match asks for what only events have",
                hint: "a message has no event, error, actor, deed and count; ask /v1/journal")
        }
        let limit = try request.integer("limit", in: 1...RelayControl.pageLimit) ?? 100
        let place = try request.text("after").map { text throws(AdminError) in
            guard let place = MessagePlace(text) else {
                throw .badRequest(
                    "after \"\(text)\" is no place", hint: "give the \"next\" of the last page")
            }
            return place
        }
        let page = try await context.control.messages(from: place, limit: limit) { record in
            (state.map { record.state == $0 } ?? true)
                && (direction.map { record.direction == $0 } ?? true)
                && (sender.map { record.sender == $0 } ?? true)
                && (match?.accepts(record) ?? true)
        }
        return Response {
            $0.add("messages", list: page.messages.map(\.json))
            $0.add("next", ifAny: page.next?.description)
        }
    }

    private static func record(
        _ request: AdminRequest, _ context: AdminContext
    ) async throws -> MessageRecord {
        try request.checkQuery()
        let name = request.name("id")
        guard let record = try await context.control.message(name) else {
            throw AdminError.notFound(
                "there is no message \"\(name)\"",
                hint: "give its id or its message_id; /v1/messages lists them")
        }
        return record
    }

    private static func story(
        _ request: AdminRequest, _ context: AdminContext
    ) async throws -> MessageStory {
        try await context.control.story(of: try await record(request, context))
    }

    // MARK: Orders

    @Sendable
    private static func injectMessage(
        _ request: AdminRequest, _ context: AdminContext
    ) async throws -> Response {
        try request.checkQuery()
        let body = try await request.json([
            "from", "sender_id", "message_id", "data", "time_to_live", "receipt_for",
        ])
        if body.has("receipt_for") { return try await injectReceipt(body, context) }
        let sender = try body.value("sender_id", form: "a sender ID", SenderID.init)
        let id = try body.messageID()
        let data = try body.texts("data")?.payload() ?? .empty
        let timeToLive = try body.integer("time_to_live", in: 1...Limits.timeToLiveSeconds)
        guard let token = try body.text("from") else {
            return try await send(
                id ?? context.control.newMessageID(), to: sender, data, timeToLive, context)
        }
        let origin = try await registration(of: token, context)
        return try await inject(
            id ?? context.control.newMessageID(), from: origin, to: sender, data, timeToLive,
            context)
    }

    private static func registration(
        of token: String, _ context: AdminContext
    ) async throws -> Registration {
        guard let origin = try await context.control.registration(of: RegistrationToken(token))
        else {
            throw AdminError.conflict(
                "nobody is registered with the token \"\(token)\"",
                hint: "take the from of a message; gcm-device register prints a token")
        }
        return origin
    }

    /// The sender that is meant, with which the app must be registered.
    private static func sender(
        _ sender: SenderID?, of origin: Registration
    ) throws(AdminError) -> SenderID {
        guard let sender = sender ?? origin.senders.first, origin.senders.contains(sender) else {
            throw .conflict(
                "\(origin.category) is not registered with that sender ID",
                hint: "it is registered with: "
                    + origin.senders.map(\.text).joined(separator: ", "))
        }
        return sender
    }

    /// A delivery receipt, whether or not there was a delivery.
    private static func injectReceipt(
        _ body: JSONBody, _ context: AdminContext
    ) async throws -> Response {
        for name in ["message_id", "data", "time_to_live"] where body.has(name) {
            throw AdminError.badRequest(
                "\(name) is not for receipts", hint: "give from, sender_id and receipt_for")
        }
        let id = try body.need("receipt_for", try body.messageID("receipt_for"))
        let sender = try body.value("sender_id", form: "a sender ID", SenderID.init)
        let token = try body.need("from", try body.text("from"))
        let origin = try await registration(of: token, context)
        let meant = try self.sender(sender, of: origin)
        let number = try await context.control.injectReceipt(for: id, of: origin, to: meant)
        return Response(status: .created) {
            $0.add("id", Int(number))
            $0.add("message_id", MessageID.receipt(for: id).text)
            $0.add("sender_id", meant.text)
        }
    }

    /// Has a device send it that lives in the relay's process.
    private static func send(
        _ id: MessageID, to sender: SenderID?, _ data: DataPayload, _ timeToLive: Int?,
        _ context: AdminContext
    ) async throws -> Response {
        guard let device = await context.residents.device(sendingTo: sender),
            let token = device.token
        else {
            throw AdminError.conflict(
                "no device lives in the relay that could send it",
                hint: "POST /v1/devices makes one; or give \"from\", the token of any app")
        }
        let message = ResidentLog.Message(
            id: id, sender: device.sender, data: data, timeToLive: timeToLive)
        let outcome = try await device.send(message)
        if case .failed(let error) = outcome {
            throw AdminError.conflict(
                "the device does not send it: \(error)", hint: "the app was told the same")
        }
        let isSent = if case .sent = outcome { true } else { false }
        let number = isSent ? try await context.control.number(of: id, from: token) : nil
        return Response(status: isSent ? .created : .accepted) {
            $0.add("id", ifAny: number.map(Int.init))
            $0.add("message_id", id.text)
            $0.add("sender_id", device.sender.text)
            $0.add("from", token.text)
        }
    }

    @Sendable
    private static func replayMessage(
        _ request: AdminRequest, _ context: AdminContext
    ) async throws -> Response {
        let record = try await record(request, context)
        let body = try await request.json(
            ["message_id", "data", "time_to_live"], isOptional: true)
        let id = try body.messageID()
        let changes = try body.texts("data", mayBeNull: true) ?? []
        let timeToLive = try body.integer("time_to_live", in: 1...Limits.timeToLiveSeconds)
        guard case .upstream(let message) = record.subject, message.kind == .message else {
            throw AdminError.conflict(
                "message \(record.number) did not come from a device, or is forgotten",
                hint: "only upstream messages are replayed, while the relay knows what they say")
        }
        var pairs: [(key: String, value: String?)] = message.data.texts.map { ($0.key, $0.value) }
        for change in changes {
            if let index = pairs.firstIndex(where: { $0.key.hasSameBytes(as: change.key) }) {
                pairs[index].value = change.value
            } else {
                pairs.append(change)
            }
        }
        return try await inject(
            id ?? message.id, from: message.origin, to: record.sender,
            changes.isEmpty ? message.data : try pairs.payload(),
            timeToLive ?? max(1, message.timeToLive), context)
    }

    private static func inject(
        _ id: MessageID, from origin: Registration, to sender: SenderID?, _ data: DataPayload,
        _ timeToLive: Int?, _ context: AdminContext
    ) async throws -> Response {
        let sender = try self.sender(sender, of: origin)
        let number = try await context.control.inject(
            id, from: origin, to: sender, data: data, timeToLive: timeToLive)
        return Response(status: .created) {
            $0.add("id", number)
            $0.add("message_id", id.text)
            $0.add("sender_id", sender.text)
        }
    }

    @Sendable
    private static func settleMessage(
        _ request: AdminRequest, _ context: AdminContext
    ) async throws -> Response {
        let record = try await record(request, context)
        let body = try await request.json(["as"], isOptional: true)
        let ending: HandEnding = try body.choice("as") ?? .settled
        guard try await context.control.end(record, as: ending) else {
            throw AdminError.conflict(
                "message \(record.number) has ended, or is on its way to its device",
                hint: "it is \(record.state.rawValue)")
        }
        return Response {
            $0.add("id", record.number)
            $0.add("state", ending.rawValue)
        }
    }
}

extension JSONBody {
    fileprivate func messageID(
        _ name: String = "message_id"
    ) throws(AdminError) -> MessageID? {
        try value(name, form: "a message ID: 1 to 256 bytes that XML allows") {
            MessageID($0)
        }
    }
}

extension [(key: String, value: String?)] {
    /// As a device would send it.
    fileprivate func payload() throws(AdminError) -> DataPayload {
        var size = 0
        var pairs: [(key: String, value: String)] = []
        for case (let key, let value?) in self {
            guard !DataPayload.isReserved(key) else {
                throw .badRequest(
                    "data has the reserved key \"\(key)\"",
                    hint: "no app may use from, google.… and gcm.…")
            }
            size += key.utf8.count + value.utf8.count
            pairs.append((key, value))
        }
        guard size <= Limits.payloadBytes else {
            throw .badRequest(
                "keys and values of data have \(size) bytes",
                hint: "at most \(Limits.payloadBytes) are allowed")
        }
        return DataPayload(pairs)
    }
}
