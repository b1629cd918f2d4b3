/// Counts stanzas from the peer that were handled (XEP-0198 §4).
package struct HandledStanzaCounter: Equatable, Sendable {
    /// The `h` to answer with, modulo 2³².
    package private(set) var handled: UInt32

    package init(startingAt count: UInt32 = 0) {
        handled = count
    }

    /// More stanzas were handled.
    package mutating func didHandle(_ count: Int = 1) {
        handled &+= UInt32(truncatingIfNeeded: count)
    }
}
