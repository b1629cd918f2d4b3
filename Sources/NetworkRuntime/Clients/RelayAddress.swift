package import NIOCore
import NIOPosix
package import Nodes
package import TLSEngine

#if canImport(Glibc)
import Glibc
#else
import Musl
#endif

/// Where a relay listens, and the name that its certificate must have.
package struct RelayAddress: Sendable, Hashable, CustomStringConvertible {
    package let host: String
    package let port: Int

    package init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    package var description: String {
        host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    }

    /// How long a connection may take to come up.
    fileprivate static let connectTimeout = TimeAmount.seconds(10)

    /// Connects; the owner hears of the handshake and of everything after. The relay's certificate
    /// is verified against the context's CAs and the host, always.
    ///
    /// - Parameter source: the address of this machine to connect from; nil: any.
    package func connect(
        tls: TLSContext, on eventLoop: any EventLoop, owner: any TransportEvents,
        from source: SocketAddress? = nil
    ) -> EventLoopFuture<any Channel> {
        let owner = NIOLoopBound(owner, eventLoop: eventLoop)
        let host = host
        var bootstrap = ClientBootstrap(group: eventLoop)
        if let source { bootstrap = bootstrap.bind(to: source) }
        return
            bootstrap
            .connectTimeout(Self.connectTimeout)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try SocketOptions.set(on: channel)
                    let connection = try TLSConnection(
                        context: tls, role: .client(hostName: host))
                    try channel.pipeline.syncOperations.addHandler(
                        TLSTransport(tls: connection, owner: owner.value))
                }
            }
            .connect(host: host, port: port)
    }
}

extension TransportClosing {
    /// What to say of a connection that did not come up.
    package init(connecting address: RelayAddress, _ error: any Error) {
        switch error {
        case let closing as TransportClosing: self = closing
        case let tls as TLSError: self.init(tls)
        default: self = .failed("no connection to \(address): \(Self.reason(of: error))")
        }
    }

    /// What to say of a connection that broke.
    init(breaking error: any Error) {
        self = .failed("the connection broke: \(Self.reason(of: error))")
    }

    /// In the system's own words, without the wrapping of NIO's description.
    private static func reason(of error: any Error) -> String {
        switch error {
        case let error as IOError:
            String(cString: strerror(error.errnoCode))
        case let error as NIOConnectionError:
            // A host with several addresses: the first tells enough.
            (error.connectionErrors.first?.error ?? error.dnsAError ?? error.dnsAAAAError)
                .map(reason) ?? "the host is unknown"
        case ChannelError.connectTimeout:
            "no answer within \(RelayAddress.connectTimeout.nanoseconds / 1_000_000_000) s"
        default:
            "\(error)"
        }
    }
}
