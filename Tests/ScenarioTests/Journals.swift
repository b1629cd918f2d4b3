import CloudMessaging
import Journal
import Scenario

/// Writes a journal for a test: an event a line, `seconds actor event member=value …`.
enum Journals {
    static func evidence(
        _ text: String, vantage: Evidence.Vantage = .cast, hasGap: Bool = false
    ) throws -> Evidence {
        Evidence(
            try events(text), start: Instant(nanoseconds: 0), vantage: vantage, hasGap: hasGap)
    }

    static func events(_ text: String) throws -> [JournalEvent] {
        let numbers = ["connection", "attempt", "cause", "message", "count", "fault"]
        let lines = text.split(separator: "\n").enumerated().map { index, line in
            let words = line.split(separator: " ").map(String.init)
            let nanoseconds = Int64((Double(words[0]) ?? 0) * 1_000_000_000)
            var object = JSONObjectWriter()
            object.add("n", index + 1)
            object.add("ts", Timestamp.exact(Instant(nanoseconds: nanoseconds)))
            object.add("actor", words[1])
            object.add("event", words[2])
            for word in words.dropFirst(3) {
                let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
                if parts[0] == "data" {
                    object.add("data", json: Array(parts[1].utf8))
                } else if numbers.contains(parts[0]), let number = Int(parts[1]) {
                    object.add(parts[0], number)
                } else {
                    object.add(parts[0], parts[1])
                }
            }
            object.end()
            return object.bytes
        }
        return try JournalEvent.events(inLines: Array(lines.joined(separator: [10])))
    }

    /// A run of the contract's example in which all went well.
    static let good = """
        0 shop connection.opened connection=1
        0 shop connection.bound connection=1 sender_id=4711
        0 phone connection.bound connection=2
        0 phone app.will-send message_id=m-1
        0 phone upload connection=2 message_id=m-1 from=tok:1 sender_id=4711 category=com.example.courier
        0 relay message.state state=queued message=1 message_id=m-1 from=tok:1 sender_id=4711 category=com.example.courier
        0 relay upstream.stanza connection=1 attempt=1 message=1 message_id=m-1 from=tok:1 sender_id=4711 category=com.example.courier data={"parcel":"17"}
        0.1 shop upstream.received connection=1 message_id=m-1 from=tok:1 sender_id=4711 category=com.example.courier data={"parcel":"17"}
        0.1 phone app.sent message_id=m-1 category=com.example.courier
        1 relay upstream.stanza connection=1 attempt=2 message=1 message_id=m-1 from=tok:1 sender_id=4711 category=com.example.courier
        1.1 shop upstream.received connection=1 message_id=m-1 from=tok:1 sender_id=4711 category=com.example.courier data={"parcel":"17"}
        1.5 network connection.closed connection=1 sender_id=4711 deed=reset
        2 shop connection.opened connection=3
        2 shop connection.bound connection=3 sender_id=4711
        2 relay upstream.stanza connection=3 attempt=3 message=1 message_id=m-1 from=tok:1 sender_id=4711 category=com.example.courier
        2.1 shop upstream.received connection=3 message_id=m-1 from=tok:1 sender_id=4711 category=com.example.courier data={"parcel":"17"}
        2.2 shop upstream.ack connection=3 message_id=m-1 from=tok:1 sender_id=4711
        2.2 relay message.state state=settled connection=3 message=1 message_id=m-1 from=tok:1 sender_id=4711 category=com.example.courier
        """
}
