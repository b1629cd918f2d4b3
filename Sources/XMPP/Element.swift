/// One XML element as a value: a stanza, or a part of one.
///
/// Prefixes are resolved and gone: an element is known by its local name and its namespace. The
/// order of text and children among each other is not kept; nothing in XMPP depends on it.
package struct Element: Sendable {
    /// The local name, without a prefix.
    package var name: String
    /// The namespace; empty when the element is in none.
    package var namespace: String
    /// In the order of the wire. Namespace declarations are not among them.
    package var attributes: [Attribute]
    /// The child elements, in order.
    package var children: [Element]
    /// The character data directly in this element, joined, as UTF-8.
    package var text: [UInt8]

    package init(
        _ name: String, namespace: String, attributes: [Attribute] = [], children: [Element] = [],
        text: [UInt8] = []
    ) {
        self.name = name
        self.namespace = namespace
        self.attributes = attributes
        self.children = children
        self.text = text
    }

    /// An element that holds nothing but text.
    package init(_ name: String, namespace: String, text: String) {
        self.init(name, namespace: namespace, text: Array(text.utf8))
    }

    /// The text as a string.
    package var textString: String {
        String(decoding: text, as: UTF8.self)
    }

    /// The value of an attribute without a namespace. Setting `nil` removes it; a new one goes last.
    package subscript(attribute name: String) -> String? {
        get {
            index(ofAttribute: name).map { attributes[$0].value }
        }
        set {
            switch (index(ofAttribute: name), newValue) {
            case (let index?, let value?): attributes[index].value = value
            case (let index?, nil): attributes.remove(at: index)
            case (nil, let value?): attributes.append(Attribute(name, value))
            case (nil, nil): break
            }
        }
    }

    // By index, here and below: to hand each one to a closure would copy it.
    private func index(ofAttribute name: String) -> Int? {
        for index in attributes.indices
        where attributes[index].name.hasSameBytes(as: name) && attributes[index].namespace.isEmpty {
            return index
        }
        return nil
    }

    /// Whether this is the element of that name in that namespace.
    package func `is`(_ name: String, in namespace: String) -> Bool {
        self.name.hasSameBytes(as: name) && self.namespace.hasSameBytes(as: namespace)
    }

    /// The first child of that name in that namespace.
    package func child(_ name: String, in namespace: String) -> Element? {
        firstChild(name, in: namespace).map { children[$0] }
    }

    /// The index of that child: to look at it in its place is cheaper than a copy.
    package func firstChild(_ name: String, in namespace: String) -> Int? {
        for index in children.indices where children[index].is(name, in: namespace) {
            return index
        }
        return nil
    }
}

extension Element: Equatable {
    /// Equal when every name, value and text is the same bytes, in the same order.
    package static func == (left: Element, right: Element) -> Bool {
        left.is(right.name, in: right.namespace) && left.attributes == right.attributes
            && left.text == right.text && left.children == right.children
    }
}
