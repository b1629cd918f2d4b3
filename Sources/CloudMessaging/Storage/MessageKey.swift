/// The place of an upstream message in its sender's queue, and its primary key in every store.
///
/// One 63-bit number orders the messages of a lane, so a store needs no second index to read a
/// lane in order: 19 bits sender number, 4 bits lane, 40 bits sequence.
package struct MessageKey: Hashable, Comparable, Sendable {
    package let rawValue: Int64

    package init(rawValue: Int64) {
        self.rawValue = rawValue
    }

    package init(lane: LaneID, sequence: Int64) {
        precondition(sequence >= 0 && sequence <= Self.sequenceMask, "message sequence exhausted")
        rawValue = Int64(lane.rawValue) << Self.sequenceBits | sequence
    }

    package var lane: LaneID { LaneID(rawValue: Int32(rawValue >> Self.sequenceBits)) }

    /// Counts the messages of a store over all its lanes; never used twice.
    package var sequence: Int64 { rawValue & Self.sequenceMask }

    package static func < (left: MessageKey, right: MessageKey) -> Bool {
        left.rawValue < right.rawValue
    }

    /// What fits into a key.
    package static let sequences = 0...sequenceMask

    private static let sequenceBits: Int64 = 40
    fileprivate static let sequenceMask: Int64 = 1 << 40 - 1
}

/// One of the 16 lanes of one sender's queue (design decision 10).
package struct LaneID: Hashable, Sendable {
    package let rawValue: Int32

    package init(rawValue: Int32) {
        self.rawValue = rawValue
    }

    package init(sender: SenderNumber, index: Int) {
        precondition(index >= 0 && index < Limits.lanesPerSender, "no such lane")
        rawValue = sender.rawValue << 4 | Int32(index)
    }

    package var sender: SenderNumber { SenderNumber(rawValue: rawValue >> 4) }

    /// 0 ..< `Limits.lanesPerSender`
    package var index: Int { Int(rawValue & 15) }

    /// Sorts before every message of the lane.
    package var start: MessageKey { MessageKey(lane: self, sequence: 0) }

    /// No message of the lane sorts after it.
    package var end: MessageKey { MessageKey(lane: self, sequence: MessageKey.sequenceMask) }
}

/// The number that a store gives a sender ID, counted from 0; at most 2^19.
package struct SenderNumber: Hashable, Sendable {
    package let rawValue: Int32

    package init(rawValue: Int32) {
        precondition(rawValue >= 0 && rawValue < 1 << 19, "too many sender IDs in one store")
        self.rawValue = rawValue
    }
}
