package import RelayMachine

/// What is different from one small world to the next.
package struct SmallWorldPlan: Hashable, Sendable {
    package enum Start: String, Hashable, Sendable, CaseIterable {
        /// The phone is registered, and nothing was sent.
        case empty
        /// Both messages are stored, and both connections are bound.
        case busy
    }

    package var start = Start.empty
    package var redelivery = Redelivery.both
    /// Whether both messages have the same ID, so that the second is held until the first is over.
    package var haveSameID = false
    /// Un-ACKed messages on one connection.
    package var maxUnacked = 2

    /// From both beginnings every redelivery mode, with two IDs and with one, with a wide window
    /// and with a narrow one.
    package static let all: [SmallWorldPlan] = Start.allCases.flatMap { start in
        Redelivery.allCases.flatMap { redelivery in
            [(false, 2), (false, 1), (true, 2)].map { haveSameID, maxUnacked in
                SmallWorldPlan(
                    start: start, redelivery: redelivery, haveSameID: haveSameID,
                    maxUnacked: maxUnacked)
            }
        }
    }
}

extension SmallWorldPlan: CustomStringConvertible {
    package var description: String {
        "\(start.rawValue), \(redelivery.rawValue), \(haveSameID ? "one ID" : "two IDs"), "
            + "window \(maxUnacked)"
    }
}
