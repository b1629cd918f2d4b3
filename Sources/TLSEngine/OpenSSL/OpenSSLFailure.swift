internal import COpenSSL

/// What OpenSSL left in this thread's error queue.
///
/// The queue belongs to the thread, and one thread serves many connections: it is cleared before
/// each call whose failure is read afterwards, and emptied by reading.
struct OpenSSLFailure: Equatable {
    /// `ERR_LIB_SSL` and its sisters; 0 when the queue was empty.
    let library: Int32
    let reason: Int32

    static func clear() {
        ERR_clear_error()
    }

    /// Empties the queue. A failure inside a lower library is reported by each layer it passes
    /// through; the protocol's own entry says most, so that one wins over the others.
    static func take() -> OpenSSLFailure {
        var chosen = OpenSSLFailure(library: 0, reason: 0)
        while true {
            let code = ERR_get_error()
            guard code != 0 else { return chosen }
            let entry = OpenSSLFailure(library: ERR_GET_LIB(code), reason: ERR_GET_REASON(code))
            if chosen.library == 0 || (chosen.library != ERR_LIB_SSL && entry.isTLS) {
                chosen = entry
            }
        }
    }

    var isTLS: Bool { library == ERR_LIB_SSL }

    /// OpenSSL's own words, for what nothing better is known about.
    var text: String {
        let code = UInt(library) << 23 | UInt(reason)
        guard let text = ERR_reason_error_string(code) else { return "no reason given" }
        return String(cString: text)
    }

    /// The alert with which the peer ended the connection, if that is what happened.
    var alert: TLSAlert? {
        // OpenSSL reports a received alert as reason 1000 + its number (RFC 8446 §6).
        guard isTLS, (1000..<1256).contains(reason) else { return nil }
        return TLSAlert(code: UInt8(reason - 1000))
    }
}
