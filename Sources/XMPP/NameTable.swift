/// Remembers the strings of names that libxml2 keeps at fixed addresses.
///
/// A stream uses the same dozen names for ever; making a `String` of each anew would cost more
/// than the rest of a stanza. The table holds one name per slot; a name that finds its own taken
/// goes into a slot close by, or else takes the place of the one that is there.
struct NameTable {
    private struct Slot {
        var address: UnsafePointer<UInt8>?
        var name = ""
    }

    /// How many slots a name may be in.
    private static let neighbours = 4

    private var slots = [Slot](repeating: Slot(), count: 64)

    /// The string of a name, which must stay unchanged at its address.
    mutating func string(at address: UnsafePointer<UInt8>?) -> String {
        guard let address else { return "" }
        let bits = UInt(bitPattern: address)
        let first = Int((bits ^ (bits >> 6)) & 63)
        for index in first..<first + Self.neighbours {
            if slots[index & 63].address == address { return slots[index & 63].name }
            if slots[index & 63].address == nil { return remember(address, at: index & 63) }
        }
        return remember(address, at: first)
    }

    private mutating func remember(_ address: UnsafePointer<UInt8>, at index: Int) -> String {
        let name = String(cString: address)
        slots[index] = Slot(address: address, name: name)
        return name
    }
}
