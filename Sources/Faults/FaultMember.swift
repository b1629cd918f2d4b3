/// The members of a fault, in the order in which they are written (contract: "A fault").
package enum FaultMember: String, Sendable, CaseIterable {
    case point = "on"
    case match
    case deed = "do"
    case code
    case delay
    case times
    case probability

    /// The value of a member, from JSON, a settings file or a flag.
    package enum Value: Equatable, Sendable {
        case text(String)
        /// A number as it was written.
        case number(String)
        /// Something else, by its name: `an array`, `true`.
        case other(String)
    }
}
