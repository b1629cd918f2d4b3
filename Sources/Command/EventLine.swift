package import CloudMessaging

/// One event as a line of compact JSON, members in the order in which they are added
/// (contract: "Events on stdout").
package struct EventLine {
    /// The line without its end.
    package private(set) var bytes: [UInt8]

    /// - Parameter instant: stands in `ts`, RFC 3339 with milliseconds.
    package init(_ event: String, at instant: Instant) {
        bytes = Array(#"{"event":"#.utf8)
        JSONStrings.append(event, to: &bytes)
        add("ts", Timestamp.rfc3339(instant))
    }

    package mutating func add(_ name: String, _ value: String) {
        beginMember(name)
        JSONStrings.append(value, to: &bytes)
    }

    package mutating func add(_ name: String, _ value: Int) {
        beginMember(name)
        bytes.append(contentsOf: String(value).utf8)
    }

    /// Adds JSON as it is.
    package mutating func add(_ name: String, json: [UInt8]) {
        beginMember(name)
        bytes.append(contentsOf: json)
    }

    /// The whole line, ended.
    package consuming func finished() -> [UInt8] {
        bytes.append(contentsOf: "}\n".utf8)
        return bytes
    }

    private mutating func beginMember(_ name: String) {
        bytes.append(UInt8(ascii: ","))
        JSONStrings.append(name, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
    }
}
