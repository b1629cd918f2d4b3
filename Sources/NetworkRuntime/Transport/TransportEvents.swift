import NIOCore
package import TLSEngine

/// What a TLS transport tells the owner of a connection, always on the connection's event loop.
package protocol TransportEvents: AnyObject {
    /// The connection is up; the handshake begins.
    func transportBegan(_ transport: TLSTransport)
    /// The handshake is complete: plain text may be written.
    func transportOpened(_ transport: TLSTransport)
    /// Plain text came; there may be more of the same read.
    func transport(_ transport: TLSTransport, received bytes: UnsafeRawBufferPointer)
    /// All plain text of one read was handed over.
    func transportReadComplete(_ transport: TLSTransport)
    /// The connection takes more bytes, or takes none for now.
    func transport(_ transport: TLSTransport, becameWritable isWritable: Bool)
    /// The connection is gone; nothing more comes.
    func transportClosed(_ transport: TLSTransport, reason: TransportClosing)
}

/// How a connection ended.
package enum TransportClosing: Error, Sendable, CustomStringConvertible {
    /// The peer said that it was done, or we did.
    case clean
    /// The peer was gone without a word.
    case truncated
    case tls(TLSError)
    /// The socket's own error.
    case socket(String)
    /// No handshake within the time for it.
    case handshakeTimeout

    /// Whether somebody has to change something before it can work.
    var isFault: Bool {
        switch self {
        case .handshakeTimeout: true
        // Port checks hang up without a word, many times a minute.
        case .tls(.truncated): false
        case .tls: true
        case .clean, .truncated, .socket: false
        }
    }

    package var description: String {
        switch self {
        case .clean: "the connection was closed"
        case .truncated: "the connection broke off"
        case .tls(let error): error.description
        case .socket(let reason): reason
        case .handshakeTimeout:
            "no TLS handshake came in time; the peer must speak TLS from the first byte"
        }
    }
}
