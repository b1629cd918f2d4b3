/// The fixed hash that puts a registration token in its lane (design decision 10).
package enum LaneHash {
    /// FNV-1a over the token's UTF-8, 64 bits.
    package static func fnv1a(_ text: String) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in text.utf8 {
            hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3
        }
        return hash
    }

    /// The lane of a token: 0 ..< `Limits.lanesPerSender`.
    package static func lane(of token: RegistrationToken) -> Int {
        Int(fnv1a(token.text) % UInt64(Limits.lanesPerSender))
    }
}
