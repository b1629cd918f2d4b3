import CloudMessaging
import Journal

/// An event of the journal as a line for people.
enum EventPhrase {
    /// `2.003s relay upstream.stanza #1 m-17 attempt 2 (no ACK)`
    static func line(_ event: JournalEvent, since start: Instant) -> String {
        var words = [
            Self.seconds(start.duration(to: event.instant)), event.actor.text,
            event.kind.rawValue,
        ]
        if let state = event.state { words.append(state.rawValue) }
        if let deed = event.detail?.deed { words.append(deed) }
        if let connection = event.connection { words.append("#\(connection)") }
        if let id = event.messageID { words.append(id.text) }
        if let attempt = event.attempt { words.append("attempt \(attempt)") }
        if let count = event.detail?.count { words.append("×\(count)") }
        if let error = event.detail?.error { words.append(error) }
        if let reason = event.detail?.reason { words.append("(\(reason))") }
        return words.joined(separator: " ")
    }

    /// Seconds with three digits after the point.
    static func seconds(_ duration: Duration) -> String {
        let milliseconds = duration.wholeNanoseconds / 1_000_000
        let sign = milliseconds < 0 ? "-" : ""
        let (whole, rest) = abs(milliseconds).quotientAndRemainder(dividingBy: 1_000)
        let digits = String(rest)
        return "\(sign)\(whole).\(String(repeating: "0", count: 3 - digits.count))\(digits)s"
    }
}
