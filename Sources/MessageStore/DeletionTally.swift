package import CloudMessaging

/// How many messages a mailbox dropped when it overflowed, and how many of them the app was told.
///
/// Both only grow, so that a notice that is told twice takes nothing from the next one.
package struct DeletionTally: Hashable {
    package private(set) var dropped: Int
    package private(set) var told: Int
    /// The highest sequence that was dropped; a repeated deposit up to here was dropped with it.
    package private(set) var lastOverflow: Int64

    package init(dropped: Int = 0, told: Int = 0, lastOverflow: Int64 = 0) {
        self.dropped = dropped
        self.told = told
        self.lastOverflow = lastOverflow
    }

    package var isTold: Bool { told == dropped }

    package func notice(for registration: Int64) -> DeletionNotice {
        DeletionNotice(registration: registration, total: dropped - told, through: dropped)
    }

    mutating func drop(_ sequences: [Int64]) {
        dropped += sequences.count
        lastOverflow = max(lastOverflow, sequences.max() ?? 0)
    }

    mutating func tell(_ notice: DeletionNotice) {
        told = max(told, min(notice.through, dropped))
    }
}
