internal import CLibXML2

/// One context of libxml2's push parser, with a stream header read.
///
/// Between whole stanzas its state depends on nothing but the header (the table of names, a cache,
/// aside), so another one made from the same header can take its place at any time.
///
/// Unchecked because of the C handle: a ``StreamParser`` uses it only while it holds the one
/// reference to it.
final class XMLPushParser: @unchecked Sendable {
    private let context: xmlParserCtxtPtr
    private let builder: UnsafeMutablePointer<StanzaBuilder>
    /// Names that were in the context's dictionary after the header.
    private let ownNames: Int
    private let headerFault: XMLFault?
    private var references = QuoteReferences()
    /// Bytes that libxml2 was given so far: asking it for them would cost more.
    private var fed: Int

    private static let libraryIsReady: Void = xmlInitParser()

    /// Reads a stream header.
    ///
    /// - Parameter header: the whole start tag.
    init(header: UnsafeRawBufferPointer) {
        Self.libraryIsReady
        builder = .allocate(capacity: 1)
        builder.initialize(to: StanzaBuilder())
        var handler = Self.handler
        guard let context = xmlCreatePushParserCtxt(&handler, builder, nil, 0, nil) else {
            fatalError("libxml2 could not allocate a parser context")
        }
        self.context = context
        // Without NOENT libxml2 leaves an & in an attribute as "&#38;". There are no entities but
        // the predefined ones: the framer refuses a DOCTYPE.
        xmlCtxtUseOptions(context, Int32(XML_PARSE_NONET.rawValue | XML_PARSE_NOENT.rawValue))
        Self.feed(header, to: context)
        // libxml2 looks at nothing before it has four bytes, and <s> has three.
        if header.count < 4 { [UInt8(ascii: " ")].withUnsafeBytes { Self.feed($0, to: context) } }
        fed = header.count
        ownNames = Int(xmlDictSize(context.pointee.dict))
        if builder.pointee.header == nil || builder.pointee.fault != nil {
            headerFault =
                MalformedStanza.fault(in: header) ?? builder.pointee.fault
                ?? XMLFault(.internalServerError, "a header that libxml2 did not finish", at: 0)
        } else {
            headerFault = nil
        }
    }

    deinit {
        xmlFreeParserCtxt(context)
        builder.deinitialize(count: 1)
        builder.deallocate()
    }

    /// What the header said, or what is wrong with it.
    func header() throws(XMLFault) -> StreamHeader {
        if let headerFault { throw headerFault }
        guard let header = builder.pointee.header else {
            preconditionFailure("a header without a fault was read")
        }
        return header
    }

    /// Reads one whole stanza.
    func parse(_ stanza: UnsafeRawBufferPointer) throws(XMLFault) -> Element {
        let before = fed
        if references.resolve(stanza) {
            references.output.withUnsafeBytes { feed($0) }
        } else {
            feed(stanza)
        }
        if builder.pointee.fault == nil, let element = builder.pointee.takeFinished() {
            return element
        }
        if let exact = MalformedStanza.fault(in: stanza) { throw exact }
        guard var fault = builder.pointee.fault else {
            throw XMLFault(.internalServerError, "a stanza that libxml2 did not finish", at: 0)
        }
        fault.offset = QuoteReferences.source(of: max(0, fault.offset - before), in: stanza)
        throw fault
    }

    /// What elements without a prefix are in, unless they declare something else.
    var contentNamespace: String { builder.pointee.contentNamespace }

    /// The string of a name or namespace that was read before; nil when it is new.
    func knownName(_ bytes: UnsafeRawBufferPointer, at range: Range<Int>) -> String? {
        let start = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
        guard let start, !range.isEmpty,
            let name = xmlDictExists(
                context.pointee.dict, start + range.lowerBound, Int32(range.count))
        else { return nil }
        return builder.pointee.name(at: name)
    }

    /// Names, prefixes and namespaces that stanzas have brought in so far.
    var nameCount: Int {
        Int(xmlDictSize(context.pointee.dict)) - ownNames
    }

    private func feed(_ bytes: UnsafeRawBufferPointer) {
        fed += bytes.count
        Self.feed(bytes, to: context)
    }

    private static func feed(_ bytes: UnsafeRawBufferPointer, to context: xmlParserCtxtPtr) {
        let start = bytes.baseAddress?.assumingMemoryBound(to: CChar.self)
        xmlParseChunk(context, start, Int32(bytes.count), 0)
    }
}

// MARK: Callbacks

extension XMLPushParser {
    private static func builder(
        _ pointer: UnsafeMutableRawPointer?
    ) -> UnsafeMutablePointer<StanzaBuilder> {
        pointer!.assumingMemoryBound(to: StanzaBuilder.self)
    }

    /// Only what the builder needs; everything else that XML can hold never gets past the framer.
    private static var handler: xmlSAXHandler {
        var handler = xmlSAXHandler()
        handler.initialized = XML_SAX2_MAGIC
        handler.startElementNs = {
            pointer, localName, _, namespace, namespaceCount, namespaces, attributeCount, _,
            attributes in
            XMLPushParser.builder(pointer).pointee.startElement(
                localName: localName, namespace: namespace,
                namespaces: SAXNamespaces(count: Int(namespaceCount), pointers: namespaces),
                attributes: SAXAttributes(count: Int(attributeCount), pointers: attributes))
        }
        handler.endElementNs = { pointer, _, _, _ in
            XMLPushParser.builder(pointer).pointee.endElement()
        }
        let characters: charactersSAXFunc = { pointer, start, count in
            XMLPushParser.builder(pointer).pointee.characters(
                UnsafeBufferPointer(start: start, count: Int(count)))
        }
        handler.characters = characters
        handler.ignorableWhitespace = characters
        handler.cdataBlock = characters
        handler.serror = { pointer, error in
            guard let error = error?.pointee, let fault = XMLPushParser.fault(error) else { return }
            XMLPushParser.builder(pointer).pointee.record(fault)
        }
        return handler
    }

    /// Reads libxml2's report; `nil` for what is only a warning.
    private static func fault(_ error: xmlError) -> XMLFault? {
        let code = xmlParserErrors(UInt32(bitPattern: error.code))
        guard error.level.rawValue >= XML_ERR_ERROR.rawValue,
            code != XML_WAR_NS_URI, code != XML_WAR_NS_URI_RELATIVE
        else { return nil }
        let condition: StreamError.Condition =
            switch code {
            case XML_ERR_NO_MEMORY: .resourceConstraint
            case XML_NS_ERR_UNDEFINED_NAMESPACE: .badNamespacePrefix
            case XML_NS_ERR_XML_NAMESPACE, XML_NS_ERR_QNAME, XML_NS_ERR_ATTRIBUTE_REDEFINED,
                XML_NS_ERR_EMPTY, XML_NS_ERR_COLON:
                .invalidNamespace
            default: .notWellFormed
            }
        var message = error.message.map { String(cString: $0) } ?? "broken XML"
        if message.hasSuffix("\n") { message.removeLast() }
        let context = error.ctxt?.assumingMemoryBound(to: xmlParserCtxt.self)
        let offset = context.map { Int(xmlByteConsumed($0)) } ?? 0
        return XMLFault(condition, message, at: offset)
    }
}
