/// A string whose identity is that of its UTF-8 bytes.
///
/// Swift compares strings by canonical equivalence, so a composed and a decomposed "é" are equal
/// there. On the wire they are different keys and different IDs; every identifier of the protocol
/// therefore compares and hashes its bytes.
package protocol ByteIdentified: Hashable, Sendable, CustomStringConvertible {
    /// The text as it stands on the wire.
    var text: String { get }
}

extension ByteIdentified {
    package static func == (left: Self, right: Self) -> Bool {
        left.text.hasSameBytes(as: right.text)
    }

    package func hash(into hasher: inout Hasher) {
        text.withBytes { hasher.combine(bytes: $0) }
    }

    package var description: String { text }
}

extension String {
    /// Hashes at most so many bytes of the text's end.
    func hashLast(_ count: Int, into hasher: inout Hasher) {
        let hashed: Void? = utf8.withContiguousStorageIfAvailable { bytes in
            let last = UnsafeBufferPointer(rebasing: bytes.suffix(count))
            hasher.combine(bytes: UnsafeRawBufferPointer(last))
        }
        if hashed == nil { hasher.combine(utf8.count) }
    }

    /// Whether both strings have the same UTF-8 bytes; "é" composed and decomposed do not.
    package func hasSameBytes(as other: String) -> Bool {
        guard utf8.count == other.utf8.count else { return false }
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
    @inlinable @inline(__always)
    package func withBytes<Value>(_ body: (UnsafeRawBufferPointer) -> Value) -> Value {
        let value = utf8.withContiguousStorageIfAvailable { body(UnsafeRawBufferPointer($0)) }
        if let value { return value }
        // Only a string bridged from another language is not contiguous.
        return Array(utf8).withUnsafeBytes(body)
    }
}

extension UnsafeRawBufferPointer {
    /// Compares eight bytes at a time: names are compared for every stanza.
    package func hasSameBytes(as other: UnsafeRawBufferPointer) -> Bool {
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
