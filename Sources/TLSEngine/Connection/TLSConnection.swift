internal import COpenSSL

/// One TLS connection, either side, as bytes in and bytes out: it knows no socket, clock or thread.
///
/// Used by one thread at a time. The owner feeds it what the socket gave (`receive`), and after
/// **every** call, failed ones included, writes what `takeCiphertext` gives: handshake steps,
/// alerts and key updates come up anywhere.
package final class TLSConnection {
    package enum Role: Equatable, Sendable {
        case server
        /// Verifies the server's certificate, always, against the context's CAs and this host name
        /// or IP address (the name also goes into the SNI).
        case client(hostName: String)
    }

    package enum State: Equatable, Sendable {
        case handshaking
        case open
        /// Our close_notify is out; the peer may still send.
        case closing
        /// The peer's close_notify has come; we may still send.
        case peerClosed
        case closed
        case failed(TLSError)
    }

    package private(set) var state = State.handshaking

    /// Stays true once it is.
    package private(set) var handshakeCompleted = false

    /// The context must outlive the handle; OpenSSL counts references, this says so.
    private let context: TLSContext
    private let role: Role
    private let handle: OpaquePointer
    private var incoming: OpaquePointer { SSL_get_rbio(handle) }
    private var outgoing: OpaquePointer { SSL_get_wbio(handle) }

    private var opening = OpeningBytes()
    private var refusedCertificate: Certificate?

    /// - Parameter role: must fit the context.
    /// - Throws: `.invalidHostName`.
    package init(context: TLSContext, role: Role) throws(TLSError) {
        precondition(
            (role == .server) == (context.peer == .client), "the context is another side's")
        let name = try Self.serverName(of: role)
        guard let handle = SSL_new(context.handle) else {
            preconditionFailure("OpenSSL is out of memory")
        }
        self.context = context
        self.role = role
        self.handle = handle
        // The handle owns both from here.
        SSL_set_bio(handle, MemoryBIO.make(), MemoryBIO.make())
        if let name {
            SSL_set_connect_state(handle)
            expect(name)
        } else {
            SSL_set_accept_state(handle)
        }
    }

    deinit {
        SSL_free(handle)
    }

    // MARK: - What is known

    /// The peer said that it is done: nothing it sent is missing.
    package var receivedCloseNotify: Bool {
        SSL_get_shutdown(handle) & SSL_RECEIVED_SHUTDOWN != 0
    }

    /// "TLSv1.3"; meaningful once the handshake is complete.
    package var protocolVersion: String { String(cString: SSL_get_version(handle)) }

    /// "TLS_AES_256_GCM_SHA384"; nil before the handshake is complete.
    package var cipherSuite: String? {
        SSL_get_current_cipher(handle).flatMap(SSL_CIPHER_get_name).map(String.init(cString:))
    }

    // MARK: - Events

    /// The TCP connection is there: a client makes its hello, a server waits.
    package func start() throws(TLSError) {
        guard state == .handshaking, role != .server else { return }
        try continueHandshake()
    }

    /// Bytes came from the peer, in any fragmentation.
    ///
    /// - Parameter plaintext: is given the decrypted bytes, in order, in pieces of up to 16 KiB, and
    ///   may call `send` and `shutdown`; the memory is valid until it returns. What was
    ///   decrypted before an error is handed over before the error is thrown.
    /// - Throws: once; later bytes are ignored, as are those after the peer's close_notify.
    package func receive(
        _ ciphertext: UnsafeRawBufferPointer, plaintext: (UnsafeRawBufferPointer) -> Void
    ) throws(TLSError) {
        if !handshakeCompleted { try look(at: ciphertext) }
        var rest = ciphertext[...]
        while !rest.isEmpty, isReceiving {
            // In slices, because the buffer in OpenSSL keeps the size it once had.
            let slice = UnsafeRawBufferPointer(rebasing: rest.prefix(Self.recordLength))
            rest = rest.dropFirst(slice.count)
            BIO_write(incoming, slice.baseAddress, Int32(slice.count))
            try advance(plaintext)
        }
    }

    /// The TCP connection ended, in that direction at least.
    ///
    /// - Throws: `.truncated`, unless close_notify came or we had said goodbye ourselves.
    package func receiveEndOfStream() throws(TLSError) {
        switch state {
        case .handshaking: try fail(.truncated(by: context.peer, duringHandshake: true))
        case .open: try fail(.truncated(by: context.peer, duringHandshake: false))
        case .closing, .peerClosed: state = .closed
        case .closed, .failed: break
        }
    }

    /// Encrypts into records of up to 16 KiB: gather what belongs together before the call, since
    /// each record has its price.
    ///
    /// - Throws: `.notOpen` before the handshake is complete and after `shutdown`.
    package func send(_ plaintext: UnsafeRawBufferPointer) throws(TLSError) {
        guard state == .open || state == .peerClosed else { throw .notOpen }
        var rest = plaintext[...]
        while !rest.isEmpty {
            let slice = UnsafeRawBufferPointer(rebasing: rest.prefix(Self.recordLength))
            OpenSSLFailure.clear()
            let written = SSL_write(handle, slice.baseAddress, Int32(slice.count))
            guard written > 0 else { try failWithReason() }
            rest = rest.dropFirst(Int(written))
        }
    }

    /// Says goodbye with a close_notify. During the handshake there is nothing to say.
    package func shutdown() {
        switch state {
        case .handshaking: state = .closed
        case .open: sayGoodbye(then: .closing)
        case .peerClosed: sayGoodbye(then: .closed)
        case .closing, .closed, .failed: break
        }
    }

    // MARK: - Bytes for the peer

    /// How many bytes `takeCiphertext` has for the peer.
    package var pendingCiphertext: Int { BIO_ctrl_pending(outgoing) }

    /// Moves bytes for the peer into a buffer and returns their number.
    package func takeCiphertext(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        let count = min(buffer.count, pendingCiphertext)
        guard count > 0 else { return 0 }
        let taken = Int(BIO_read(outgoing, buffer.baseAddress, Int32(count)))
        if taken > Self.longestKeptBuffer {
            SSL_set0_wbio(handle, MemoryBIO.make())
        }
        return taken
    }

    /// All bytes for the peer.
    package func takeCiphertext() -> [UInt8] {
        let count = pendingCiphertext
        return [UInt8](unsafeUninitializedCapacity: count) { buffer, taken in
            taken = takeCiphertext(into: UnsafeMutableRawBufferPointer(buffer))
        }
    }
}

