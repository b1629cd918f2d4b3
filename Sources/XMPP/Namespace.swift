/// The XML namespaces of XMPP that this module reads and writes.
package enum Namespace {
    /// What the stanzas of a client's stream are in (RFC 6120 §4.8.3).
    package static let client = "jabber:client"
    /// The stream itself, its features and its errors (RFC 6120 §4.8.1).
    package static let streams = "http://etherx.jabber.org/streams"
    /// Conditions of stream errors (RFC 6120 §4.9.2).
    package static let streamErrors = "urn:ietf:params:xml:ns:xmpp-streams"
    /// Conditions of stanza errors (RFC 6120 §8.3.2).
    package static let stanzaErrors = "urn:ietf:params:xml:ns:xmpp-stanzas"
    /// Authentication (RFC 6120 §6).
    package static let sasl = "urn:ietf:params:xml:ns:xmpp-sasl"
    /// Resource binding (RFC 6120 §7).
    package static let bind = "urn:ietf:params:xml:ns:xmpp-bind"
    /// Session establishment, which does nothing any more (RFC 3921 §3).
    package static let session = "urn:ietf:params:xml:ns:xmpp-session"
    /// Application-level ping (XEP-0199).
    package static let ping = "urn:xmpp:ping"
    /// Stream management (XEP-0198).
    package static let streamManagement = "urn:xmpp:sm:3"
    /// What the prefix `xml` always stands for; `xml:lang` is in it.
    package static let xml = "http://www.w3.org/XML/1998/namespace"
}
