import RelayMachine

/// What a transport tells the owner of a connection.
package protocol TransportEvents: AnyObject {
    /// The connection is up; the handshake begins.
    func transportBegan(_ transport: any Transport)
    /// The handshake is complete: plain text may be written.
    func transportOpened(_ transport: any Transport)
    /// Plain text came; there may be more of the same read.
    func transport(_ transport: any Transport, received bytes: UnsafeRawBufferPointer)
    /// All plain text of one read was handed over.
    func transportReadComplete(_ transport: any Transport)
    /// The connection takes more bytes, or takes none for now.
    func transport(_ transport: any Transport, becameWritable isWritable: Bool)
    /// The connection is gone; nothing more comes.
    func transportClosed(_ transport: any Transport, reason: TransportClosing)
}

/// How a connection ended.
package enum TransportClosing: Error, Sendable, CustomStringConvertible {
    /// The peer said that it was done, or we did without saying why.
    case clean
    /// We ended it, for this reason.
    case ended(String)
    /// The peer was gone without a word.
    case truncated
    /// What carries the connection gave up on it, for this reason.
    case failed(String)
    /// The peer broke a rule below the stream, and somebody has to change something.
    case violated(String)
    /// No handshake within the time for it.
    case handshakeTimeout

    /// Whether somebody has to change something before it can work.
    package var isFault: Bool {
        switch self {
        case .handshakeTimeout, .violated: true
        case .clean, .ended, .truncated, .failed: false
        }
    }

    package var description: String {
        switch self {
        case .clean: "the connection was closed"
        case .ended(let reason): "closed by the relay: \(reason)"
        case .truncated: "the connection broke off"
        case .failed(let reason), .violated(let reason): reason
        case .handshakeTimeout:
            "no TLS handshake came in time; the peer must speak TLS from the first byte"
        }
    }
}

extension TransportClosing {
    /// What a relay says of a connection that it ended itself, if nothing worse happened to it.
    func becoming(_ ownReason: CloseReason?) -> TransportClosing {
        guard case .clean = self, let ownReason else { return self }
        return .ended(ownReason.sentence)
    }
}

extension CloseReason {
    fileprivate var sentence: String {
        switch self {
        case .drained: "drained, its ACKs are in or its time for them is over"
        case .tooManyConnections: "the sender has as many connections as it may"
        case .idle: "it said nothing for too long"
        case .replaced: "a newer login of the same device took its place"
        case .tooManyUploads: "it has too many uploads without an answer"
        case .shutdown: "the relay ends"
        }
    }
}
