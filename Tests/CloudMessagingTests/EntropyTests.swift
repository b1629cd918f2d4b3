import CloudMessaging
import Testing

@Suite("Hashes and draws that every run repeats")
struct EntropyTests {
    @Test(
        "FNV-1a gives its published values",
        arguments: [
            ("", 0xCBF2_9CE4_8422_2325), ("a", 0xAF63_DC4C_8601_EC8C),
            ("b", 0xAF63_DF4C_8601_F1A5), ("foobar", 0x8594_4171_F739_67E8),
        ] as [(String, UInt64)])
    func fnv(text: String, hash: UInt64) {
        #expect(FNV1a.hash(text) == hash)
    }

    @Test("A lane follows from the token's bytes, and tokens spread over all lanes")
    func lanes() {
        #expect(LaneHash.lane(of: RegistrationToken("foobar")) == 8)
        #expect(
            FNV1a.hash("caf\u{E9}") != FNV1a.hash("cafe\u{301}"))
        let lanes = (0..<400).map { LaneHash.lane(of: RegistrationToken("token-\($0)")) }
        #expect(Set(lanes) == Set(0..<Limits.lanesPerSender))
    }

    @Test("SplitMix64 gives its published values")
    func splitMix() {
        var entropy = Entropy(seed: 1_234_567)
        #expect(entropy.next() == 6_457_827_717_110_365_317)
        #expect(entropy.next() == 3_203_168_211_198_807_973)
        #expect(entropy.next() == 9_817_491_932_198_370_423)
    }

    @Test("The same seed draws the same; another life of it draws other things")
    func lives() {
        func draw(_ life: UInt64) -> String {
            var entropy = Entropy(seed: 7, life: life)
            return entropy.nextBase64URL(count: 40) + entropy.nextHex(count: 8)
        }
        #expect(draw(1) == draw(1))
        #expect(draw(1) != draw(2))
    }

    @Test("Fractions and characters stay within their range")
    func ranges() {
        var entropy = Entropy(seed: 3)
        for _ in 0..<1_000 {
            let fraction = entropy.nextFraction()
            #expect(fraction >= 0 && fraction < 1)
        }
        let text = entropy.nextBase64URL(count: 1_000)
        #expect(text.utf8.count == 1_000 && Set(text.utf8).count == 64)
        #expect(entropy.nextHex(count: 8).utf8.count == 8)
        #expect(entropy.nextBase64URL(count: 0) == "")
    }

    @Test("Every error has its name on the wire", arguments: UpstreamError.allCases)
    func errorNames(error: UpstreamError) {
        #expect(UpstreamError(wireName: error.androidName) == error)
        #expect(UpstreamError(wireName: error.androidName + "x") == nil)
    }
}
