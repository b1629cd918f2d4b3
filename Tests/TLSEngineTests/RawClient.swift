import COpenSSL
import TLSEngine

/// A client made of OpenSSL alone, which does what `TLSConnection` never would.
final class RawClient {
    private let context: OpaquePointer?
    private let handle: OpaquePointer?
    private(set) var received: [UInt8] = []

    init(version: Int32) {
        context = SSL_CTX_new(TLS_client_method())
        _ = shim_SSL_CTX_set_min_proto_version(context, version)
        _ = shim_SSL_CTX_set_max_proto_version(context, version)
        handle = SSL_new(context)
        SSL_set_bio(handle, BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()))
        SSL_set_connect_state(handle)
    }

    deinit {
        SSL_free(handle)
        SSL_CTX_free(context)
    }

    /// Carries bytes until both are silent; what the server's user gets is `server.received`.
    func exchange(with server: TLSEnd) {
        while true {
            step()
            let up = takeCiphertext()
            server.receive(up)
            let down = server.connection.takeCiphertext()
            BIO_write(SSL_get_rbio(handle), down, Int32(down.count))
            if up.isEmpty && down.isEmpty { return }
        }
    }

    func send(_ bytes: [UInt8]) -> Bool {
        SSL_write(handle, bytes, Int32(bytes.count)) == bytes.count
    }

    func takeCiphertext() -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: BIO_ctrl_pending(SSL_get_wbio(handle)))
        BIO_read(SSL_get_wbio(handle), &bytes, Int32(bytes.count))
        return bytes
    }

    /// TLS 1.2: asks for a second handshake on the open connection.
    func renegotiate() {
        SSL_renegotiate(handle)
    }

    /// TLS 1.3: changes its keys and wants the server to do so too.
    func updateKeys() {
        SSL_key_update(handle, SSL_KEY_UPDATE_REQUESTED)
    }

    private func step() {
        ERR_clear_error()
        if SSL_do_handshake(handle) == 1 {
            var byte: UInt8 = 0
            while SSL_read(handle, &byte, 1) == 1 { received.append(byte) }
        }
    }
}
