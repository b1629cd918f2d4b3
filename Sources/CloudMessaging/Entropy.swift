/// The one source of randomness of a process: the same seed gives the same draws (SplitMix64).
///
/// Not for secrets on an open network: device tokens of a relay on loopback are drawn from it so
/// that a run can be repeated.
package struct Entropy: RandomNumberGenerator, Hashable, Sendable {
    private var state: UInt64

    package init(seed: UInt64) {
        state = seed
    }

    /// A source for one life of a process, so that a restarted relay with the same seed does not
    /// draw again the tokens that its store already holds.
    package init(seed: UInt64, life: UInt64) {
        var mixer = Entropy(seed: seed)
        state = mixer.next() ^ (life &* 0x9E37_79B9_7F4A_7C15)
    }

    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// A number in 0..<1 with 53 random bits.
    package mutating func nextFraction() -> Double {
        Double(next() >> 11) * 0x1p-53
    }

    /// Random characters of the base64url alphabet, as in registration tokens.
    package mutating func nextBase64URL(count: Int) -> String {
        let letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
        let alphabet = Array((letters + "0123456789-_").utf8)
        return String(unsafeUninitializedCapacity: count) { buffer in
            for index in 0..<count {
                buffer[index] = alphabet[Int(next() & 63)]
            }
            return count
        }
    }

    /// Random upper-case hexadecimal digits, as in stream IDs and resources.
    package mutating func nextHex(count: Int) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        return String(unsafeUninitializedCapacity: count) { buffer in
            for index in 0..<count {
                buffer[index] = digits[Int(next() & 15)]
            }
            return count
        }
    }
}
