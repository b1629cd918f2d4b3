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

    /// A time of the play: `2.003s`, `1:02.003`, `10:00:00.003`.
    static func clock(_ duration: Duration) -> String {
        let milliseconds = duration.wholeNanoseconds / 1_000_000
        guard milliseconds >= 60_000 else { return seconds(duration) }
        func digits(_ number: Int64, _ count: Int) -> String {
            let text = String(number)
            return String(repeating: "0", count: max(0, count - text.count)) + text
        }
        let (minutes, rest) = milliseconds.quotientAndRemainder(dividingBy: 60_000)
        let tail = "\(digits(rest / 1_000, 2)).\(digits(rest % 1_000, 3))"
        if minutes < 60 { return "\(minutes):\(tail)" }
        return "\(minutes / 60):\(digits(minutes % 60, 2)):\(tail)"
    }

    /// A duration that one can read at a glance: `900ms`, `10.8s`, `7m 5s`, `10h 0m`.
    static func rounded(_ duration: Duration) -> String {
        let milliseconds = duration.wholeNanoseconds / 1_000_000
        let seconds = (milliseconds + 500) / 1_000
        switch milliseconds {
        case ..<1_000: return "\(milliseconds)ms"
        case ..<99_950:
            let (whole, tenth) = ((milliseconds + 50) / 100).quotientAndRemainder(dividingBy: 10)
            return tenth == 0 ? "\(whole)s" : "\(whole).\(tenth)s"
        case ..<3_600_000: return "\(seconds / 60)m \(seconds % 60)s"
        default: return "\(seconds / 3_600)h \(seconds / 60 % 60)m"
        }
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
