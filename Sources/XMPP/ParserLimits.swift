/// What one peer may make the parser hold. A limit itself is still allowed; one more is not.
package struct ParserLimits: Sendable, Equatable {
    /// Bytes of a stanza, from its `<` to its last `>`.
    package var stanzaBytes = 64 * 1024
    /// Bytes of one tag with its attributes; the stream header is a tag too.
    package var tagBytes = 4 * 1024
    /// How deep elements may nest; the stanza itself is at depth 1.
    package var depth = 32
    /// Different names, prefixes and namespaces that a stream may use after its header.
    ///
    /// libxml2 keeps each for the life of its context and grows slower with every one.
    package var names = 500

    package init() {}
}
