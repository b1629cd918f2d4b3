/// Remembers the strings of names that libxml2 keeps at fixed addresses.
///
/// A stream uses the same dozen names for ever; making a `String` of each anew would cost more
/// than the rest of a stanza. The table holds one name per slot and forgets the older one.
struct NameTable {
    private struct Slot {
        var address: UnsafePointer<UInt8>?
        var name = ""
    }

    private var slots = [Slot](repeating: Slot(), count: 64)

    /// The string of a name, which must stay unchanged at its address.
    mutating func string(at address: UnsafePointer<UInt8>?) -> String {
        guard let address else { return "" }
        let bits = UInt(bitPattern: address)
        let index = Int((bits ^ (bits >> 6)) & 63)
        if slots[index].address == address { return slots[index].name }
        let name = String(cString: address)
        slots[index] = Slot(address: address, name: name)
        return name
    }
}
