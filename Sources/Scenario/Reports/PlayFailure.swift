/// Why a play was not played to its end.
package struct PlayFailure: Error, Hashable, Sendable, CustomStringConvertible {
    package let kind: Kind
    /// What happened and where, as a sentence.
    package let description: String
    /// The number of the event at which it was seen; nil: at none.
    package let event: UInt64?

    package init(_ kind: Kind, _ description: String, event: UInt64? = nil) {
        self.kind = kind
        self.description = description
        self.event = event
    }

    package enum Kind: String, Sendable, CaseIterable {
        /// A step could not be done.
        case step
        /// What a step waited for did not come.
        case timeout
        /// An app server under test did not come: nothing was played.
        case absence
        /// Something that must hold in every run did not: the fault is ours.
        case invariant
    }
}
