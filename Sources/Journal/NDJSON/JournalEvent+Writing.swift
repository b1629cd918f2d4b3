import CloudMessaging

extension JournalEvent {
    /// Appends the event as one line of compact JSON with its end (docs/journal.md). What it has
    /// not is not there; equal events give equal bytes.
    package func appendLine(to bytes: inout [UInt8]) {
        var line = JSONObjectWriter()
        line.add(.number, number)
        line.add(.instant, Timestamp.exact(instant))
        line.add(.actor, actor.text)
        line.add(.event, kind.rawValue)
        line.add(.state, state?.rawValue)
        line.add(.connection, connection)
        line.add(.attempt, attempt)
        line.add(.cause, cause)
        line.add(.message, message)
        line.add(.upload, upload?.text)
        line.add(.messageID, messageID?.text)
        line.add(.from, from?.text)
        line.add(.senderID, sender?.text)
        line.add(.category, category?.text)
        line.add(.direction, direction?.rawValue)
        line.add(.error, detail?.error)
        line.add(.deed, detail?.deed)
        line.add(.reason, detail?.reason)
        line.add(.delay, delay.map(DurationText.text))
        line.add(.count, detail?.count)
        line.add(.fault, detail?.fault)
        if let data { line.add(EventMember.data.rawValue, json: data.json) }
        line.end()
        bytes += line.bytes
        bytes.append(UInt8(ascii: "\n"))
    }
}

extension JSONObjectWriter {
    fileprivate mutating func add(_ member: EventMember, _ text: String?) {
        if let text { add(member.rawValue, text) }
    }

    fileprivate mutating func add(_ member: EventMember, _ number: (some FixedWidthInteger)?) {
        if let number { add(member.rawValue, number) }
    }
}
