import TLSEngine

/// A connection and what came out of it.
final class TLSEnd {
    let connection: TLSConnection
    private(set) var received: [UInt8] = []
    private(set) var error: TLSError?

    init(_ context: TLSContext, _ role: TLSConnection.Role) throws {
        connection = try TLSConnection(context: context, role: role)
    }

    func send(_ bytes: [UInt8]) throws {
        try bytes.withUnsafeBytes { plaintext in try connection.send(plaintext) }
    }

    func receive(_ bytes: [UInt8]) {
        do {
            try bytes.withUnsafeBytes { ciphertext in
                try connection.receive(ciphertext) { plaintext in
                    received.append(contentsOf: plaintext)
                }
            }
        } catch {
            self.error = error as? TLSError
        }
    }

    func endOfStream() {
        do {
            try connection.receiveEndOfStream()
        } catch {
            self.error = error
        }
    }
}

/// A client and a server with a wire in between that cuts the bytes as it likes.
struct TLSPair {
    let client: TLSEnd
    let server: TLSEnd
    /// The longest piece that the wire hands over at once.
    var fragment = Int.max

    init(client: TLSContext, server: TLSContext, hostName: String = "localhost") throws {
        self.client = try TLSEnd(client, .client(hostName: hostName))
        self.server = try TLSEnd(server, .server)
    }

    init(
        _ trust: TestTrust, identity: ServerIdentity? = nil, hostName: String = "localhost",
        version: TLSVersion = .tls13
    ) throws {
        try self.init(
            client: trust.clientContext(version),
            server: TLSContext(server: identity ?? trust.identity()), hostName: hostName)
    }

    /// Carries bytes until both sides are silent.
    func exchange() {
        while client.connection.pendingCiphertext + server.connection.pendingCiphertext > 0 {
            carry(from: client, to: server)
            carry(from: server, to: client)
        }
    }

    func carry(from sender: TLSEnd, to receiver: TLSEnd) {
        var bytes = sender.connection.takeCiphertext()[...]
        while !bytes.isEmpty {
            receiver.receive(Array(bytes.prefix(fragment)))
            bytes = bytes.dropFirst(fragment)
        }
    }

    func connect() throws {
        try client.connection.start()
        exchange()
    }
}
