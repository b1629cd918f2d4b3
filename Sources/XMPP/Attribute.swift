/// An attribute of an ``Element``.
package struct Attribute: Sendable {
    /// The local name, without a prefix.
    package var name: String
    /// The namespace; empty for an attribute without a prefix, as nearly all are.
    package var namespace: String
    /// The value, after XML's references were resolved.
    package var value: String

    package init(_ name: String, _ value: String, namespace: String = "") {
        self.name = name
        self.namespace = namespace
        self.value = value
    }
}

extension Attribute: Equatable {
    package static func == (left: Attribute, right: Attribute) -> Bool {
        left.name.hasSameBytes(as: right.name) && left.value.hasSameBytes(as: right.value)
            && left.namespace.hasSameBytes(as: right.namespace)
    }
}
