import Foundation
import NIOCore
import NIOPosix
import NetworkRuntime
import Nodes
import TLSEngine

/// Gives every byte back over our own TLS: what the transport alone costs.
enum EchoServer {
    static func run(trustDirectory: String) async throws {
        let now = Int64(Date().timeIntervalSince1970)
        let authority = try LocalAuthority(directory: trustDirectory, now: now)
        let tls = try TLSContext(server: authority.serverIdentity(now: now))
        let channel = try await ServerBootstrap(
            group: MultiThreadedEventLoopGroup(numberOfThreads: 1)
        )
        .childChannelInitializer { channel in
            channel.eventLoop.makeCompletedFuture {
                try SocketOptions.set(on: channel)
                let connection = try TLSConnection(context: tls, role: .server)
                try channel.pipeline.syncOperations.addHandler(
                    TLSTransport(tls: connection, owner: EchoLink()))
            }
        }
        .bind(host: "127.0.0.1", port: 0).get()
        print("\(channel.localAddress?.port ?? 0) \(authority.certificateFile)")
        fflush(nil)
        try await channel.closeFuture.get()
    }
}

/// One connection of the echo server: writes back once a read.
private final class EchoLink: TransportEvents {
    private var bytes: [UInt8] = []

    func transportBegan(_ transport: any Transport) {}
    func transportOpened(_ transport: any Transport) {}

    func transport(_ transport: any Transport, received bytes: UnsafeRawBufferPointer) {
        self.bytes.append(contentsOf: bytes)
    }

    func transportReadComplete(_ transport: any Transport) {
        transport.write(&bytes)
    }

    func transport(_ transport: any Transport, becameWritable isWritable: Bool) {}
    func transportClosed(_ transport: any Transport, reason: TransportClosing) {}
}