// MARK: - Inside

extension TLSConnection {
    /// The longest plaintext of a record (RFC 8446 §5.1).
    private static let recordLength = 1 << 14
    /// A bigger output buffer is given back after a burst instead of being kept for the next.
    private static let longestKeptBuffer = 1 << 16

    private var isReceiving: Bool {
        switch state {
        case .handshaking, .open, .closing: true
        case .peerClosed, .closed, .failed: false
        }
    }

    private static func serverName(of role: Role) throws(TLSError) -> ServerName? {
        guard case .client(let text) = role else { return nil }
        guard let name = ServerName(text) else { throw .invalidHostName(text) }
        return name
    }

    /// Makes verification ask for this name. A failure must not leave it unasked.
    private func expect(_ name: ServerName) {
        let parameters = SSL_get0_param(handle)
        let accepted: Int32
        switch name {
        case .address(let address):
            accepted = X509_VERIFY_PARAM_set1_ip_asc(parameters, address)
        case .host(let host):
            X509_VERIFY_PARAM_set_hostflags(
                parameters,
                // Names are the alternative names only (RFC 9525 §2), never the subject.
                UInt32(X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS | X509_CHECK_FLAG_NEVER_CHECK_SUBJECT))
            accepted =
                X509_VERIFY_PARAM_set1_host(parameters, host, host.utf8.count)
                & shim_SSL_set_tlsext_host_name(handle, host)
        }
        precondition(accepted == 1, "OpenSSL refuses the server name \(name.text)")
        // How `noteRefusedCertificate` finds the way back.
        SSL_set_ex_data(handle, 0, Unmanaged.passUnretained(self).toOpaque())
    }

    /// OpenSSL's callback for each certificate of the peer. It decides nothing, but keeps the one
    /// at fault: afterwards it is gone, and its names and dates make a better message.
    static let noteRefusedCertificate: @convention(c) (Int32, OpaquePointer?) -> Int32 = {
        accepted, verification in
        if accepted == 0,
            let handle = X509_STORE_CTX_get_ex_data(
                verification, SSL_get_ex_data_X509_STORE_CTX_idx()),
            let owner = SSL_get_ex_data(OpaquePointer(handle), 0),
            let certificate = X509_STORE_CTX_get_current_cert(verification)
        {
            X509_up_ref(certificate)
            let connection = Unmanaged<TLSConnection>.fromOpaque(owner).takeUnretainedValue()
            connection.refusedCertificate = Certificate(owning: certificate)
        }
        return accepted
    }

