import COpenSSL
import TLSEngine
import Testing

struct UnusualClientTests {
    private let server: TLSEnd

    init() throws {
        server = try TLSEnd(TLSContext(server: TestTrust().identity()), .server)
    }

    @Test("A client that wants to negotiate again is turned down, and gives up")
    func renegotiation() throws {
        let client = RawClient(version: TLS1_2_VERSION)
        client.exchange(with: server)
        #expect(server.connection.state == .open)
        client.renegotiate()
        client.exchange(with: server)
        #expect(server.error == .alert(TLSAlert(code: 40), from: .client))
    }

    @Test("A client that changes its keys is understood, and gets data under our new ones")
    func keyUpdate() throws {
        let client = RawClient(version: TLS1_3_VERSION)
        client.exchange(with: server)
        client.updateKeys()
        #expect(client.send([1, 2, 3]))
        client.exchange(with: server)
        try server.send([4])
        client.exchange(with: server)
        #expect(client.received == [4])
        #expect(client.send([5]))
        client.exchange(with: server)
        #expect(server.received == [1, 2, 3, 5])
        #expect(server.error == nil)
    }
}
