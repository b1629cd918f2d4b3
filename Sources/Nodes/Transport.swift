/// A connection that carries plain text both ways: TLS on a socket, or a link of the simulator.
///
/// What happens on it goes to its owner, see `TransportEvents`.
package protocol Transport: AnyObject {
    /// Takes plain text for the wire; empties the array.
    func write(_ plaintext: inout [UInt8])
    /// Ends the connection once everything written is on the wire.
    func close()
    /// Ends the connection at once, whatever is still to be written.
    func abort()
    /// The same, and the peer is to see a reset.
    func reset()
    /// Whether bytes from the peer are taken off the wire.
    var isReading: Bool { get set }
    /// Whether the connection takes more bytes without keeping them.
    var isWritable: Bool { get }
    /// Bytes that were written and are not on the wire yet.
    var bufferedBytes: Int { get }
}

extension Transport {
    package func reset() { abort() }
}

/// Makes connections of a client to its relay.
package protocol Connector: AnyObject {
    /// Begins to connect.
    ///
    /// - Parameters:
    ///   - owner: hears of the connection once it is up.
    ///   - failed: called if it does not come up, in place of all else.
    func connect(
        owner: any TransportEvents, failed: @escaping (TransportClosing) -> Void)
}
