import CloudMessaging
import FaultPlays
import NIOCore
import NIOPosix
import NetworkRuntime
import Nodes
import RealPrograms
import TLSEngine

/// An app server on the wire, over real TLS.
final class LiveAppServer: Sendable {
    private let client: NIOLoopBound<WireClient>
    private let eventLoop: any EventLoop
    private let watched = Watched(Heard())

    /// Connects; it logs in by itself.
    ///
    /// - Parameter onNews: told of each thing that comes.
    init(
        sender: SenderID, key: String, port: Int, tls: TLSContext, on eventLoop: any EventLoop,
        onNews: @escaping @Sendable () -> Void
    ) async throws {
        self.eventLoop = eventLoop
        let watched = watched
        client = try await eventLoop.flatSubmit {
            let client = WireClient(sender: sender, key: key) { heard in
                watched.change { $0 = heard }
                onNews()
            }
            let box = NIOLoopBound(client, eventLoop: eventLoop)
            return ClientBootstrap(group: eventLoop)
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        let connection = try TLSConnection(
                            context: tls, role: .client(hostName: "localhost"))
                        try channel.pipeline.syncOperations.addHandler(
                            TLSTransport(tls: connection, owner: box.value))
                    }
                }
                .connect(host: "127.0.0.1", port: port)
                .map { _ in box }
        }.get()
    }

    /// What came until now.
    var heard: Heard { watched.value }

    /// Waits until something came.
    func hears(_ isIt: @escaping @Sendable (Heard) -> Bool) async throws {
        try await watched.first(within: LivePlay.patience) { isIt($0) ? () : nil }
    }

    /// Lets it write, and returns when the kernel has it.
    func order(_ deed: @escaping @Sendable (WireClient) -> Void) async throws {
        try await eventLoop.submit { [client] in deed(client.value) }.get()
    }
}
