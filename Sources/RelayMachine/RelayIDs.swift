/// A bound connection of an app server; counted up, `#2` in the log.
package struct ConnectionID: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let rawValue: Int

    package init(_ rawValue: Int) {
        self.rawValue = rawValue
    }

    package static func < (left: ConnectionID, right: ConnectionID) -> Bool {
        left.rawValue < right.rawValue
    }

    package var description: String { "#\(rawValue)" }
}

/// A stream of a device; counted up.
package struct DeviceStreamID: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let rawValue: Int

    package init(_ rawValue: Int) {
        self.rawValue = rawValue
    }

    package static func < (left: DeviceStreamID, right: DeviceStreamID) -> Bool {
        left.rawValue < right.rawValue
    }

    package var description: String { "device stream \(rawValue)" }
}

/// The place of an upload among the stanzas of its stream, counted from 1: what the stream's
/// acknowledgement counts (XEP-0198 `h`).
package typealias Ticket = UInt32
