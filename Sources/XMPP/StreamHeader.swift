/// The opening tag of a stream (RFC 6120 §4.7).
package struct StreamHeader: Sendable {
    /// The name that the initiating side asks for. Real app servers put any text here.
    package var to: String?
    package var from: String?
    /// The receiving side's name for this stream.
    package var id: String?
    /// `1.0` everywhere; absent means a peer older than RFC 3920.
    package var version: String?
    /// `xml:lang`.
    package var language: String?

    package init(
        to: String? = nil, from: String? = nil, id: String? = nil, version: String? = "1.0",
        language: String? = nil
    ) {
        self.to = to
        self.from = from
        self.id = id
        self.version = version
        self.language = language
    }
}

extension StreamHeader: Equatable {
    package static func == (left: StreamHeader, right: StreamHeader) -> Bool {
        left.to.hasSameBytes(as: right.to) && left.from.hasSameBytes(as: right.from)
            && left.id.hasSameBytes(as: right.id) && left.version.hasSameBytes(as: right.version)
            && left.language.hasSameBytes(as: right.language)
    }
}

extension XMLWriter {
    /// Opens a stream in the order of attributes that the real service used, without an XML
    /// declaration: several clients read only the first one of a connection.
    package mutating func streamHeader(_ header: StreamHeader) {
        openTag("stream:stream")
        if let to = header.to { attribute("to", to) }
        if let from = header.from { attribute("from", from) }
        if let id = header.id { attribute("id", id) }
        if let version = header.version { attribute("version", version) }
        if let language = header.language { attribute("xml:lang", language) }
        attribute("xmlns:stream", Namespace.streams)
        attribute("xmlns", Namespace.client)
        endTagOpening()
    }

    /// Closes the stream.
    package mutating func streamEnd() {
        closeTag("stream:stream")
    }
}
