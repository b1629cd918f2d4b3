import CloudMessaging

extension JournalEvent {
    /// Reads a line that `appendLine(to:)` wrote, with or without its end; the members may stand in
    /// any order.
    ///
    /// What is read is written again with the same bytes. The subject is always names: a file has
    /// no messages to refer to.
    package init(line: [UInt8]) throws(EventLineError) {
        var draft = EventDraft()
        try line.withUnsafeBufferPointer { bytes throws(EventLineError) in
            try draft.read(bytes)
        }
        self = try draft.event()
    }

    /// Reads a journal's lines; blank ones are passed over.
    ///
    /// - Throws: the first fault, after its `LINE:COLUMN: `.
    package static func events(inLines text: [UInt8]) throws(EventLineError) -> [JournalEvent] {
        var events: [JournalEvent] = []
        let lines = text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        for (index, line) in lines.enumerated() where !line.allSatisfy({ $0 <= 0x20 }) {
            do {
                events.append(try JournalEvent(line: Array(line)))
            } catch {
                let before = String(decoding: line.prefix(error.offset), as: UTF8.self)
                let column = before.unicodeScalars.count + 1
                throw EventLineError("\(index + 1):\(column): \(error)")
            }
        }
        return events
    }
}

/// The members of a line, as they come.
private struct EventDraft {
    private var texts: [EventMember: String] = [:]
    private var numbers: [EventMember: Int] = [:]
    private var data: DataPayload?

    mutating func read(_ bytes: UnsafeBufferPointer<UInt8>) throws(EventLineError) {
        var fault: EventLineError?
        do throws(JSONError) {
            var scanner = JSONScanner(bytes)
            try scanner.scanObject { key, value in
                do throws(EventLineError) {
                    try take(key, value, in: bytes)
                } catch {
                    let place = key.range.lowerBound
                    if fault == nil { fault = EventLineError(error.description, at: place) }
                }
            }
        } catch {
            throw EventLineError(error.problem, at: error.offset)
        }
        if let fault { throw fault }
    }

    private mutating func take(
        _ key: JSONValue, _ value: JSONValue, in bytes: UnsafeBufferPointer<UInt8>
    ) throws(EventLineError) {
        let name = JSONStrings.decode(key, in: bytes) ?? ""
        guard let member = EventMember(rawValue: name) else {
            let hint = Suggestion.sentence(for: name, among: EventMember.allCases.map(\.rawValue))
            throw EventLineError("unknown member \"\(name)\"; \(hint)")
        }
        guard texts[member] == nil, numbers[member] == nil, member != .data || data == nil else {
            throw EventLineError("\(name) is there twice")
        }
        switch member {
        case .data:
            guard value.kind == .object else { throw EventLineError("data must be an object") }
            data = DataPayload(json: Array(bytes[value.range]))
        case .number, .connection, .attempt, .cause, .message, .count, .fault:
            guard let number = value.integer(in: bytes), number >= 0 else {
                throw EventLineError("\(name) must be a whole number")
            }
            numbers[member] = number
        case .instant, .actor, .event, .state, .upload, .messageID, .from, .senderID, .category,
            .direction, .error, .deed, .reason, .delay:
            guard value.kind == .string, let text = JSONStrings.decode(value, in: bytes) else {
                throw EventLineError("\(name) must be a string")
            }
            texts[member] = text
        }
    }

    func event() throws(EventLineError) -> JournalEvent {
        let names = JournalEvent.Names(
            messageID: try value(.messageID, MessageID.init),
            from: texts[.from].map { RegistrationToken($0) },
            category: try value(.category, Category.init), data: data,
            message: numbers[.message].map(Int64.init),
            upload: try value(.upload, UploadID.init),
            direction: try choice(.direction))
        let kind: JournalEvent.Kind? = try choice(.event)
        let instant = try required(.instant, Timestamp.parse(exact:))
        guard let kind else { throw missing(.event) }
        let event = JournalEvent(
            kind, at: instant, by: try required(.actor) { Participant($0) }, about: .named(names),
            sender: try value(.senderID, SenderID.init),
            connection: numbers[.connection], attempt: numbers[.attempt],
            state: try choice(.state),
            cause: numbers[.cause].map { UInt64(clamping: $0) },
            delay: try value(.delay, DurationText.parse), detail: try detail())
        return event.numbered(UInt64(clamping: numbers[.number] ?? 0))
    }

    private func detail() throws(EventLineError) -> JournalEvent.Detail? {
        let members: [EventMember] = [.error, .deed, .reason, .count, .fault]
        guard members.contains(where: { texts[$0] != nil || numbers[$0] != nil })
        else { return nil }
        return JournalEvent.Detail(
            error: texts[.error], deed: texts[.deed], reason: texts[.reason],
            count: numbers[.count], fault: numbers[.fault])
    }

    private func value<Value>(
        _ member: EventMember, _ make: (String) -> Value?
    ) throws(EventLineError) -> Value? {
        guard let text = texts[member] else { return nil }
        guard let value = make(text) else {
            throw EventLineError("\(member.rawValue) \"\(text)\" cannot be read")
        }
        return value
    }

    private func choice<Choice: RawRepresentable<String> & CaseIterable>(
        _ member: EventMember
    ) throws(EventLineError) -> Choice? {
        guard let text = texts[member] else { return nil }
        guard let choice = Choice(rawValue: text) else {
            let hint = Suggestion.sentence(for: text, among: Choice.allCases.map(\.rawValue))
            throw EventLineError("\(member.rawValue) \"\(text)\" is unknown; \(hint)")
        }
        return choice
    }

    private func required<Value>(
        _ member: EventMember, _ make: (String) -> Value?
    ) throws(EventLineError) -> Value {
        guard let value = try value(member, make) else { throw missing(member) }
        return value
    }

    private func missing(_ member: EventMember) -> EventLineError {
        EventLineError("\(member.rawValue) is missing")
    }
}
