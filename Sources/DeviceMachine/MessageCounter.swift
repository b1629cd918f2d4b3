package import CloudMessaging

/// Automatic message IDs: "1", "2", … as the guide's sample app makes them.
package struct MessageCounter: Hashable, Sendable {
    /// The last number given out; 0 when there was none.
    package private(set) var last: Int64

    package init(last: Int64 = 0) {
        self.last = last
    }

    package mutating func next() -> MessageID {
        last += 1
        guard let id = MessageID(String(last)) else {
            preconditionFailure("a decimal number is a message ID")
        }
        return id
    }
}
