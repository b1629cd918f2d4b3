package import NIOCore
package import NIOPosix
package import Nodes
package import TLSEngine

extension ServerBootstrap {
    /// Accepts connections that speak TLS from the first byte.
    ///
    /// - Parameter owner: makes the owner of an accepted connection, on its event loop.
    package static func tls(
        on group: any EventLoopGroup, _ tls: TLSContext, handshakeTimeout: Duration,
        owner: @escaping @Sendable (any Channel) -> any TransportEvents
    ) -> ServerBootstrap {
        ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 1_024)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try SocketOptions.set(on: channel)
                    let connection = try TLSConnection(context: tls, role: .server)
                    let transport = TLSTransport(
                        tls: connection, owner: owner(channel),
                        handshakeTimeout: handshakeTimeout)
                    try channel.pipeline.syncOperations.addHandler(transport)
                }
            }
    }
}
