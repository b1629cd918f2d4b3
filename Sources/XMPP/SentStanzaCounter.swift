/// Counts stanzas that were sent and those the peer said it handled (XEP-0198 §4).
///
/// Both numbers start at 0 when acknowledgements are turned on, and after 2³² − 1 comes 0.
package struct SentStanzaCounter: Equatable, Sendable {
    /// Stanzas sent, modulo 2³².
    package private(set) var sent: UInt32
    /// The peer's last answer.
    package private(set) var handled: UInt32

    package init(startingAt count: UInt32 = 0) {
        sent = count
        handled = count
    }

    /// Stanzas for which no answer came yet.
    package var unanswered: Int {
        Int(sent &- handled)
    }

    /// One more stanza went out.
    package mutating func didSend() {
        precondition(unanswered < Int(UInt32.max), "2³² stanzas without an answer")
        sent &+= 1
    }

    /// The peer answered.
    ///
    /// - Returns: how many stanzas, the oldest ones, this answers for the first time; `nil` when
    ///   the peer speaks of stanzas that were never sent, or takes back what it said.
    package mutating func didReceiveAnswer(handled: UInt32) -> Int? {
        let newlyHandled = handled &- self.handled
        guard Int(newlyHandled) <= unanswered else { return nil }
        self.handled = handled
        return Int(newlyHandled)
    }
}
