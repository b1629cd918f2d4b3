extension String {
    /// Whether both strings are the same UTF-8 bytes.
    ///
    /// `==` would also call a composed and a decomposed letter equal, which are different names to
    /// every other program on the wire.
    func hasSameBytes(as other: String) -> Bool {
        utf8.count == other.utf8.count
            && withBytes { left in other.withBytes { right in left.hasSameBytes(as: right) } }
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
        var offset = 0
        while offset + 8 <= count {
            guard
                loadUnaligned(fromByteOffset: offset, as: UInt64.self)
                    == other.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
            else { return false }
            offset += 8
        }
        while offset < count {
            guard self[offset] == other[offset] else { return false }
            offset += 1
        }
        return true
    }
}
