import TLSEngine
import Testing

struct TransferTests {
    @Test(
        "A megabyte passes unchanged in both directions at once",
        arguments: [TLSVersion.tls12, .tls13], [1, 1387, Int.max])
    func large(version: TLSVersion, fragment: Int) throws {
        var pair = try TLSPair(TestTrust(), version: version)
        pair.fragment = fragment
        try pair.connect()
        let count = fragment == 1 ? 40_000 : 1 << 20
        let up = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }
        let down = Array(up.reversed())
        try pair.client.send(up)
        try pair.server.send(down)
        pair.exchange()
        #expect(pair.server.received == up)
        #expect(pair.client.received == down)
    }

    @Test("Many records in one read are handed over together, in order")
    func manyRecords() throws {
        let pair = try TLSPair(TestTrust())
        try pair.connect()
        for number in 0..<200 {
            try pair.client.send([UInt8](repeating: UInt8(number), count: 100))
        }
        var pieces: [Int] = []
        let ciphertext = pair.client.connection.takeCiphertext()
        try ciphertext.withUnsafeBytes { bytes in
            try pair.server.connection.receive(bytes) { pieces.append($0.count) }
        }
        #expect(pieces.reduce(0, +) == 20_000)
        // One piece for each 16 KiB slice or buffer, not one for each record.
        #expect(pieces.count <= 4)
    }

    @Test("Sending nothing makes no record")
    func empty() throws {
        let pair = try TLSPair(TestTrust())
        try pair.connect()
        try pair.client.send([])
        #expect(pair.client.connection.pendingCiphertext == 0)
    }

    @Test("Ciphertext can be taken in pieces of any size")
    func takeInPieces() throws {
        let pair = try TLSPair(TestTrust())
        try pair.connect()
        try pair.client.send([UInt8](repeating: 7, count: 100_000))
        var piece = [UInt8](repeating: 0, count: 999)
        while pair.client.connection.pendingCiphertext > 0 {
            let count = piece.withUnsafeMutableBytes { buffer in
                pair.client.connection.takeCiphertext(into: buffer)
            }
            pair.server.receive(Array(piece[..<count]))
        }
        #expect(pair.server.received == [UInt8](repeating: 7, count: 100_000))
    }

    @Test("An answer can be sent from within the delivery of the question, and a goodbye too")
    func answerFromWithin() throws {
        let pair = try TLSPair(TestTrust())
        try pair.connect()
        let server = pair.server.connection
        try pair.client.send(Array("question".utf8))
        let question = pair.client.connection.takeCiphertext()
        try question.withUnsafeBytes { bytes in
            try server.receive(bytes) { plaintext in
                try? server.send(plaintext)
                server.shutdown()
            }
        }
        pair.exchange()
        #expect(pair.client.received == Array("question".utf8))
        #expect(pair.client.connection.state == .peerClosed)
    }
}
