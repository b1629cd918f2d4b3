import NIOCore
import Nodes
import TLSEngine

/// Connects to a relay by TLS over a socket, on one event loop.
final class SocketConnector: Connector {
    private let address: RelayAddress
    private let tls: TLSContext
    private let eventLoop: any EventLoop

    init(to address: RelayAddress, tls: TLSContext, on eventLoop: any EventLoop) {
        self.address = address
        self.tls = tls
        self.eventLoop = eventLoop
    }

    func connect(
        owner: any TransportEvents, failed: @escaping (TransportClosing) -> Void
    ) {
        let address = address
        let failed = NIOLoopBound(failed, eventLoop: eventLoop)
        address.connect(tls: tls, on: eventLoop, owner: owner).whenFailure { error in
            failed.value(TransportClosing(connecting: address, error))
        }
    }
}
