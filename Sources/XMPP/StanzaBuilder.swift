/// Makes a stream header and elements out of libxml2's callbacks.
struct StanzaBuilder {
    /// What the outermost tag said, once it was read.
    private(set) var header: StreamHeader?
    /// What the outermost tag declared for elements without a prefix.
    private(set) var contentNamespace = ""
    /// Whether the outermost tag was read; asked for each tag, and cheaper than a header.
    private var isOpen = false
    /// The stanza that was completed last.
    private(set) var finished: Element?
    /// The first thing that was wrong.
    private(set) var fault: XMLFault?

    private var open: [Element] = []
    /// Text of the innermost open element since its last tag.
    private var text: [UInt8] = []
    private var names = NameTable()

    /// The string of a name that libxml2 keeps at an address.
    mutating func name(at address: UnsafePointer<UInt8>) -> String { names.string(at: address) }

    /// A stanza is complete, and nothing else is open.
    mutating func takeFinished() -> Element? {
        finished.take()
    }

    mutating func startElement(
        localName: UnsafePointer<UInt8>?, namespace: UnsafePointer<UInt8>?,
        namespaces: SAXNamespaces, attributes: SAXAttributes
    ) {
        let name = names.string(at: localName)
        let namespace = names.string(at: namespace)
        let attributes = read(attributes)
        guard isOpen else {
            openStream(name, namespace, namespaces, attributes)
            return
        }
        flushText()
        open.append(Element(name, namespace: namespace, attributes: attributes))
    }

    mutating func characters(_ characters: UnsafeBufferPointer<UInt8>) {
        guard !open.isEmpty else { return }
        text.append(contentsOf: characters)
    }

    mutating func endElement() {
        flushText()
        guard let element = open.popLast() else { return }
        if open.isEmpty {
            finished = element
        } else {
            open[open.count - 1].children.append(element)
        }
    }

    mutating func record(_ fault: XMLFault) {
        if self.fault == nil { self.fault = fault }
    }

    private mutating func flushText() {
        guard !text.isEmpty else { return }
        if open[open.count - 1].text.isEmpty {
            // The bytes move, and are not copied once more.
            swap(&open[open.count - 1].text, &text)
        } else {
            open[open.count - 1].text.append(contentsOf: text)
            text.removeAll(keepingCapacity: true)
        }
    }

    private mutating func openStream(
        _ name: String, _ namespace: String, _ namespaces: SAXNamespaces,
        _ attributes: [Attribute]
    ) {
        isOpen = true
        contentNamespace = namespaces.defaultNamespace ?? ""
        let element = Element(name, namespace: namespace, attributes: attributes)
        header = StreamHeader(
            to: element[attribute: "to"], from: element[attribute: "from"],
            id: element[attribute: "id"], version: element[attribute: "version"],
            language: attributes.first { $0.name == "lang" && $0.namespace == Namespace.xml }?
                .value)
        if name != "stream" {
            record(XMLFault(.badFormat, "<\(name)> instead of a stream header", at: 0))
        } else if namespace != Namespace.streams {
            record(
                XMLFault(
                    .invalidNamespace, "a stream in namespace \"\(namespace)\"", at: 0,
                    advice: "it must be \(Namespace.streams)"))
        } else if let content = namespaces.defaultNamespace, content != Namespace.client {
            record(
                XMLFault(
                    .invalidNamespace, "a stream for stanzas in namespace \"\(content)\"", at: 0,
                    advice: "it must be \(Namespace.client)"))
        }
    }

    private mutating func read(_ attributes: SAXAttributes) -> [Attribute] {
        guard attributes.count > 0 else { return [] }
        var result: [Attribute] = []
        result.reserveCapacity(attributes.count)
        for index in 0..<attributes.count {
            let attribute = attributes[index]
            result.append(
                Attribute(
                    names.string(at: attribute.localName),
                    String(decoding: attribute.value, as: UTF8.self),
                    namespace: names.string(at: attribute.namespace)))
        }
        return result
    }
}
