/// The attributes of a start tag as libxml2 hands them over: five pointers each, local name,
/// prefix, namespace, start and end of the value.
struct SAXAttributes {
    let count: Int
    let pointers: UnsafeMutablePointer<UnsafePointer<UInt8>?>?

    struct Entry {
        let localName: UnsafePointer<UInt8>?
        let namespace: UnsafePointer<UInt8>?
        /// Not ended by a NUL.
        let value: UnsafeBufferPointer<UInt8>
    }

    subscript(index: Int) -> Entry {
        guard let pointers, let valueStart = pointers[index * 5 + 3],
            let valueEnd = pointers[index * 5 + 4]
        else { preconditionFailure("libxml2 announced an attribute that it did not hand over") }
        return Entry(
            localName: pointers[index * 5], namespace: pointers[index * 5 + 2],
            value: UnsafeBufferPointer(start: valueStart, count: valueEnd - valueStart))
    }
}

/// The namespace declarations of a start tag: prefix and URI, two pointers each.
struct SAXNamespaces {
    let count: Int
    let pointers: UnsafeMutablePointer<UnsafePointer<UInt8>?>?

    /// What `xmlns` without a prefix declares.
    var defaultNamespace: String? {
        guard let pointers else { return nil }
        for index in 0..<count where pointers[index * 2] == nil {
            return pointers[index * 2 + 1].map { String(cString: $0) }
        }
        return nil
    }
}
