import CloudMessaging

/// Tells apart messages that an app gave the same ID: 64 bits instead of the bytes themselves.
struct DataFingerprint: Hashable, Sendable {
    private let hash: UInt64

    /// FNV-1a over the bytes of the JSON text; a repeat carries the same ones (design decision 9).
    init(_ data: DataPayload) {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in data.json {
            hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3
        }
        self.hash = hash
    }
}
