extension String {
    /// The two words that a string is.
    private typealias Words = (UInt, UInt)

    /// Whether both strings are the same UTF-8 bytes.
    ///
    /// `==` would also call a composed and a decomposed letter equal, which are different names to
    /// every other program on the wire.
    func hasSameBytes(as other: String) -> Bool {
        guard utf8.count == other.utf8.count else { return false }
        // Equal words are the same small string, or the same storage: so it is for most names.
        if unsafeBitCast(self, to: Words.self) == unsafeBitCast(other, to: Words.self) {
            return true
        }
        let isSame = utf8.withContiguousStorageIfAvailable { left in
            other.utf8.withContiguousStorageIfAvailable { right in
                UnsafeRawBufferPointer(left).hasSameBytes(as: UnsafeRawBufferPointer(right))
            }
        }
        return (isSame ?? nil) ?? utf8.elementsEqual(other.utf8)
    }

    /// Hands over the UTF-8 of the string where it lies.
    ///
    /// `withUTF8` would need a mutable copy, and to make and drop one costs more than most bodies.
    @inline(__always)
    func withBytes<Value>(_ body: (UnsafeRawBufferPointer) -> Value) -> Value {
        let value = utf8.withContiguousStorageIfAvailable { body(UnsafeRawBufferPointer($0)) }
        if let value { return value }
        // Only a string bridged from another language is not contiguous.
        return Array(utf8).withUnsafeBytes(body)
    }
}

extension Optional<String> {
    /// Whether both are absent, or the same UTF-8 bytes.
    func hasSameBytes(as other: String?) -> Bool {
        switch (self, other) {
        case (nil, nil): true
        case (let left?, let right?): left.hasSameBytes(as: right)
        case (nil, _), (_, nil): false
        }
    }
}

extension UnsafeRawBufferPointer {
    /// Compares eight bytes at a time: names are compared for every stanza.
    fileprivate func hasSameBytes(as other: UnsafeRawBufferPointer) -> Bool {
        guard count == other.count else { return false }
        guard count >= 8 else {
            for offset in 0..<count where self[offset] != other[offset] { return false }
            return true
        }
        // The last eight may overlap those before.
        for offset in stride(from: 0, to: count - 8, by: 8) {
            guard hasSameWord(as: other, at: offset) else { return false }
        }
        return hasSameWord(as: other, at: count - 8)
    }

    @inline(__always)
    private func hasSameWord(as other: UnsafeRawBufferPointer, at offset: Int) -> Bool {
        loadUnaligned(fromByteOffset: offset, as: UInt64.self)
            == other.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
    }
}