    /// Finds text where TLS should be before OpenSSL does, which would say "wrong version number".
    private func look(at ciphertext: UnsafeRawBufferPointer) throws(TLSError) {
        guard state == .handshaking, !opening.isComplete,
            let text = opening.append(ciphertext)
        else { return }
        if context.peer == .client {
            // What the real service's clients report: an alert, first byte 0x15. A fatal
            // unexpected_message in a TLS 1.0 record is understood by every version.
            BIO_write(outgoing, [21, 3, 1, 0, 2, 2, 10] as [UInt8], 7)
        }
        try fail(.plainText(from: context.peer, beginning: text))
    }

    private func advance(_ plaintext: (UnsafeRawBufferPointer) -> Void) throws(TLSError) {
        if state == .handshaking {
            try continueHandshake()
        }
        // The first data may have come along with the end of the handshake.
        if handshakeCompleted {
            try decrypt(plaintext)
        }
    }

    private func continueHandshake() throws(TLSError) {
        OpenSSLFailure.clear()
        let result = SSL_do_handshake(handle)
        if result == 1 {
            state = .open
            handshakeCompleted = true
            opening = OpeningBytes()
        } else if SSL_get_error(handle, result) != SSL_ERROR_WANT_READ {
            try failWithReason()
        }
    }

    /// Reads until OpenSSL wants more: one TCP read may hold many records.
    private func decrypt(_ plaintext: (UnsafeRawBufferPointer) -> Void) throws(TLSError) {
        let failure: TLSError? = withUnsafeTemporaryAllocation(
            byteCount: Self.recordLength, alignment: 1
        ) { buffer in
            while isReceiving {
                let (count, end) = fill(buffer)
                if count > 0 {
                    plaintext(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
                }
                switch end {
                case .bufferFull: continue
                case .moreNeeded: return nil
                case .closeNotify: noteCloseNotify()
                case .failure(let error): return error
                }
            }
            return nil
        }
        if let failure { try fail(failure) }
    }

    /// Why no more was read for now.
    private enum ReadEnd {
        case bufferFull
        case moreNeeded
        case closeNotify
        case failure(TLSError)
    }

    /// Reads records until the buffer is full or nothing more comes. Says why before anything else
    /// happens: the error queue is this thread's, and plaintext handed over may cause other calls.
    private func fill(_ buffer: UnsafeMutableRawBufferPointer) -> (count: Int, end: ReadEnd) {
        var filled = 0
        while filled < buffer.count {
            OpenSSLFailure.clear()
            let room = UnsafeMutableRawBufferPointer(rebasing: buffer[filled...])
            let count = SSL_read(handle, room.baseAddress, Int32(room.count))
            if count > 0 {
                filled += Int(count)
                continue
            }
            switch SSL_get_error(handle, count) {
            case SSL_ERROR_WANT_READ: return (filled, .moreNeeded)
            case SSL_ERROR_ZERO_RETURN: return (filled, .closeNotify)
            default: return (filled, .failure(reason(for: OpenSSLFailure.take())))
            }
        }
        return (filled, .bufferFull)
    }

    private func noteCloseNotify() {
        state = state == .closing ? .closed : .peerClosed
    }

    private func sayGoodbye(then next: State) {
        OpenSSLFailure.clear()
        SSL_shutdown(handle)
        state = next
    }

    private func fail(_ error: TLSError) throws(TLSError) -> Never {
        state = .failed(error)
        throw error
    }

    /// Called right after the OpenSSL call that failed: its error queue says why.
    private func failWithReason() throws(TLSError) -> Never {
        try fail(reason(for: OpenSSLFailure.take()))
    }

    private func reason(for failure: OpenSSLFailure) -> TLSError {
        let peer = context.peer
        if let alert = failure.alert { return .alert(alert, from: peer) }
        guard failure.isTLS else { return .protocolViolation(by: peer, reason: failure.text) }
        switch failure.reason {
        case SSL_R_CERTIFICATE_VERIFY_FAILED:
            guard case .client(let name) = role else { break }
            return .certificate(
                CertificateProblem(
                    code: SSL_get_verify_result(handle), certificate: refusedCertificate,
                    name: name))
        case SSL_R_UNSUPPORTED_PROTOCOL, SSL_R_VERSION_TOO_LOW:
            return .outdatedProtocol(from: peer, offered: opening.outdatedVersion)
        case SSL_R_NO_SHARED_CIPHER: return .noCommonCipher(from: peer)
        case SSL_R_WRONG_VERSION_NUMBER where !handshakeCompleted: return .notTLS(from: peer)
        default: break
        }
        return .protocolViolation(by: peer, reason: failure.text)
    }
}
