import CloudMessaging

extension GCMAppServer {
    /// The keys and values of an upstream message, in the order in which the app sent them.
    ///
    /// Swift takes strings for equal that differ in their bytes, such as an "é" composed and
    /// decomposed. They are different keys to the protocol, so compare by bytes where that matters:
    /// ``subscript(_:)`` does.
    public struct UpstreamData: Hashable, Sendable {
        private let payload: DataPayload

        init(_ payload: DataPayload) {
            self.payload = payload
        }

        /// The JSON object as it came, byte by byte, in UTF-8.
        public var json: [UInt8] { payload.json }

        /// The pairs in their order, with the very bytes that were sent; read from the JSON on each
        /// call. What is not a string of Unicode text stands in ``json`` only.
        public var pairs: [(key: String, value: String)] {
            json.withUnsafeBufferPointer { bytes in
                var pairs: [(key: String, value: String)] = []
                var scanner = JSONScanner(bytes)
                try? scanner.scanObject { key, value in
                    guard value.kind == .string, let key = JSONStrings.decode(key, in: bytes),
                        let value = JSONStrings.decode(value, in: bytes)
                    else { return }
                    pairs.append((key, value))
                }
                return pairs
            }
        }

        /// The pairs as a dictionary. Of keys that Swift takes for equal the last one wins.
        public var dictionary: [String: String] {
            Dictionary(pairs.map { ($0.key, $0.value) }) { $1 }
        }

        /// The value of the key with these very bytes; the last one if there are several.
        public subscript(key: String) -> String? {
            pairs.last { $0.key.hasSameBytes(as: key) }?.value
        }
    }
}
