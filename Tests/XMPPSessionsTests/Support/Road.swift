import XMPP

@testable import XMPPSessions

/// A client and the relay's door for it, joined by a wire that may carry a few bytes at a time.
struct Road<Client: Door, Relay: Door> {
    var client: Client
    var relay: Relay
    /// Bytes that travel at once; nil: all that there are.
    var pieceSize: Int?
    private(set) var clientLog: [String] = []
    private(set) var relayLog: [String] = []
    /// All that the client wrote.
    private(set) var up: [UInt8] = []
    /// All that the relay wrote.
    private(set) var down: [UInt8] = []

    init(_ client: Client, _ relay: Relay, pieceSize: Int? = nil) {
        self.client = client
        self.relay = relay
        self.pieceSize = pieceSize
    }

    /// Lets everything travel that was written, and what is written in answer.
    mutating func settle() {
        relayLog += relay.events()
        while true {
            let upward = client.session.takeOutput()
            for piece in pieces(upward) { relayLog += relay.hear(piece) }
            let downward = relay.session.takeOutput()
            for piece in pieces(downward) { clientLog += client.hear(piece) }
            up += upward
            down += downward
            if upward.isEmpty, downward.isEmpty { return }
        }
    }

    private func pieces(_ bytes: [UInt8]) -> [[UInt8]] {
        let size = pieceSize ?? max(1, bytes.count)
        return stride(from: 0, to: bytes.count, by: size).map {
            Array(bytes[$0..<min($0 + size, bytes.count)])
        }
    }
}
