import DequeModule

/// The texts of a journal's events: bytes in blocks that are filled one after the other, each
/// dropped as a whole when no event needs it any more.
///
/// So a message is freed when the relay is done with it, and not a ring's length later, one cold
/// piece after the other. A value: a copied journal has its own blocks.
struct TextBlocks: Sendable {
    /// Where something begins.
    struct Place: Sendable {
        /// Blocks are counted from 1, dropped ones included; 0: nowhere.
        var block: UInt32 = 0
        var offset: UInt32 = 0
    }

    /// Bytes of a block, unless one piece alone is longer.
    private static let blockSize = 1 << 16
    /// Blocks back from the newest that a new event may refer to.
    private static let reach = 64

    private struct Block: Sendable {
        var bytes: [UInt8]
        /// The number of the event that it was begun for.
        let firstEvent: UInt64
    }

    private var blocks: Deque<Block> = []
    /// Blocks that were dropped.
    private var dropped: UInt32 = 0
    /// Bytes of the newest block that are taken.
    private var used = 0
    /// A block that was dropped, for the next one.
    private var spare: [UInt8]?

    /// Bytes that all blocks take.
    var size: Int { blocks.reduce(0) { $0 + $1.bytes.count } }

    /// Takes a piece of so many bytes.
    ///
    /// - Parameters:
    ///   - event: the number of the event that it is for.
    ///   - oldest: the number of the oldest event that is still there.
    mutating func write(
        bytes count: Int, for event: UInt64, oldest: UInt64, _ fill: (inout ByteWriter) -> Void
    ) -> Place {
        if blocks.isEmpty || used + count > blocks[blocks.count - 1].bytes.count {
            dropUnneeded(oldest: oldest)
            blocks.append(Block(bytes: emptyBlock(for: count), firstEvent: event))
            used = 0
        }
        let place = Place(block: dropped + UInt32(blocks.count), offset: UInt32(used))
        let piece = used..<used + count
        used += count
        blocks[blocks.count - 1].bytes.withUnsafeMutableBytes { block in
            var writer = ByteWriter(UnsafeMutableRawBufferPointer(rebasing: block[piece]))
            fill(&writer)
        }
        return place
    }

    /// Reads from a place on.
    func read<Piece>(at place: Place, _ read: (inout ByteReader) -> Piece) -> Piece {
        blocks[Int(place.block - dropped) - 1].bytes.withUnsafeBytes { block in
            var reader = ByteReader(
                UnsafeRawBufferPointer(rebasing: block[Int(place.offset)...]))
            return read(&reader)
        }
    }

    /// Whether a new event may refer to what was written for an earlier one. Farther back it may
    /// not: each event would keep a block.
    func isNear(_ place: Place) -> Bool {
        place.block > dropped && Int(place.block - dropped) + Self.reach > blocks.count
    }

    /// Only events from before the block that is `reach` after one can refer to it.
    private mutating func dropUnneeded(oldest: UInt64) {
        while blocks.count > Self.reach, blocks[Self.reach].firstEvent <= oldest {
            let block = blocks.removeFirst()
            if block.bytes.count == Self.blockSize { spare = block.bytes }
            dropped += 1
        }
    }

    private mutating func emptyBlock(for count: Int) -> [UInt8] {
        if count <= Self.blockSize, let block = spare.take() { return block }
        return [UInt8](repeating: 0, count: max(count, Self.blockSize))
    }

    mutating func removeAll() {
        dropped += UInt32(blocks.count)
        blocks = []
        used = 0
        spare = nil
    }
}
