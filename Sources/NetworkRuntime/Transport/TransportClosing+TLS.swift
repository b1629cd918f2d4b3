import Nodes
import TLSEngine

extension TransportClosing {
    /// What OpenSSL had against the connection.
    init(_ error: TLSError) {
        // Port checks hang up without a word, many times a minute.
        self =
            if case .truncated = error { .failed(error.description) } else {
                .violated(error.description)
            }
    }
}
