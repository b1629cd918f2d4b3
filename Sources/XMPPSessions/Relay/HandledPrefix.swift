import XMPP

/// Which stanzas of a device are dealt with: `h` is the longest prefix in which each one is
/// (design, "Device stream"; XEP-0198 §4).
struct HandledPrefix {
    private var counter = HandledStanzaCounter()
    /// Stanzas received since acknowledgements were turned on, modulo 2³².
    private var received: UInt32 = 0
    /// Dealt with, behind one that is not.
    private var ahead: Set<UInt32> = []
    /// What the device was told last.
    private var told: UInt32 = 0

    /// The `h` of now.
    var handled: UInt32 { counter.handled }

    /// Whether the device does not know of all that is dealt with.
    var hasNews: Bool { counter.handled != told }

    /// A stanza came: returns its number, counted from 1.
    mutating func receive() -> UInt32 {
        received &+= 1
        return received
    }

    /// So many stanzas, from one on, are dealt with.
    mutating func finish(_ first: UInt32, count: Int = 1) {
        guard first == counter.handled &+ 1 else {
            for index in 0..<count { ahead.insert(first &+ UInt32(index)) }
            return
        }
        for _ in 0..<count { counter.didHandle() }
        while !ahead.isEmpty, ahead.remove(counter.handled &+ 1) != nil { counter.didHandle() }
    }

    /// The answer to write now.
    mutating func tell() -> StreamManagement {
        told = counter.handled
        return .answer(handled: told)
    }
}
