/// The fixed hash that puts a registration token in its lane (design decision 10).
package enum LaneHash {
    /// The lane of a token, by FNV-1a over its UTF-8: 0 ..< `Limits.lanesPerSender`.
    package static func lane(of token: RegistrationToken) -> Int {
        Int(FNV1a.hash(token.text) % UInt64(Limits.lanesPerSender))
    }
}
