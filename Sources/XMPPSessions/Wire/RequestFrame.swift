import CloudMessaging
import RelayMachine
import XMPP

/// Reads a downstream request (protocol sheet §3.1): every type and range is checked.
struct RequestFrame {
    /// The members of a request. What the service does not know it passes over.
    enum Member: String, CaseIterable {
        case to, condition, priority, data, notification
        case messageID = "message_id"
        case messageType = "message_type"
        case collapseKey = "collapse_key"
        case timeToLive = "time_to_live"
        case contentAvailable = "content_available"
        case mutableContent = "mutable_content"
        case delayWhileIdle = "delay_while_idle"
        case wantsReceipt = "delivery_receipt_requested"
        case dryRun = "dry_run"
        case registrationIDs = "registration_ids"
    }

    private let members: RequestMembers
    private let payload: RequestPayload

    /// - Throws: broken JSON; an answer could name nothing then.
    init(_ json: UnsafeBufferPointer<UInt8>) throws(JSONError) {
        var members = RequestMembers(json)
        var payload = RequestPayload()
        var scanner = JSONScanner(json)
        try scanner.scanObject(members: { (key, scanner) throws(JSONError) in
            let member = JSONStrings.decode(key, in: json).flatMap { Member(rawValue: $0) }
            switch member {
            case .data?: members[.data] = try payload.scanData(&scanner)
            case .notification?: members[.notification] = try payload.scanNotification(&scanner)
            case let member?: members[member] = try scanner.scanValue()
            case nil: _ = try scanner.scanValue()
            }
        })
        self.members = members
        self.payload = payload
    }

    /// The request, or why it is none.
    func request(
        id: MessageID, bound: TopicCondition.Bound
    ) throws(RequestFault) -> DownstreamRequest {
        let (target, addressee) = try target(bound)
        guard members[.registrationIDs] == nil else {
            throw .json("registration_ids is for HTTP; send one message for each token")
        }
        let contentAvailable = try members.boolean(.contentAvailable) ?? false
        let mutableContent = try members.boolean(.mutableContent) ?? false
        // Has had no effect since 2016 (protocol sheet §3.1).
        _ = try members.boolean(.delayWhileIdle)
        if let priority = try members.string(.priority), priority != "normal", priority != "high" {
            throw .json("priority must be \"normal\" or \"high\", not \(priority.quotedAsName)")
        }
        try checkPayload(limit: target.payloadLimit)
        let collapseKey = try members.string(.collapseKey)
        let content = members.content()
        guard collapseKey?.utf8.count ?? 0 <= Limits.collapseKeyBytes,
            content.count <= Limits.contentBytes
        else {
            throw .json("the request is too large to reach a device; mind collapse_key and blanks")
        }
        return DownstreamRequest(
            target: target, addressee: addressee, id: id, collapseKey: collapseKey,
            timeToLive: try timeToLive(),
            wantsReceipt: try members.boolean(.wantsReceipt) ?? false,
            isDryRun: try members.boolean(.dryRun) ?? false,
            needsAPNS: contentAvailable || mutableContent, content: content)
    }

    // MARK: Members

    private func target(
        _ bound: TopicCondition.Bound
    ) throws(RequestFault) -> (DownstreamRequest.Target, String) {
        switch (try members.string(.to), try members.string(.condition)) {
        case (nil, nil):
            throw .json("Missing Required Field: to")
        case (_?, _?):
            throw .json("to and condition exclude each other")
        case (nil, let condition?):
            do throws(TopicConditionError) {
                return (
                    .condition(try TopicCondition(parsing: condition, bound: bound)), condition
                )
            } catch {
                throw .json("condition: \(error)")
            }
        case (let to?, nil):
            guard to.utf8.starts(with: TopicName.prefix.utf8) else {
                return (.registration(RegistrationToken(to)), to)
            }
            guard let topic = TopicName(address: to) else {
                throw .json("\(to.quotedAsName) is no topic; a name has [a-zA-Z0-9-_.~%]")
            }
            return (.topic(topic), to)
        }
    }

    private func timeToLive() throws(RequestFault) -> Int {
        guard let seconds = try members.wholeNumber(.timeToLive) else {
            return Limits.downstreamTimeToLive.upperBound
        }
        guard let seconds = Int(exactly: seconds), Limits.downstreamTimeToLive.contains(seconds)
        else {
            throw .json(
                "INVALID_TTL : Invalid value (\(members.source(.timeToLive))) for "
                    + "\"time_to_live\": must be between 0 and "
                    + "\(Limits.downstreamTimeToLive.upperBound)")
        }
        return seconds
    }

    private func checkPayload(limit: Int) throws(RequestFault) {
        try members.requireObject(.data)
        try members.requireObject(.notification)
        if let key = payload.reservedKey {
            throw .json("\(key.quotedAsName) is a reserved key in data")
        }
        if payload.size > limit {
            throw .json(
                "the payload has \(payload.size) bytes of keys and values, at most \(limit) are "
                    + "allowed")
        }
    }
}

extension DownstreamRequest.Target {
    /// Bytes of keys and values (protocol sheet §3.4).
    fileprivate var payloadLimit: Int {
        switch self {
        case .registration: Limits.payloadBytes
        case .topic, .condition: Limits.topicPayloadBytes
        }
    }
}

/// Why a request is refused with `INVALID_JSON`: the `error_description`.
struct RequestFault: Error {
    let description: String

    static func json(_ problem: String) -> RequestFault {
        RequestFault(description: "InvalidJson: \(problem)")
    }

    /// In the words of the real service, with the offending value at the end.
    static func type(_ member: RequestFrame.Member, _ javaClass: String, _ value: String)
        -> RequestFault
    {
        .json(
            "JSON_TYPE_ERROR : Field \"\(member.rawValue)\" must be a JSON \(javaClass): \(value)")
    }
}
