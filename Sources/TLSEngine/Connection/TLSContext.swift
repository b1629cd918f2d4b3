internal import COpenSSL

/// What all TLS connections of one server, or of one kind of client, have in common.
///
/// TLS 1.2 and 1.3, no renegotiation, no session resumption (each connection does a full
/// handshake; tickets would only be ballast).
///
/// Unchecked: an `SSL_CTX` is not changed after `init`, and making connections from it is
/// thread-safe by OpenSSL's contract.
package final class TLSContext: @unchecked Sendable {
    /// The other end of this context's connections.
    let peer: TLSPeer
    let handle: OpaquePointer

    /// For servers that present this identity. Clients are not asked for certificates.
    package init(
        server identity: ServerIdentity, highestVersion: TLSVersion = .tls13
    ) throws(TrustError) {
        peer = .client
        handle = Self.makeHandle(TLS_server_method(), highestVersion: highestVersion)
        OpenSSLFailure.clear()
        let chain = identity.chain
        guard SSL_CTX_use_certificate(handle, chain[0].handle) == 1,
            SSL_CTX_use_PrivateKey(handle, identity.key.handle) == 1,
            chain.dropFirst().allSatisfy({ shim_SSL_CTX_add1_chain_cert(handle, $0.handle) == 1 })
        else {
            // For instance a key that this system's policy finds too short.
            throw .openSSL(
                doing: "loading the server's certificate", reason: OpenSSLFailure.take().text)
        }
    }

    /// For clients that trust the CAs in a PEM file, and no others: not even the system's.
    ///
    /// - Parameter verificationTime: Unix seconds at which certificates are judged; nil is now.
    package init(
        clientTrusting caFile: String, verificationTime: Int64? = nil,
        highestVersion: TLSVersion = .tls13
    ) throws(TrustError) {
        let authorities = try Certificate.readAll(pem: TrustFile.read(caFile), path: caFile)
        peer = .server
        handle = Self.makeHandle(TLS_client_method(), highestVersion: highestVersion)
        let store = SSL_CTX_get_cert_store(handle)
        for authority in authorities {
            X509_STORE_add_cert(store, authority.handle)
        }
        let parameters = SSL_CTX_get0_param(handle)
        // As strict as the strictest known client (Python 3.13), so that what our clients accept
        // is accepted everywhere.
        X509_VERIFY_PARAM_set_flags(parameters, UInt(X509_V_FLAG_X509_STRICT))
        if let verificationTime {
            X509_VERIFY_PARAM_set_time(parameters, time_t(verificationTime))
        }
        SSL_CTX_set_verify(handle, SSL_VERIFY_PEER, TLSConnection.noteRefusedCertificate)
    }

    deinit {
        SSL_CTX_free(handle)
    }

    private static func makeHandle(
        _ method: OpaquePointer?, highestVersion: TLSVersion
    ) -> OpaquePointer {
        guard let handle = SSL_CTX_new(method) else {
            preconditionFailure("OpenSSL cannot be set up: \(OpenSSLFailure.take().text)")
        }
        _ = shim_SSL_CTX_set_min_proto_version(handle, TLS1_2_VERSION)
        _ = shim_SSL_CTX_set_max_proto_version(handle, highestVersion.code)
        SSL_CTX_set_options(
            handle,
            shim_SSL_OP_NO_RENEGOTIATION() | shim_SSL_OP_NO_TICKET() | shim_SSL_OP_NO_COMPRESSION())
        SSL_CTX_set_num_tickets(handle, 0)
        shim_SSL_CTX_set_session_cache_mode(handle, SSL_SESS_CACHE_OFF)
        // An idle connection gives its record buffers back: 20 KB instead of 38.
        shim_SSL_CTX_set_mode(
            handle,
            UInt32(SSL_MODE_ENABLE_PARTIAL_WRITE) | UInt32(SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER)
                | UInt32(SSL_MODE_RELEASE_BUFFERS))
        return handle
    }
}

/// The versions in use; TLS 1.1 and older are refused.
package enum TLSVersion: Sendable {
    case tls12
    case tls13

    var code: Int32 {
        switch self {
        case .tls12: TLS1_2_VERSION
        case .tls13: TLS1_3_VERSION
        }
    }
}
