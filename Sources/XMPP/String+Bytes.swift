extension String {
    /// Whether both strings are the same UTF-8 bytes.
    ///
    /// `==` would also call a composed and a decomposed letter equal, which are different names to
    /// every other program on the wire.
    func hasSameBytes(as other: String) -> Bool {
        utf8.count == other.utf8.count && utf8.elementsEqual(other.utf8)
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
